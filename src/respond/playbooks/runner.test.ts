import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { StateStore } from '#store/state-store.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';

import { ACTION_KINDS, type ActionKind } from './action-kinds.ts';
import type { Answer, Order, PlaybookAction } from './actions.ts';
import { EXTENSIONS } from './extensions.ts';
import type { JournalEntry } from './journal.ts';
import type { Playbook } from './model.ts';
import { createRunner, type Runner, type StartRequest } from './runner.ts';
import { automatic, makePlaybook, manual, stepId } from './testing/make-playbook.ts';

const START = stepId('start', 1);
const END = stepId('end', 9);
const [ONE, TWO, THREE, FOUR] = [2, 3, 4, 5].map((number) => stepId('action', number)) as [
  string,
  string,
  string,
  string,
];
const end = { type: 'end' };
const START_MS = Date.UTC(2026, 0, 1);

let folder: string;
let state: StateStore;
let nowMs: number;
let orders: Order[];
let undone: string[];
let isStopped: boolean;
/** What the next order of an action is answered with; done, if nothing is said. */
let answers: Record<string, ((order: Order) => Answer | Promise<Answer>)[]>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-playbooks-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  nowMs = START_MS;
  orders = [];
  undone = [];
  answers = {};
  isStopped = false;
});
afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

const scripted = (kind: ActionKind): PlaybookAction => ({
  kind,
  async perform(order) {
    orders.push(order);
    return (await answers[kind.name]?.shift()?.(order)) ?? { state: 'done' };
  },
  find: async () => undefined,
  undo: async ({ key }) => {
    undone.push(key);
    return { state: 'done' };
  },
});
const newRunner = (): Runner =>
  createRunner({
    state,
    evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
    actions: new Map([...ACTION_KINDS.values()].map((kind) => [kind.name, scripted(kind)])),
    clock: () => nowMs,
    isStopped: () => isStopped,
  });
const begin = async (playbook: Playbook, more: Partial<StartRequest> = {}) => {
  const runner = newRunner();
  const run = await runner.start({ playbook, actor: 'cli', ...more });
  return { runner, id: run.id, run: await runner.advance(run.id) };
};
const given = () => orders.map(({ action, given: values }) => `${action} ${Object.values(values).join(' ')}`);
const failed = (problem: string, isCertain = true): Answer => ({ state: 'failed', problem, isCertain });
type Members = Readonly<Record<string, unknown>>;
const notify = (message: string, more: Members = {}, extension: Members = {}) =>
  automatic('notify', { message }, { on_completion: END, ...more }, extension);

