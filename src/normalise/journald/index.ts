import { isJsonObject, parseJson } from '#kit/json.ts';
import type { Event } from '#model/event.ts';
import { maskSecrets } from '../mask.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, type RecordReader } from '../reader.ts';
import { readProgramMessage } from '../syslog/index.ts';

export const journaldReader: RecordReader = {
  format: 'journald',
  description: 'Entries of the systemd journal (`journalctl -o json`), read further by the program that wrote them',
  read(record: string, context: NormaliseContext): Event {
    const parsed = parseJson(record);
    if (!parsed.ok || !isJsonObject(parsed.value)) return baseEvent('syslog', record, context);
    const entry = parsed.value;
    const spelled = textOf(entry.MESSAGE);
    if (spelled === undefined)
      return baseEvent('syslog', record, context, { timeMs: timeOf(entry), hostname: text(entry._HOSTNAME) });
    const isBytes = Array.isArray(entry.MESSAGE);
    // As bytes it could not be masked with the record, and neither could the record.
    const message = isBytes ? maskSecrets(spelled) : spelled;
    const shown = isBytes && message !== spelled ? JSON.stringify({ ...entry, MESSAGE: message }) : record;
    const program = programOf(entry);
    const pid = Number(text(entry._PID) ?? text(entry.SYSLOG_PID));
    const header = {
      timeMs: timeOf(entry),
      hostname: text(entry._HOSTNAME),
      program,
      pid: Number.isSafeInteger(pid) ? pid : undefined,
      severity: digit(entry.PRIORITY),
      facility: digit(entry.SYSLOG_FACILITY),
      message,
    };
    return readProgramMessage(header, shown, context);
  },
};

/**
 * The name that the program gave itself, if the kernel does not contradict it: anyone may write `-t sshd`, but `_COMM`
 * is the journal's own finding. A contradicted name is not read as that program, so that no local user can have an
 * address of his choice blocked.
 */
function programOf(entry: Record<string, unknown>): string | undefined {
  const claimed = text(entry.SYSLOG_IDENTIFIER);
  const actual = text(entry._COMM);
  if (claimed === undefined) return actual;
  const name = claimed.slice(claimed.lastIndexOf('/') + 1);
  if (actual === undefined || !GUARDED.test(name)) return name;
  // A process chooses its own name, too; sshd writes as root.
  if (name.startsWith('sshd') && (text(entry._UID) ?? '0') !== '0') return actual === name ? `${name}?` : actual;
  return actual.startsWith(name.startsWith('sshd') ? 'sshd' : name.slice(0, COMM_LENGTH)) ? name : actual;
}

const GUARDED = /^(?:sshd|sshd-session|sshd-auth|sudo|nginx|openresty|tengine|caddy|traefik|apache2?|httpd)$/;
/** The kernel keeps 15 bytes of a process name. */
const COMM_LENGTH = 15;

/** A field is text, a list when it occurs twice, or bytes as numbers when it is not UTF-8 or holds control characters. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (typeof value[0] === 'string') return value[0];
  return value.every(isByte) ? Buffer.from(value).toString('utf8') : undefined;
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

function text(value: unknown): string | undefined {
  return textOf(value);
}

function digit(value: unknown): number | undefined {
  const number = Number(textOf(value) ?? Number.NaN);
  return Number.isInteger(number) && number >= 0 && number < 32 ? number : undefined;
}

/** Microseconds of the epoch: what the sender's clock said, else when the journal had it. */
function timeOf(entry: Record<string, unknown>): number | undefined {
  const micros = Number(text(entry._SOURCE_REALTIME_TIMESTAMP) ?? text(entry.__REALTIME_TIMESTAMP) ?? Number.NaN);
  return Number.isFinite(micros) && micros > 0 && micros < 1e17 ? Math.floor(micros / 1000) : undefined;
}
