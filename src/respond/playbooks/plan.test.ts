import { expect, test } from 'vitest';

import { ACTION_KINDS } from './action-kinds.ts';
import type { PlaybookActions } from './actions.ts';
import { planRun } from './plan.ts';
import { automatic, makePlaybook, manual, stepId } from './testing/make-playbook.ts';

const START = stepId('start', 1);
const IF = stepId('if-condition', 2);
const END = stepId('end', 9);
const playbook = makePlaybook(
  {
    [START]: { type: 'start', on_completion: IF },
    [IF]: {
      type: 'if-condition',
      condition: "__kind__:value = 'a'",
      on_true: stepId('action', 3),
      on_false: stepId('action', 4),
      on_completion: stepId('action', 5),
    },
    [stepId('action', 3)]: automatic('block', { address: '__from__:value' }, { on_completion: END }),
    [stepId('action', 4)]: automatic('block', { address: '__later__:value' }, { on_completion: END }),
    [stepId('action', 5)]: manual('look at __from__:value', { on_completion: END }),
    [END]: { type: 'end' },
  },
  {
    playbook_variables: {
      __kind__: { type: 'string' },
      __from__: { type: 'string', external: true },
      __later__: { type: 'string' },
    },
  },
);
const looking: PlaybookActions = new Map(
  [...ACTION_KINDS.values()].map((kind) => [
    kind.name,
    {
      kind,
      perform: () => Promise.reject(new Error('a dry run does nothing')),
      plan: async ({ address = '' }) => ({ targets: [address], radius: '1 address', refusal: 'it is your own' }),
    },
  ]),
);

test('a dry run lists every branch with what it would reach, and does nothing', async () => {
  const steps = await planRun(playbook, new Map(), { __from__: '203.0.113.9' }, looking);
  expect(steps.map(({ step, under }) => [step, under])).toEqual([
    [IF, []],
    [stepId('action', 3), ["__kind__:value = 'a'"]],
    [stepId('action', 4), ["NOT (__kind__:value = 'a')"]],
    [stepId('action', 5), []],
  ]);
  expect(steps[1]).toMatchObject({
    by: 'bartizan',
    changesTheWorld: true,
    given: { address: '203.0.113.9' },
    reach: { targets: ['203.0.113.9'], refusal: 'it is your own' },
  });
  expect(steps[3]).toMatchObject({ by: 'person', changesTheWorld: false });
});

test('a dry run says what is not known yet, and what would not be taken', async () => {
  const steps = await planRun(playbook, new Map(), { __from__: '$(reboot)' }, looking);
  expect(steps[1]?.problem).toContain('is not an address');
  expect(steps[1]?.reach).toBeUndefined();
  expect(steps[2]).toMatchObject({ given: { address: '‹later›' } });
  expect(steps[2]?.problem).toBeUndefined();
});
