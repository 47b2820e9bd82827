/** What the beginning of an audit line says about where it belongs. */
export interface AuditHead {
  /** Node, time and serial: the same for all lines of one event. */
  readonly key: string;
  readonly timeMs: number;
  /** The record is the last of its event. */
  readonly endsEvent: boolean;
  /** The record is its whole event: written by user space or by the daemon itself. */
  readonly standsAlone: boolean;
}

/** Reads `[node=…] type=… msg=audit(…)` from the first bytes of a line; `undefined` for other lines. */
export function readAuditHead(bytes: Uint8Array, start: number, end: number): AuditHead | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, LONGEST_HEAD)).toString(
    'latin1',
  );
  const match = HEAD.exec(head);
  if (match === null) return undefined;
  const [, node = '', type = '', seconds, milliseconds, serial] = match;
  return {
    key: `${node}${seconds}.${milliseconds}:${serial}`,
    timeMs: Number(seconds) * 1000 + Number(milliseconds),
    endsEvent: type === 'PROCTITLE' || type === 'EOE',
    standsAlone: ALONE.test(type),
  };
}

const LONGEST_HEAD = 400;
const HEAD = /^(node=\S{1,255} )?type=(\S{1,64}) msg=audit\((\d{1,11})\.(\d{1,3}):(\d{1,20})\):/;
/** Types of user space (1100–1299, 2000 and up in libaudit.h); all others may have lines that follow. */
const ALONE =
  /^(?:USER_|CRED_|SERVICE_|DAEMON_|SYSTEM_|CRYPTO_|ADD_|DEL_|GRP_|ACCT_|ROLE_|VIRT_|USYS_|TRUSTED_APP|TEST$|LABEL_|DEV_)/;
