import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { answerOf } from './failure.ts';
import type { Answers, Level, OpenVerdict } from './shapes.ts';
import { SLOW_MS, useChange } from './use-change.ts';

/** Scans come by the hour or the day: what they say is looked after now and then. */
const CALM_MS = 4 * SLOW_MS;

export function useScore() {
  return useQuery({
    queryKey: ['posture', 'score'],
    queryFn: () => answerOf(client.GET('/api/v1/posture/score')),
    refetchInterval: CALM_MS,
  });
}

/** One scan with all that is kept of it; asked for when somebody wants to see it. */
export function useScan(id: string, isWanted: boolean) {
  return useQuery({
    queryKey: ['posture', 'scan', id],
    queryFn: () => answerOf(client.GET('/api/v1/posture/scans/{id}', { params: { path: { id } } })),
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useRoadMap() {
  return useQuery({
    queryKey: ['posture', 'road-map'],
    queryFn: () => answerOf(client.GET('/api/v1/posture/road-map')),
    refetchInterval: CALM_MS,
  });
}

export function useAnswer() {
  return useChange((body: Answers) => answerOf(client.PUT('/api/v1/posture/answers', { body })), 'posture', 'evidence');
}

export interface FindingSearch {
  readonly target?: string;
  readonly verdict?: OpenVerdict;
  readonly minLevel?: Level;
  readonly check?: string;
  readonly framework?: string;
  readonly clause?: string;
  readonly text?: string;
  readonly limit: number;
  readonly offset: number;
}

export function useFindings(search: FindingSearch) {
  return useQuery({
    queryKey: ['posture', 'findings', search],
    queryFn: () => answerOf(client.GET('/api/v1/posture/findings', { params: { query: search } })),
    refetchInterval: CALM_MS,
    placeholderData: keepPreviousData,
  });
}

export function useFrameworks() {
  return useQuery({
    queryKey: ['posture', 'frameworks'],
    queryFn: () => answerOf(client.GET('/api/v1/posture/frameworks')),
    refetchInterval: CALM_MS,
  });
}

export function useFramework(id: string) {
  return useQuery({
    queryKey: ['posture', 'frameworks', id],
    queryFn: () => answerOf(client.GET('/api/v1/posture/frameworks/{id}', { params: { path: { id } } })),
    refetchInterval: CALM_MS,
  });
}
