export { type JournaldOptions, startJournald } from './journald.ts';