describe('a run', () => {
  test('gives its orders in turn, with their values, and each step has its leaf', async () => {
    const playbook = makePlaybook(
      {
        [START]: { type: 'start', on_completion: ONE },
        [ONE]: automatic('block', { address: '__address__:value', for_seconds: '60' }, { on_completion: TWO }),
        [TWO]: notify('blocked __address__:value'),
        [END]: end,
      },
      { playbook_variables: { __address__: { type: 'ipv4-addr', external: true } } },
    );
    const { run } = await begin(playbook, { given: { __address__: '203.0.113.9' } });
    expect(run.state).toBe('succeeded');
    expect(given()).toEqual(['block 203.0.113.9 60', 'notify blocked 203.0.113.9']);
    const leaves = await state.evidence.read(0, 100);
    const journal = await state.playbooks.journal(run.id);
    expect(leaves.map(({ kind }) => kind)).toEqual([
      'playbook.started',
      ...journal.map(() => 'playbook.step'),
      'playbook.ended',
    ]);
    expect(journal.map((entry) => (entry as JournalEntry).kind)).toEqual([
      ...['decided', 'started', 'finished', 'started', 'finished', 'decided'],
    ]);
  });

  test('does not start with values that nobody declared or that do not fit', async () => {
    const playbook = makePlaybook(
      { [START]: { type: 'start', on_completion: ONE }, [ONE]: notify('x'), [END]: end },
      {
        playbook_variables: {
          __address__: { type: 'ipv4-addr', external: true },
          __c__: { type: 'string', value: 'c', constant: true },
        },
      },
    );
    const wrong: readonly Record<string, string>[] = [
      { __address__: '203.0.113.9; reboot' },
      { __other__: '1' },
      { __c__: 'd' },
    ];
    for (const values of wrong)
      await expect(begin(playbook, { given: values })).rejects.toMatchObject({ code: 'BTZ_BODY_INVALID' });
    expect(await state.playbooks.list({ limit: 10 })).toEqual([]);
  });

  test('is not read anew: a value that looks like a variable stays a text', async () => {
    const playbook = makePlaybook(
      { [START]: { type: 'start', on_completion: ONE }, [ONE]: notify('hello __name__:value'), [END]: end },
      { playbook_variables: { __name__: { type: 'string' }, __secret__: { type: 'string', value: 'hidden' } } },
    );
    await begin(playbook, { given: { __name__: '__secret__:value $(reboot)' } });
    expect(given()).toEqual(['notify hello __secret__:value $(reboot)']);
  });

  test('keeps the playbook as it was, and ends where the newer one would not', async () => {
    const playbook = makePlaybook({
      [START]: { type: 'start', on_completion: ONE },
      [ONE]: manual('look', { on_completion: TWO }),
      [TWO]: notify('looked'),
      [END]: end,
    });
    answers['ask'] = [() => ({ state: 'waiting' })];
    const { id, run } = await begin(playbook);
    expect(run).toMatchObject({ state: 'running', wakeMs: nowMs + 1_000 });
    expect((await newRunner().advance(id)).state).toBe('succeeded');
    expect(new Set(orders.map(({ key }) => key)).size).toBe(2);
  });
});

describe('conditions', () => {
  const IF = stepId('if-condition', 10);
  const WHILE = stepId('while-condition', 11);
  const SWITCH = stepId('switch-condition', 12);
  const PARALLEL = stepId('parallel', 13);
  const variables = { playbook_variables: { __kind__: { type: 'string' }, __more__: { type: 'bool', value: 'true' } } };

  test('choose a branch, and the way goes on behind it', async () => {
    const playbook = makePlaybook(
      {
        [START]: { type: 'start', on_completion: IF },
        [IF]: {
          type: 'if-condition',
          condition: "__kind__:value = 'a'",
          on_true: ONE,
          on_false: TWO,
          on_completion: SWITCH,
        },
        [ONE]: notify('a'),
        [TWO]: notify('not a'),
        [SWITCH]: {
          type: 'switch-condition',
          switch: '__kind__:value',
          cases: { b: THREE, default: FOUR },
          on_completion: END,
        },
        [THREE]: notify('b'),
        [FOUR]: notify('other'),
        [END]: end,
      },
      variables,
    );
    await begin(playbook, { given: { __kind__: 'a' } });
    await begin(playbook, { given: { __kind__: 'b' } });
    expect(given()).toEqual(['notify a', 'notify other', 'notify not a', 'notify b']);
  });

  test('repeat until an answer says otherwise, and not for ever', async () => {
    const playbook = makePlaybook(
      {
        [START]: { type: 'start', on_completion: WHILE },
        [WHILE]: {
          type: 'while-condition',
          condition: '__more__:value',
          on_true: ONE,
          on_completion: END,
          step_extensions: { [EXTENSIONS.step]: { max_iterations: 5 } },
        },
        [ONE]: manual('still going on?', { on_completion: END, out_args: ['__more__'] }),
        [END]: end,
      },
      variables,
    );
    const yes = (): Answer => ({ state: 'done', values: { __more__: 'true' } });
    answers['ask'] = [yes, yes, () => ({ state: 'done', values: { __more__: 'false' } })];
    expect((await begin(playbook)).run.state).toBe('succeeded');
    expect(orders).toHaveLength(3);
    answers['ask'] = Array.from({ length: 50 }, () => yes);
    const { run } = await begin(playbook);
    expect(run).toMatchObject({ state: 'failed', problem: 'still true after 5 rounds' });
    expect(orders).toHaveLength(8);
  });

  test('branches of a parallel step run at once, and all end before it goes on', async () => {
    const playbook = makePlaybook({
      [START]: { type: 'start', on_completion: PARALLEL },
      [PARALLEL]: { type: 'parallel', next_steps: [ONE, TWO], on_completion: THREE },
      [ONE]: notify('one'),
      [TWO]: automatic('block', { address: '203.0.113.9' }, { on_completion: END }),
      [THREE]: notify('after'),
      [END]: end,
    });
    let release: () => void = () => undefined;
    answers['notify'] = [() => new Promise((resolve) => (release = () => resolve({ state: 'done' })))];
    answers['block'] = [
      () => {
        release();
        return { state: 'done' };
      },
    ];
    expect((await begin(playbook)).run.state).toBe('succeeded');
    expect(given()).toEqual(['notify one', 'block 203.0.113.9', 'notify after']);
  });

  test('an answer sets only what was asked for, in its type', async () => {
    const playbook = makePlaybook(
      {
        [START]: { type: 'start', on_completion: ONE },
        [ONE]: manual('more?', { on_completion: END, out_args: ['__more__'] }),
        [END]: end,
      },
      variables,
    );
    answers['ask'] = [() => ({ state: 'done', values: { __kind__: 'x' } })];
    expect((await begin(playbook)).run.problem).toContain('not in out_args');
    answers['ask'] = [() => ({ state: 'done', values: { __more__: 'perhaps' } })];
    expect((await begin(playbook)).run.problem).toContain('is no bool');
  });
});

