import { expect, test } from 'vitest';
import { phaseOf } from './phase.ts';

test('a block in force is live, one that ended is not', () => {
  expect(phaseOf({ state: 'done', dryRun: false })).toBe('live');
  for (const state of ['undone', 'expired', 'refused', 'failed'] as const)
    expect(phaseOf({ state, dryRun: false })).toBe('ended');
});

test('a dry run is never shown as a block in force', () => {
  expect(phaseOf({ state: 'done', dryRun: true })).toBe('ended');
});
