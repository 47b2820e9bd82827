import { useMutation, useQueryClient } from '@tanstack/react-query';

/** How often live pages look again, in ms. */
export const LIVE_MS = 4_000;
export const SLOW_MS = 15_000;

/** What a decision about an alert or an action makes stale. */
export const AFTER_ACTION = ['alert', 'alerts', 'actions', 'overview', 'evidence'] as const;

/** What each change makes stale. The answer of a change is awaited before its page is read again. */
export function useChange<Input, Output>(run: (input: Input) => Promise<Output>, ...stale: readonly string[]) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSettled: () => Promise.all(stale.map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}
