/**
 * `node bench/playbooks.ts`: steps of playbooks per second in SQLite, each with its evidence leaf and durable before the
 * next begins; one run alone, and many at once.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { ACTION_KINDS, createRunner, type PlaybookActions } from '../src/respond/playbooks/index.ts';
import { automatic, makePlaybook, stepId } from '../src/respond/playbooks/testing/make-playbook.ts';
import { openSqliteStateStore } from '../src/store/sqlite/index.ts';

const STEPS = 10;
const RUNS_AT_ONCE = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'btz-bench-playbooks-'));
const state = await openSqliteStateStore(join(folder, 'state.db'));
const actions: PlaybookActions = new Map(
  [...ACTION_KINDS.values()].map((kind) => [kind.name, { kind, perform: async () => ({ state: 'done' }) }]),
);
const runner = createRunner({
  state,
  evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
  actions,
  clock: Date.now,
});
const ids = Array.from({ length: STEPS }, (_, place) => stepId('action', place + 10));
const end = stepId('end', 9);
const playbook = makePlaybook({
  [stepId('start', 1)]: { type: 'start', on_completion: ids[0] },
  ...Object.fromEntries(
    ids.map((id, place) => [id, automatic('notify', { message: 'hello' }, { on_completion: ids[place + 1] ?? end })]),
  ),
  [end]: { type: 'end' },
});

const alone = await medianRate(1, 9);
const atOnce = await medianRate(RUNS_AT_ONCE, 5);
await state.close();
rmSync(folder, { recursive: true, force: true });
console.log(
  JSON.stringify({
    stepsPerSecond: { oneRun: alone, [`${RUNS_AT_ONCE}RunsAtOnce`]: atOnce },
    machine: `${cpus().length} × ${cpus()[0]?.model}`,
  }),
);

async function medianRate(runs: number, times: number): Promise<number> {
  const rates: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const started = await Promise.all(Array.from({ length: runs }, () => runner.start({ playbook, actor: 'cli' })));
    const startedMs = performance.now();
    const ended = await Promise.all(started.map(({ id }) => runner.advance(id)));
    if (ended.some((run) => run.state !== 'succeeded')) throw new Error('a run did not succeed');
    rates.push((runs * STEPS * 1_000) / (performance.now() - startedMs));
  }
  return Math.round(rates.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0);
}
