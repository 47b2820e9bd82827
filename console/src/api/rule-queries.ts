import { useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { answerOf } from './failure.ts';
import { SLOW_MS, useChange } from './use-change.ts';

export function useRules() {
  return useQuery({
    queryKey: ['rules'],
    queryFn: () => answerOf(client.GET('/api/v1/rules/catalog')),
    refetchInterval: 4 * SLOW_MS,
  });
}

/** How the set that runs came to be, and what is wrong with its files. */
export function useRuleStatus() {
  return useQuery({ queryKey: ['rules', 'status'], queryFn: () => answerOf(client.GET('/api/v1/rules')) });
}

export function useRule(id: string) {
  return useQuery({
    queryKey: ['rules', 'one', id],
    queryFn: () => answerOf(client.GET('/api/v1/rules/catalog/{id}', { params: { path: { id } } })),
  });
}

const HUNTING_MS = 700;

/** Looks often while one is running. */
export function useHunts() {
  return useQuery({
    queryKey: ['hunts'],
    queryFn: () => answerOf(client.GET('/api/v1/hunts')),
    refetchInterval: ({ state }) => (state.data?.items.some((hunt) => hunt.state === 'running') ? HUNTING_MS : SLOW_MS),
  });
}

export function useHunt(id: string) {
  return useQuery({
    queryKey: ['hunts', id],
    queryFn: () => answerOf(client.GET('/api/v1/hunts/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? HUNTING_MS : false),
  });
}

export interface NewHunt {
  readonly rules: string[];
  readonly files: { readonly path: string; readonly text: string }[];
  readonly sinceMs: number;
  readonly untilMs?: number;
}

export function useStartHunt() {
  return useChange((body: NewHunt) => answerOf(client.POST('/api/v1/hunts', { body })), 'hunts', 'evidence');
}

export function useCancelHunt() {
  return useChange(
    (id: string) => answerOf(client.POST('/api/v1/hunts/{id}/cancel', { params: { path: { id } } })),
    'hunts',
  );
}
