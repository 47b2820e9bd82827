import { createSink, DEFAULT_LIMITS, type FramedRecords, type FrameLimits, type Framer, grown } from './framer.ts';
import { splitLines } from './split.ts';

/** Sessions whose client is remembered. */
const MOST_SESSIONS = 4096;

/**
 * Cuts the log of a PostgreSQL server, of any destination: one record per message. In stderr’s form further lines of a
 * message begin with a tab; in csvlog a message ends where its quotes do.
 *
 * Usual prefixes do not name the client, only the line that says that a session began does (`log_connections`). So
 * records of such a session get one line more: `connection received: host=… port=…`, in the journal and in evidence too. It is
 * told from the server’s own by the missing tab. After a restart it is lost for sessions that began before.
 */
export function framePostgres(limits: FrameLimits = DEFAULT_LIMITS): Framer {
  const sink = createSink();
  let held = new Uint8Array(0);
  let heldBytes = 0;
  let heldEnd = 0;
  let isCsv = false;
  let isInQuotes = false;
  let isTooLong = false;
  let consumedBytes = 0;
  const clients = new Map<string, string>();
  const lines = splitLines(limits.maxRecordBytes, addLine, (streamEnd) => {
    release();
    sink.drop('too_long');
    consumedBytes = streamEnd;
  });

  function addLine(bytes: Uint8Array, start: number, end: number, streamEnd: number): void {
    const continues = heldBytes > 0 && (isCsv ? isInQuotes && !startsCsv(bytes, start, end) : bytes[start] === TAB);
    if (!continues) {
      release();
      isCsv = startsCsv(bytes, start, end);
      isInQuotes = false;
    }
    append(bytes, start, end, continues);
    heldEnd = streamEnd;
    if (isCsv) {
      for (let at = start; at < end; at += 1) if (bytes[at] === QUOTE) isInQuotes = !isInQuotes;
      if (!isInQuotes) release();
    } else if (bytes[start] === OPEN_BRACE || (!continues && isWhole(bytes, start, end))) release();
  }

  function append(bytes: Uint8Array, start: number, end: number, continues: boolean): void {
    const length = end - start + (continues ? 1 : 0);
    if (isTooLong || heldBytes + length > limits.maxRecordBytes) {
      isTooLong = true;
      return;
    }
    // Room for the line with the client.
    if (heldBytes + length + LONGEST_CLIENT > held.length)
      held = grown(held, heldBytes, heldBytes + length + LONGEST_CLIENT);
    if (continues) {
      held[heldBytes] = LINE_FEED;
      heldBytes += 1;
    }
    held.set(bytes.subarray(start, end), heldBytes);
    heldBytes += end - start;
  }

  /** Hands on the message that is complete. */
  function release(): void {
    if (heldBytes === 0) return;
    if (isTooLong) sink.drop('too_long');
    else sink.add(held, 0, isCsv || held[0] === OPEN_BRACE ? heldBytes : withClient());
    heldBytes = 0;
    isTooLong = false;
    consumedBytes = heldEnd;
  }

  /** Length of the record, with the client’s line where it is known from before. */
  function withClient(): number {
    const head = Buffer.from(held.buffer, held.byteOffset, Math.min(heldBytes, LONGEST_HEAD)).toString('utf8');
    const pid = PID.exec(head)?.[1];
    if (pid === undefined) return heldBytes;
    // What stands behind the first severity is the server’s own; a statement may say anything further on.
    const marker = SEVERITY.exec(head);
    const received = marker === null ? null : RECEIVED.exec(head.slice(marker.index + marker[0].length));
    if (received !== null) {
      const [, host = '', port] = received;
      clients.delete(pid);
      clients.set(pid, `connection received: host=${host}${port === undefined ? '' : ` port=${port}`}`);
      if (clients.size > MOST_SESSIONS) clients.delete(clients.keys().next().value as string);
      return heldBytes;
    }
    const client = clients.get(pid);
    if (client === undefined) return heldBytes;
    if (DISCONNECTED.test(head)) clients.delete(pid);
    const host = HOST.exec(client)?.[1] as string;
    if (head.includes(host)) return heldBytes;
    const written = Buffer.from(held.buffer, held.byteOffset, held.length).write(`\n${client}`, heldBytes, 'latin1');
    return heldBytes + written;
  }

  function take(): FramedRecords {
    return sink.take(consumedBytes);
  }

  return {
    push(chunk) {
      lines.push(chunk);
      return take();
    },
    idle() {
      // A message whose quotes are open is not complete; any other is when nothing follows.
      if (!isCsv || !isInQuotes) release();
      return take();
    },
    end() {
      lines.end();
      release();
      return take();
    },
  };
}

/** Who comes in is told in one line, and not held until the next. */
function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, LONGEST_HEAD));
  return WHOLE.some((text) => head.includes(text));
}

const WHOLE = ['FATAL:  ', '致命错误:  ', 'LOG:  connection received', 'LOG:  connection authorized'].map((text) =>
  Buffer.from(text),
);

/** A stamp of milliseconds with its zone and a comma at once: `2026-11-20 03:11:01.074 UTC,`. */
function startsCsv(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 26 || bytes[start + 4] !== DASH || bytes[start + 19] !== DOT || bytes[start + 23] !== SPACE)
    return false;
  const comma = bytes.indexOf(COMMA, start + 24);
  return comma > start + 24 && comma < Math.min(end, start + 34) && isDigit(bytes[start]) && isDigit(bytes[start + 18]);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

const LONGEST_HEAD = 512;
const LONGEST_CLIENT = 320;
const PID = /\[(\d{1,10})\]/;
/** The whole end of a line that the server itself worded. */
const SEVERITY = /(?:LOG|FATAL|ERROR|WARNING|STATEMENT|DETAIL|HINT|CONTEXT|日志|致命错误|错误|语句): {2}/;
const RECEIVED = /^(?:connection received: host|已接收到连接: 主机)=(\S{1,255})(?: (?:port|端口)=(\d{1,5}))?$/;
const HOST = /host=(\S{1,255})/;
const DISCONNECTED = /(?:LOG: {2}disconnection: session time|日志: {2}断开连接|FATAL: {2}|致命错误: {2})/;
const LINE_FEED = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const OPEN_BRACE = 0x7b;
