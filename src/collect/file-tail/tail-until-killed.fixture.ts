import { openJournal } from '#journal/sqlite/index.ts';
import { intakeOf } from '../journal-intake.fixture.ts';
import { startFileTail } from './index.ts';

/** Tails a file into a journal until it is killed, or told to end by the end of its input. */
const [path = '', journalPath = ''] = process.argv.slice(2);
const journal = openJournal(journalPath);
const tail = startFileTail({ path, format: 'syslog', start: 'beginning', chunkBytes: 4096 }, intakeOf(journal));
process.stdout.write('started\n');
process.stdin.resume().on('end', () => tail.stop().then(() => journal.close()));
