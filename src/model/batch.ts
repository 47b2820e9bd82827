import type { SourceFormat } from './event.ts';

/**
 * Raw records of one stream, as they arrived. Record `i` is `payload[ends[i-1] ?? 0 … ends[i])`, without its line end.
 * Records may hold any byte, line feeds too.
 */
export interface RawBatch {
  /** The collector instance: `file:/var/log/auth.log`, `syslog:udp`, `syslog:mtls`, `http:<token name>`, `journald`, `demo:<format>`, `drill:<format>`. */
  readonly stream: string;
  readonly format: SourceFormat;
  /** Epoch milliseconds. */
  readonly receivedMs: number;
  readonly payload: Uint8Array;
  readonly ends: Uint32Array;
  /**
   * Network addresses that the records came from, where they came over the network: runs of records, in order, each up
   * to (not including) record `upTo`.
   */
  readonly senders?: readonly Sender[];
}

export interface Sender {
  readonly address: string;
  readonly upTo: number;
}

/** A batch that the journal has made durable. Sequences start at 1 and have no gaps. */
export interface JournalBatch extends RawBatch {
  readonly sequence: number;
}

/**
 * Why a record that was received is not in the journal. `unread_file` counts files, not records: a log that was emptied or
 * packed before it was known to be read to its end, nobody knows with how many.
 */
export const DROP_REASONS = ['too_long', 'invalid_json', 'too_deep', 'queue_full', 'disk_full', 'unread_file'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** `received = stored + the sum of dropped`, always. */
export interface StreamCounters {
  readonly stream: string;
  readonly format: SourceFormat;
  readonly received: number;
  readonly stored: number;
  readonly bytes: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly lastReceivedMs: number;
}

/** Where a collector goes on after a restart; opaque to the journal, committed together with the batch. */
export type Cursor = Readonly<Record<string, string | number>>;

/** What is committed with a batch. */
export interface Accounting {
  /** Where the collector goes on; committed with the batch. */
  readonly cursor?: Cursor;
  /** Records that were received and left out of this batch, by reason. */
  readonly dropped?: Readonly<Partial<Record<DropReason, number>>>;
}

/** Whether a stream carries the bundled demonstration or a drill: its alerts are marked so and nothing real is done about them. */
export function isRehearsalStream(stream: string): boolean {
  return stream.startsWith('demo:') || stream.startsWith('drill:');
}

/**
 * Whether anyone who reaches a port can have written what comes in it: plain syslog, and TLS that asks the sender for no
 * certificate (`syslog:mtls` does). Nothing is done by itself about what only such a stream says.
 */
export function isForgeableStream(stream: string): boolean {
  return FORGEABLE.has(stream);
}

const FORGEABLE: ReadonlySet<string> = new Set(['syslog:udp', 'syslog:tcp', 'syslog:tls']);
