export { openJournal } from './journal.ts';
export { openJournalReader } from './reader.ts';
