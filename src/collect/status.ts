import { toBartizanError } from '#kit/errors.ts';
import type { CollectorState, CollectorStatus } from './collector.ts';

/** Holds what a collector says of itself. */
export interface StatusKeeper {
  set(state: CollectorState, detail?: string): void;
  /** Delivery is in trouble: shown as an error, over whatever else is so, until `undefined` is given. */
  trouble(thrown: unknown): void;
  /** Whether delivery is in trouble because the disk has no room. */
  isDiskFull(): boolean;
  current(): CollectorStatus;
}

export function createStatus(first: CollectorState = 'waiting', clock: () => number = Date.now): StatusKeeper {
  let own: CollectorStatus = { state: first, detail: '', sinceMs: clock() };
  let trouble: CollectorStatus | undefined;
  let code: string | undefined;
  const changed = (before: CollectorStatus | undefined, state: CollectorState, detail: string): CollectorStatus =>
    before?.state === state && before.detail === detail ? before : { state, detail, sinceMs: clock() };
  return {
    set(state, detail = '') {
      own = changed(own, state, detail);
    },
    trouble(thrown) {
      code = thrown === undefined ? undefined : toBartizanError(thrown).code;
      trouble = thrown === undefined ? undefined : changed(trouble, 'error', sentence(thrown));
    },
    isDiskFull: () => code === 'BTZ_DISK_FULL' || code === 'BTZ_DISK_LOW',
    current: () => (own.state === 'stopped' ? own : (trouble ?? own)),
  };
}

/** What happened and what to do, for an operator. */
export function sentence(thrown: unknown): string {
  const error = toBartizanError(thrown);
  return `${error.message} ${error.remedy}`;
}
