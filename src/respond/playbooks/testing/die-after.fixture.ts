/**
 * Run by crash.test.ts: carries a run on until it has written once, or done one thing, and is killed there and then.
 * Arguments: database, run, file of what was done, `write` or `action` or `never`.
 */
import { openSqliteStateStore } from '#store/sqlite/index.ts';

import type { Answer, PlaybookAction } from '../actions.ts';
import { createRunner } from '../runner.ts';
import { recordedKeys, recordingActions } from './recording-action.ts';

const [path = '', runId = '', record = '', dieAfter = 'never'] = process.argv.slice(2);
const die = (): void => process.kill(process.pid, 'SIGKILL') && undefined;
const state = await openSqliteStateStore(path);
const dying = (action: PlaybookAction): PlaybookAction => ({
  ...action,
  perform: (order, signal) => dyingOnce(() => action.perform(order, signal)),
  undo: (order, signal) => dyingOnce(async () => (await action.undo?.(order, signal)) ?? { state: 'done' }),
});
/** Only when it did something: what is repeated without effect would be repeated for ever. */
const dyingOnce = async (work: () => Promise<Answer>): Promise<Answer> => {
  const before = recordedKeys(record).length;
  const answer = await work();
  if (dieAfter === 'action' && recordedKeys(record).length > before) die();
  return answer;
};
const runner = createRunner({
  state: {
    ...state,
    async transaction(work) {
      const value = await state.transaction(work);
      if (dieAfter === 'write') die();
      return value;
    },
  },
  evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
  actions: new Map([...recordingActions(record)].map(([name, action]) => [name, dying(action)])),
  clock: Date.now,
});
const run = await runner.advance(runId);
process.stdout.write(run.state);
await state.close();
