import type { Accounting, RawBatch } from '#model/batch.ts';
import type { Intake } from './collector.ts';
import type { StatusKeeper } from './status.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

export interface DeliveryContext {
  readonly intake: Intake;
  readonly status: StatusKeeper;
  /** Told to stop: a delivery that fails then is not tried again. */
  readonly signal: AbortSignal;
}

/**
 * Delivers a batch and waits until it is durable, however long that takes: a full disk is waited out, with the reason
 * as the collector's status.
 *
 * @returns false when the collector was stopped before the batch was durable.
 */
export async function deliver(context: DeliveryContext, batch: RawBatch, accounting?: Accounting): Promise<boolean> {
  const { intake, status, signal } = context;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      await intake.deliver(batch, accounting);
      status.trouble(undefined);
      return true;
    } catch (thrown) {
      status.trouble(thrown);
    }
    if (signal.aborted) return false;
    await sleep(waitMs, signal);
  }
}

/** Resolves after the time or when the signal fires, whichever is first. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
