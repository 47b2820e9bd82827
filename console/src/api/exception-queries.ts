import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { answerOf } from './failure.ts';
import type { ExceptionKind } from './shapes.ts';
import { AFTER_ACTION, SLOW_MS, useChange } from './use-change.ts';

/** Kinds that are made from an alert. */
export type OfAlert = Exclude<ExceptionKind, 'maintenance'>;

/** What an exception from this alert would hide; the narrowest one, or the alert’s cause if quiet, without a scope. */
export function useExceptionProposal(id: string, kind: OfAlert, scope?: Readonly<Record<string, string>>) {
  return useQuery({
    queryKey: ['exception-proposal', id, kind, scope],
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/alerts/{id}/exception-proposal', { params: { path: { id } }, body: { kind, scope } }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function useExceptions() {
  return useQuery({
    queryKey: ['exceptions'],
    queryFn: () => answerOf(client.GET('/api/v1/exceptions')),
    refetchInterval: SLOW_MS,
  });
}

export interface NewException {
  readonly alertId: string;
  readonly kind: OfAlert;
  readonly scope: Record<string, string>;
  readonly reason: string;
  readonly durationMs: number;
}

const AFTER_EXCEPTION = [
  ...AFTER_ACTION,
  'exceptions',
  'exception-proposal',
  'maintenance-proposal',
  'charts',
] as const;

export function useMakeException() {
  return useChange((body: NewException) => answerOf(client.POST('/api/v1/exceptions', { body })), ...AFTER_EXCEPTION);
}

export function useEndException() {
  return useChange(
    (id: string) => answerOf(client.DELETE('/api/v1/exceptions/{id}', { params: { path: { id } } })),
    ...AFTER_EXCEPTION,
  );
}

export interface MaintenancePlan {
  readonly ruleIds: string[];
  readonly scope: Record<string, string>;
  readonly startsMs: number;
  readonly expiresMs: number;
}

/** What a maintenance window would have hidden; asked for once it says something. */
export function useMaintenanceProposal(plan: MaintenancePlan | undefined) {
  return useQuery({
    queryKey: ['maintenance-proposal', plan],
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/maintenance-proposal', {
          body: plan ?? { ruleIds: [], scope: {}, startsMs: 0, expiresMs: 0 },
        }),
      ),
    enabled: plan !== undefined,
    placeholderData: keepPreviousData,
  });
}

export function usePlanMaintenance() {
  return useChange(
    (body: MaintenancePlan & { readonly reason: string }) => answerOf(client.POST('/api/v1/maintenance', { body })),
    ...AFTER_EXCEPTION,
  );
}

export interface ExceptionChange extends Partial<MaintenancePlan> {
  readonly id: string;
  readonly revision: number;
  readonly reason: string;
}

export function useChangeException() {
  return useChange(
    ({ id, ...body }: ExceptionChange) =>
      answerOf(client.PUT('/api/v1/exceptions/{id}', { params: { path: { id } }, body })),
    ...AFTER_EXCEPTION,
  );
}
