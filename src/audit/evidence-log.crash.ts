/**
 * Records leaves without end, for the tests that kill it: `node evidence-log.crash.ts HOME FIRST`. Sends the number of
 * the last leaf to its parent after each acknowledged batch.
 */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { openSqliteStateStore } from '#store/sqlite/index.ts';

import { openEvidenceLog } from './evidence-log.ts';

const [home = '', first = '0'] = process.argv.slice(2);
const log = await openEvidenceLog({
  state: await openSqliteStateStore(join(home, 'state.db')),
  folder: join(home, 'evidence'),
  keyFile: join(home, 'evidence.key'),
  origin: 'bartizan/crash',
  clock: Date.now,
});
await log.start();
for (let number = Number(first); ; ) {
  const batch = Array.from({ length: 1 + (number % 40) }, () => number++);
  await log.record(
    batch.map((each) => ({ timeMs: each, kind: 'drill.run', actor: 'cli', subject: `${each}`, details: {} })),
  );
  process.send?.(number - 1);
  await setTimeout(2);
}
