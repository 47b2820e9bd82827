import type { JournalBatch } from '#model/batch.ts';

/** The newest unpacked batches, so that two consumers in one process don't both decompress them. */
export interface BatchCache {
  get(sequence: number): JournalBatch | undefined;
  put(batch: JournalBatch): void;
}

/** @param capacityBytes of records and their ends; a batch larger than that is not kept. */
export function createBatchCache(capacityBytes: number): BatchCache {
  const entries = new Map<number, { readonly batch: JournalBatch; readonly bytes: number }>();
  let heldBytes = 0;

  function drop(sequence: number): void {
    heldBytes -= entries.get(sequence)?.bytes ?? 0;
    entries.delete(sequence);
  }

  return {
    get(sequence) {
      const batch = entries.get(sequence)?.batch;
      // A consumer may have moved the buffer to another thread.
      if (batch && (batch.payload.buffer as ArrayBuffer).detached) {
        drop(sequence);
        return undefined;
      }
      return batch;
    },
    put(batch) {
      const bytes = batch.payload.byteLength + batch.ends.byteLength;
      if (bytes > capacityBytes) return;
      drop(batch.sequence);
      entries.set(batch.sequence, { batch, bytes });
      heldBytes += bytes;
      for (const oldest of entries.keys()) {
        if (heldBytes <= capacityBytes) break;
        drop(oldest);
      }
    },
  };
}
