import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { answerOf } from './failure.ts';
import type { AlertStatus, Level, LogSource, Settings, ShownStatus } from './shapes.ts';
import { AFTER_ACTION, LIVE_MS, SLOW_MS, useChange } from './use-change.ts';

export const SESSION_KEY = ['session'] as const;

export function useSession() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: () => answerOf(client.GET('/api/v1/session')),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useOverview() {
  return useQuery({
    queryKey: ['overview'],
    queryFn: () => answerOf(client.GET('/api/v1/overview')),
    refetchInterval: LIVE_MS,
  });
}

/** Events and alerts of the last `spanMs`, in buckets of `bucketMs`, up to the bucket that runs now. */
export function useRecentCharts(spanMs: number, bucketMs: number) {
  return useQuery({
    queryKey: ['charts', 'recent', spanMs, bucketMs],
    queryFn: async () => {
      const to = Math.ceil(Date.now() / bucketMs) * bucketMs;
      const query = { from: to - spanMs, to, bucket: bucketMs };
      return { ...(await answerOf(client.GET('/api/v1/charts', { params: { query } }))), ...query };
    },
    refetchInterval: SLOW_MS,
    placeholderData: keepPreviousData,
  });
}

/** Events of a fixed range. */
export function useRangeChart(from: number, to: number, bucketMs: number) {
  return useQuery({
    queryKey: ['charts', 'range', from, to, bucketMs],
    queryFn: async () => {
      const query = { from, to, bucket: bucketMs };
      return { ...(await answerOf(client.GET('/api/v1/charts', { params: { query } }))), ...query };
    },
    placeholderData: keepPreviousData,
  });
}

export interface AlertFilter {
  readonly status?: AlertStatus;
  readonly minLevel?: Level;
  readonly text?: string;
  readonly rule?: string;
  readonly exception?: string;
  readonly limit: number;
  readonly offset: number;
}

export function useAlerts(filter: AlertFilter) {
  return useQuery({
    queryKey: ['alerts', filter],
    queryFn: () => answerOf(client.GET('/api/v1/alerts', { params: { query: filter } })),
    refetchInterval: LIVE_MS,
    placeholderData: keepPreviousData,
  });
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: ['alert', id],
    queryFn: () => answerOf(client.GET('/api/v1/alerts/{id}', { params: { path: { id } } })),
    refetchInterval: LIVE_MS,
  });
}

export function useActions() {
  return useQuery({
    queryKey: ['actions'],
    queryFn: () => answerOf(client.GET('/api/v1/actions', { params: { query: { state: 'all', limit: 200 } } })),
    refetchInterval: LIVE_MS,
  });
}

export interface EventSearch {
  readonly from: number;
  readonly to: number;
  readonly source?: LogSource;
  readonly text?: string;
  readonly where: readonly string[];
}

export const EVENTS_PER_PAGE = 100;

export function useEvents({ where, ...search }: EventSearch) {
  return useInfiniteQuery({
    queryKey: ['events', search, where],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = { ...search, where: [...where], limit: EVENTS_PER_PAGE, before: pageParam };
      return answerOf(client.GET('/api/v1/events', { params: { query } }));
    },
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useSources() {
  return useQuery({
    queryKey: ['sources'],
    queryFn: () => answerOf(client.GET('/api/v1/sources')),
    refetchInterval: LIVE_MS,
  });
}

export function useTokens() {
  return useQuery({ queryKey: ['tokens'], queryFn: () => answerOf(client.GET('/api/v1/tokens')) });
}

export function useSettings() {
  return useQuery({ queryKey: ['settings'], queryFn: () => answerOf(client.GET('/api/v1/settings')) });
}

export function useEvidence() {
  return useQuery({
    queryKey: ['evidence'],
    queryFn: () => answerOf(client.GET('/api/v1/evidence', { params: { query: { limit: 100 } } })),
    refetchInterval: LIVE_MS,
  });
}

export function usePlan() {
  return useMutation({
    mutationFn: (target: string) => answerOf(client.POST('/api/v1/actions/plan', { body: { target } })),
  });
}

export interface BlockOrder {
  readonly target: string;
  readonly alertId?: string;
  readonly durationMs?: number;
  /** Everything but the change itself: for alerts of demonstrations and drills. */
  readonly dryRun: boolean;
}

export function useBlock() {
  return useChange((order: BlockOrder) => answerOf(client.POST('/api/v1/actions', { body: order })), ...AFTER_ACTION);
}

export type Decision = 'approve' | 'refuse' | 'undo';

export function useDecision() {
  return useChange(
    ({ id, verb }: { id: string; verb: Decision }) =>
      answerOf(client.POST(`/api/v1/actions/{id}/${verb}`, { params: { path: { id } } })),
    ...AFTER_ACTION,
  );
}

export function useSetAlertStatus() {
  return useChange(
    ({ id, status }: { id: string; status: ShownStatus }) =>
      answerOf(client.POST('/api/v1/alerts/{id}/status', { params: { path: { id } }, body: { status } })),
    ...AFTER_ACTION,
  );
}

export function useMakeToken() {
  return useChange((name: string) => answerOf(client.POST('/api/v1/tokens', { body: { name } })), 'tokens');
}

export function useRevokeToken() {
  return useChange(
    (id: string) => answerOf(client.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })),
    'tokens',
  );
}

export function useChangeSettings() {
  return useChange(
    (body: Partial<Settings>) => answerOf(client.PUT('/api/v1/settings', { body })),
    'settings',
    'overview',
    'evidence',
  );
}

export function useDrill() {
  return useChange(() => answerOf(client.POST('/api/v1/drill')), 'overview', 'alerts', 'evidence');
}

/** Signing in and out, and the first set-up: each answers the new session, or clears it. */
export function useSessionChange() {
  const queries = useQueryClient();
  const remember = (session: unknown) => {
    // What one person saw must not be there for the next one.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
    queries.setQueryData(SESSION_KEY, session);
  };
  return {
    setUp: useMutation({
      mutationFn: (body: { token: string; name: string; password: string }) =>
        answerOf(client.POST('/api/v1/setup', { body })),
      onSuccess: remember,
    }),
    signIn: useMutation({
      mutationFn: (body: { name: string; password: string }) => answerOf(client.POST('/api/v1/session', { body })),
      onSuccess: remember,
    }),
    signOut: useMutation({
      mutationFn: () => answerOf(client.DELETE('/api/v1/session')),
      onSuccess: () => remember({ state: 'signed_out' }),
    }),
  };
}
