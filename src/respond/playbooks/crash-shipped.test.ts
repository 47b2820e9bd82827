import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';

import { findPlaybooks, latestById } from './folder.ts';
import type { Playbook } from './model.ts';
import { createRunner } from './runner.ts';
import { recordedKeys, recordingActions } from './testing/recording-action.ts';

/** Each shipped playbook, cut off behind every write. Processes that are really killed are in crash.test.ts. */
const FOLDER = fileURLToPath(new URL('../../../content/playbooks', import.meta.url));
const all = latestById(findPlaybooks([FOLDER]).flatMap(({ playbook }) => playbook ?? []));
const CUT = new Error('cut off behind a write');
const GIVEN = { __src_ip__: '203.0.113.9' };
/** The worst is true, so that the way is long; loops end after a round. */
const ANSWERS = {
  ...{ __continues__: 'true', __range__: '203.0.113.0/24', __succeeded__: 'true', __account__: 'root' },
  ...{ __used__: 'true', __personal__: 'true', __spread__: 'many', __verdict__: 'altered' },
  ...{ __others_left__: 'false', __more__: 'false' },
};

let folder: string;
let state: StateStore;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-playbook-cuts-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
});
afterAll(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

describe.each([...all.values()].map((playbook) => [playbook.name, playbook] as const))('%s', (name, playbook) => {
  test('cut off behind every write, loses no step and does nothing twice', async () => {
    const whole = await runCutOff(playbook, join(folder, `${name}-whole`), 1_000);
    const cut = await runCutOff(playbook, join(folder, `${name}-cut`), 1);
    expect(whole.lives).toBe(1);
    expect(cut.lives).toBeGreaterThan(4);
    expect(new Set(cut.done).size).toBe(cut.done.length);
    expect([...cut.done].sort()).toEqual([...whole.done].sort());
    expect(cut.state).toBe('succeeded');
  });
});

/** Lives of so many writes, until it has ended. */
async function runCutOff(playbook: Playbook, record: string, writesPerLife: number) {
  const given = Object.fromEntries(Object.entries(GIVEN).filter(([key]) => playbook.playbook_variables?.[key]));
  const newRunner = (writes: number) =>
    createRunner({ state: cutting(writes), evidence, actions: recordingActions(record, ANSWERS), clock: () => 1 });
  const evidence = { record: (...[leaves, queries = state]: Parameters<Record>) => queries.evidence.append(leaves) };
  const { id } = await newRunner(1_000).start({ playbook, others: all, given, actor: 'cli' });
  let lives = 0;
  for (let ended = false; !ended && lives < 200; lives += 1)
    ended = await newRunner(writesPerLife)
      .advance(id)
      .then(
        () => true,
        (thrown) => thrown !== CUT,
      );
  const run = await state.playbooks.find(id);
  return { lives, state: run?.state, done: recordedKeys(record).map((key) => key.replace(id, '')) };
}

type Record = NonNullable<Parameters<typeof createRunner>[0]['evidence']['record']>;

function cutting(writes: number): StateStore {
  let left = writes;
  return {
    ...state,
    async transaction(work) {
      const value = await state.transaction(work);
      left -= 1;
      if (left <= 0) throw CUT;
      return value;
    },
  };
}