describe('a failure', () => {
  const flow = (first: object, more: object = {}) =>
    makePlaybook({
      [START]: { type: 'start', on_completion: ONE },
      [ONE]: first,
      [TWO]: notify('later'),
      [END]: end,
      ...more,
    });

  test('is tried again after growing pauses, each try under a key of its own, and then given up', async () => {
    const playbook = flow(notify('x', { on_completion: TWO }, { retries: 2, backoff_ms: 1_000 }));
    answers['notify'] = [() => failed('busy'), () => failed('busy'), () => failed('gone')];
    const { runner, id, run } = await begin(playbook);
    expect(run.wakeMs).toBe(START_MS + 1_000);
    expect((await runner.advance(id)).wakeMs).toBe(START_MS + 1_000);
    nowMs += 1_000;
    expect((await runner.advance(id)).wakeMs).toBe(START_MS + 3_000);
    nowMs += 2_000;
    expect(await runner.advance(id)).toMatchObject({ state: 'failed', problem: 'gone' });
    expect(new Set(orders.map(({ key }) => key)).size).toBe(3);
  });

  test('that may have been done is tried again under the same key', async () => {
    answers['notify'] = [() => failed('connection lost', false)];
    const { runner, id } = await begin(flow(notify('x', { on_completion: TWO }, { retries: 1 })));
    nowMs += 1_000;
    expect((await runner.advance(id)).state).toBe('succeeded');
    expect(orders[0]?.key).toBe(orders[1]?.key);
  });

  test('goes where on_failure says', async () => {
    const first = automatic('block', { address: '203.0.113.9' }, { on_success: END, on_failure: TWO });
    answers['block'] = [() => failed('refused by the guard')];
    expect((await begin(flow(first))).run.state).toBe('succeeded');
    expect(given()).toEqual(['block 203.0.113.9', 'notify later']);
  });

  test('takes back what asks for it, last first, keeps the rest, and then the exception is told', async () => {
    const undo = { undo_on_failure: true };
    const block = (address: string, on_completion: string, extension: Members) =>
      automatic('block', { address }, { on_completion }, extension);
    const playbook = makePlaybook(
      {
        [START]: { type: 'start', on_completion: ONE },
        [ONE]: block('203.0.113.1', TWO, undo),
        [TWO]: block('203.0.113.2', THREE, {}),
        [THREE]: block('203.0.113.3', FOUR, undo),
        [FOUR]: notify('x'),
        [stepId('action', 8)]: notify('it went wrong'),
        [END]: end,
      },
      { workflow_exception: stepId('action', 8) },
    );
    answers['notify'] = [() => failed('no channel')];
    const { run } = await begin(playbook);
    expect(run).toMatchObject({ state: 'failed', problem: 'no channel' });
    expect(undone).toEqual([orders[2]?.key, orders[0]?.key]);
    expect(given().at(-1)).toBe('notify it went wrong');
  });

  test('of an answer that never comes ends the waiting', async () => {
    const playbook = flow(manual('agree?', { on_success: END, on_failure: TWO, timeout: 60_000 }));
    answers['ask'] = Array.from({ length: 3 }, () => () => ({ state: 'waiting' }) as const);
    const { runner, id } = await begin(playbook);
    nowMs += 59_000;
    expect((await runner.advance(id)).state).toBe('running');
    nowMs += 1_000;
    expect((await runner.advance(id)).state).toBe('succeeded');
    expect(given().at(-1)).toBe('notify later');
  });
});

