import type { DropReason } from '#model/batch.ts';
import type { SourceFormat } from '#model/event.ts';
import { type DeliveryContext, deliver } from './delivery.ts';

/** Gathers single records of many senders into batches; while one is being made durable the next fills. */
export interface BatchQueue {
  /** Takes a copy of a record. @returns false when there is no room for it; nothing is counted then. */
  offer(record: Uint8Array, sender: string): boolean;
  /** Resolves when there may be room again. */
  room(): Promise<void>;
  /** Counts records that were received and could not be kept. */
  drop(reason: DropReason, count?: number): void;
  /** Resolves when everything offered so far is durable, or the collector was stopped. */
  settled(): Promise<void>;
  /** Resolves when nothing is left; for the end, when nobody offers any more. */
  drained(): Promise<void>;
}

export interface BatchQueueOptions extends DeliveryContext {
  readonly stream: string;
  readonly format: SourceFormat;
  /** Records waiting, in bytes; beyond it `offer` refuses. */
  readonly maxQueuedBytes: number;
  readonly clock: () => number;
}

const FIRST_BATCH_BYTES = 16 * 1024;
const FULL_BATCH_BYTES = 1024 * 1024;
const FULL_BATCH_RECORDS = 64 * 1024;
/** What a record costs beside its bytes. */
const RECORD_BYTES = 16;

export function createBatchQueue(options: BatchQueueOptions): BatchQueue {
  const { stream, format, maxQueuedBytes, clock } = options;
  /** Oldest first; the last one is being filled. */
  const waiting: Filling[] = [];
  let inDelivery: Filling | undefined;
  let queuedBytes = 0;
  let dropped: Partial<Record<DropReason, number>> = {};
  let running: Promise<void> | undefined;

  function wake(): void {
    running ??= deliverAll().finally(() => {
      running = undefined;
    });
  }

  async function deliverAll(): Promise<void> {
    // Whatever is ready to be read now joins the first batch.
    await new Promise(setImmediate);
    while (waiting.length > 0 || Object.keys(dropped).length > 0) {
      inDelivery = waiting.shift() ?? createFilling();
      const droppedNow = dropped;
      dropped = {};
      const { payload, ends, senders } = inDelivery.take();
      const batch = { stream, format, receivedMs: clock(), payload, ends, senders };
      const isDurable = await deliver(options, batch, { dropped: droppedNow });
      queuedBytes -= costOf(payload.length, ends.length);
      inDelivery.done();
      inDelivery = undefined;
      // Told to stop while it could not be delivered: these senders were never promised anything.
      if (!isDurable) {
        for (const filling of waiting.splice(0)) filling.done();
        queuedBytes = 0;
      }
    }
  }

  return {
    offer(record, sender) {
      const bytes = costOf(record.length, 1);
      if (queuedBytes > 0 && queuedBytes + bytes > maxQueuedBytes) return false;
      queuedBytes += bytes;
      let last = waiting.at(-1);
      if (!last || last.isFull()) {
        last = createFilling();
        waiting.push(last);
      }
      last.add(record, sender);
      wake();
      return true;
    },
    async room() {
      await (inDelivery ?? waiting[0])?.whenDone;
    },
    drop(reason, count = 1) {
      dropped[reason] = (dropped[reason] ?? 0) + count;
      wake();
    },
    async settled() {
      await (waiting.at(-1) ?? inDelivery)?.whenDone;
    },
    async drained() {
      await running;
    },
  };
}

interface Filling {
  add(record: Uint8Array, sender: string): void;
  isFull(): boolean;
  readonly whenDone: Promise<void>;
  done(): void;
  take(): { payload: Uint8Array; ends: Uint32Array; senders: { address: string; upTo: number }[] };
}

function createFilling(): Filling {
  let payload = new Uint8Array(FIRST_BATCH_BYTES);
  let size = 0;
  const ends: number[] = [];
  const senders: { address: string; upTo: number }[] = [];
  const { promise: whenDone, resolve: done } = Promise.withResolvers<void>();
  return {
    whenDone,
    done,
    add(record, address) {
      if (size + record.length > payload.length) {
        const larger = new Uint8Array(Math.max(payload.length * 2, size + record.length));
        larger.set(payload.subarray(0, size));
        payload = larger;
      }
      payload.set(record, size);
      size += record.length;
      ends.push(size);
      const run = senders.at(-1);
      if (run?.address === address) run.upTo = ends.length;
      else senders.push({ address, upTo: ends.length });
    },
    isFull: () => size >= FULL_BATCH_BYTES || ends.length >= FULL_BATCH_RECORDS,
    take: () => ({ payload: payload.subarray(0, size), ends: Uint32Array.from(ends), senders }),
  };
}

function costOf(payloadBytes: number, records: number): number {
  return payloadBytes + records * RECORD_BYTES;
}
