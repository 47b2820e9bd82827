/** What the three syslog listeners have in common. */
export interface SyslogOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** `syslog:udp`, `syslog:tcp`, `syslog:tls`, or `syslog:mtls` where senders prove themselves, unless told. */
  readonly stream?: string;
  readonly maxRecordBytes?: number;
  /** Records that wait to be made durable, in bytes. */
  readonly maxQueuedBytes?: number;
  readonly clock?: () => number;
}

/** RFC 5424 asks for 2 KiB at least; the longest datagram is below this. */
export const DEFAULT_MAX_RECORD_BYTES = 64 * 1024;
export const DEFAULT_MAX_QUEUED_BYTES = 16 * 2 ** 20;
