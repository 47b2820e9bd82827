import { openPostgresStateStore } from './index.ts';

/** Claims a database and writes to it ten times a second until it is killed; prints what becomes of both. */
const [url = ''] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const store = await openPostgresStateStore(url, {
  holder: 'the first one',
  renewEveryMs: 100,
  lapsesAfterMs: 3_000,
  onTaken: ({ code }) => say(`taken ${code}`),
});
say('claimed');
let count = 0;
setInterval(async () => {
  try {
    await store.settings.set('first', count++, 1);
  } catch (thrown) {
    say(`refused ${(thrown as { code?: string }).code}`);
  }
}, 100);
