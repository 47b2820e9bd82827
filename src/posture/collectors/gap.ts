import type { Failure } from './collector.ts';

/** Resources of a type that are not known, and why. */
export interface Gap {
  readonly type: string;
  readonly reason: string;
  readonly region?: string | undefined;
}

/** A call that did not go well. */
export interface Problem extends Failure {
  readonly service: string;
  readonly region?: string | undefined;
  readonly permission: string;
}

/** Why something is not known, ready to be shown: `needs oss:GetBucketAcl`. */
export function reasonOf(permission: string, { kind, code }: Failure, readSoFar: number): string {
  const half = readSoFar > 0 ? ` after ${readSoFar} entries` : '';
  if (kind === 'denied') return `needs ${permission}`;
  if (kind === 'throttled') return `${permission} was throttled to the end${half} (${code})`;
  if (kind === 'busy') return `${permission} did not answer${half} (${code})`;
  if (kind === 'malformed') return `the answer of ${permission} cannot be read${half}`;
  return `${permission} was refused${half} (${code})`;
}