describe('the global stop', () => {
  test('lets nothing begin, and everything go on once it is lifted', async () => {
    const playbook = makePlaybook({
      [START]: { type: 'start', on_completion: ONE },
      [ONE]: notify('one', { on_completion: TWO }),
      [TWO]: notify('two'),
      [END]: end,
    });
    answers['notify'] = [
      () => {
        isStopped = true;
        return { state: 'done' };
      },
    ];
    const { runner, id, run } = await begin(playbook);
    expect(run.state).toBe('running');
    expect(given()).toEqual(['notify one']);
    isStopped = false;
    nowMs += 1_000;
    expect((await runner.advance(id)).state).toBe('succeeded');
    expect(given()).toEqual(['notify one', 'notify two']);
  });
});

test('two workers on one run: one goes on, and nothing is done twice', async () => {
  const playbook = makePlaybook({
    [START]: { type: 'start', on_completion: ONE },
    [ONE]: notify('one', { on_completion: TWO }),
    [TWO]: notify('two'),
    [END]: end,
  });
  const run = await newRunner().start({ playbook, actor: 'cli' });
  const both = await Promise.allSettled([newRunner().advance(run.id), newRunner().advance(run.id)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(given()).toEqual(['notify one', 'notify two']);
});

test('a worker takes what is due, and leaves alone what another has', async () => {
  const playbook = makePlaybook({
    [START]: { type: 'start', on_completion: ONE },
    [ONE]: notify('one', { delay: 5_000 }),
    [END]: end,
  });
  const one = newRunner();
  const { id } = await one.start({ playbook, actor: 'cli' });
  expect(await one.tick('one')).toBe(1);
  expect(await one.tick('one')).toBe(0);
  nowMs += 5_000;
  expect(await newRunner().tick('other')).toBe(0);
  expect(await one.tick('one')).toBe(1);
  expect((await state.playbooks.find(id))?.state).toBe('succeeded');
  expect(given()).toEqual(['notify one']);
});

test('a called playbook sees what is passed to it, and gives back what is asked of it', async () => {
  const CALL = stepId('playbook-action', 20);
  const inner = makePlaybook(
    {
      [START]: { type: 'start', on_completion: ONE },
      [ONE]: manual('who is __name__:value?', { on_completion: END, out_args: ['__owner__'] }),
      [END]: end,
    },
    {
      id: stepId('playbook', 2),
      playbook_variables: { __name__: { type: 'string' }, __owner__: { type: 'string' }, __own__: { type: 'string' } },
    },
  );
  const outer = makePlaybook(
    {
      [START]: { type: 'start', on_completion: CALL },
      [CALL]: {
        type: 'playbook-action',
        playbook_id: inner.id,
        in_args: ['__name__'],
        out_args: ['__owner__'],
        on_completion: ONE,
      },
      [ONE]: notify('told __owner__:value of __own__:value'),
      [END]: end,
    },
    {
      playbook_variables: {
        ...{ __name__: { type: 'string' }, __owner__: { type: 'string' } },
        __own__: { type: 'string', value: 'this' },
      },
    },
  );
  answers['ask'] = [() => ({ state: 'done', values: { __owner__: 'ann' } })];
  await begin(outer, { given: { __name__: 'web-1' }, others: new Map([[inner.id, inner]]) });
  expect(given()).toEqual(['ask who is web-1?', 'notify told ann of this']);
});
