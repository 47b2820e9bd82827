import type { Action } from '../../api/shapes.ts';

/** Where an action stands for a reader. A finished dry run has changed nothing, so it is over. */
export function phaseOf({ state, dryRun }: Pick<Action, 'state' | 'dryRun'>): 'asked' | 'live' | 'ended' {
  if (state === 'asked') return 'asked';
  if (state === 'approved' || state === 'running') return 'live';
  return state === 'done' && !dryRun ? 'live' : 'ended';
}
