import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';

import type { EvidenceRecorder } from '../decisions.ts';
import type { PlaybookActions } from './actions.ts';
import type { Playbook } from './model.ts';
import { createRunner, type Runner } from './runner.ts';
import { automatic, makePlaybook, manual, stepId } from './testing/make-playbook.ts';
import { recordedKeys, recordingActions } from './testing/recording-action.ts';

const CHILD = fileURLToPath(new URL('testing/die-after.fixture.ts', import.meta.url));
const START = stepId('start', 1);
const END = stepId('end', 9);
const PARALLEL = stepId('parallel', 10);
const IF = stepId('if-condition', 11);
const step = (number: number) => stepId('action', number);
const block = (address: string, on_completion: string) =>
  automatic('block', { address }, { on_completion }, { undo_on_failure: true });

/** Branches, a condition, a question; at its end an action that nobody knows, so that the blocks are taken back. */
const failing = makePlaybook(
  {
    [START]: { type: 'start', on_completion: PARALLEL },
    [PARALLEL]: { type: 'parallel', next_steps: [step(2), step(3)], on_completion: IF },
    [step(2)]: block('203.0.113.1', END),
    [step(3)]: automatic('notify', { message: 'hello' }, { on_completion: END }),
    [IF]: { type: 'if-condition', condition: '1 = 1', on_true: step(4), on_completion: step(5) },
    [step(4)]: manual('look', { on_completion: END }),
    [step(5)]: block('203.0.113.2', step(6)),
    [step(6)]: automatic('explode', {}, { on_completion: END }),
    [step(7)]: automatic('notify', { message: 'it went wrong' }, { on_completion: END }),
    [END]: { type: 'end' },
  },
  { workflow_exception: step(7) },
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'btz-playbook-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each(['write', 'action'])(
  'killed after every %s, a run loses no step and does nothing twice',
  async (when) => {
    const expected = await uninterrupted(failing);
    const path = join(folder, 'killed.db');
    const record = join(folder, 'killed.log');
    const id = await begin(path, failing);
    let lives = 0;
    for (let ended = false; !ended; lives += 1) {
      expect(lives).toBeLessThan(60);
      const child = spawnSync(process.execPath, [CHILD, path, id, record, when], { encoding: 'utf8' });
      // The last write is the end; a life in which nothing was left to do says how it ended.
      ended = child.signal !== 'SIGKILL';
      if (ended) expect(child.stderr).toBe('');
    }
    expect(lives).toBeGreaterThan(5);
    const done = recordedKeys(record);
    expect(new Set(done).size).toBe(done.length);
    expect(withoutRun(done, id).sort()).toEqual(expected);
    const state = await openSqliteStateStore(path);
    expect((await state.playbooks.find(id))?.state).toBe('failed');
    const journal = await state.playbooks.journal(id);
    const leaves = await state.evidence.read(0, 1_000);
    expect(leaves.filter(({ kind }) => kind === 'playbook.step')).toHaveLength(journal.length);
    expect(leaves.at(-1)?.kind).toBe('playbook.ended');
    await state.close();
  },
  60_000,
);

async function uninterrupted(playbook: Playbook): Promise<readonly string[]> {
  const path = join(folder, 'whole.db');
  const record = join(folder, 'whole.log');
  const id = await begin(path, playbook);
  const state = await openSqliteStateStore(path);
  await runnerOn(state, recordingActions(record)).advance(id);
  await state.close();
  return withoutRun(recordedKeys(record), id).sort();
}

async function begin(path: string, playbook: Playbook): Promise<string> {
  const state = await openSqliteStateStore(path);
  const { id } = await runnerOn(state, new Map()).start({ playbook, actor: 'cli' });
  await state.close();
  return id;
}

function runnerOn(state: StateStore, actions: PlaybookActions): Runner {
  const evidence: EvidenceRecorder = { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) };
  return createRunner({ state, evidence, actions, clock: Date.now });
}

function withoutRun(keys: readonly string[], id: string): string[] {
  return keys.map((key) => key.replace(id, ''));
}
