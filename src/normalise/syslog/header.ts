import { readBsdStamp, readIsoStamp, type StampContext } from '../timestamp.ts';

/** The parts of a syslog line before its message. */
export interface SyslogHeader {
  readonly timeMs: number | undefined;
  readonly hostname: string | undefined;
  /** Program name without path, `undefined` if the line has no tag. */
  readonly program: string | undefined;
  readonly pid: number | undefined;
  /** RFC 5424 severity 0 (emergency) to 7 (debug), if the line has a priority. */
  readonly severity: number | undefined;
  readonly facility: number | undefined;
  readonly message: string;
}

/**
 * RFC 5424, RFC 3164 and the ISO-stamped form that rsyslog and systemd write into files; with or without `<priority>`.
 * A line of none of these comes back whole as the message.
 */
export function readSyslogHeader(line: string, context: StampContext): SyslogHeader {
  let at = 0;
  let severity: number | undefined;
  let facility: number | undefined;
  if (line.charCodeAt(0) === LESS_THAN) {
    const end = line.indexOf('>');
    const priority = end > 1 && end < 5 ? Number(line.slice(1, end)) : Number.NaN;
    if (priority >= 0 && priority <= 191) {
      severity = priority % 8;
      facility = (priority - severity) / 8;
      at = end + 1;
    }
    if (line.charCodeAt(at) === ONE && line.charCodeAt(at + 1) === SPACE && at > 0) {
      return readRfc5424(line, at + 2, severity, facility, context);
    }
  }
  const stamp = readBsdStamp(line, at, context) ?? readIsoStamp(line, at, context);
  if (stamp === undefined)
    return {
      timeMs: undefined,
      hostname: undefined,
      program: undefined,
      pid: undefined,
      severity,
      facility,
      message: line.slice(at),
    };
  at = skipSpaces(line, stamp.end);
  // Cisco and some others put a colon behind the stamp.
  if (line.charCodeAt(at) === COLON) at = skipSpaces(line, at + 1);

  let hostname: string | undefined;
  const hostEnd = line.indexOf(' ', at);
  if (hostEnd > at && !endsTag(line, at, hostEnd)) {
    hostname = line.slice(at, hostEnd);
    at = skipSpaces(line, hostEnd);
  }
  const tagEnd = endOfTag(line, at);
  if (tagEnd <= at)
    return {
      timeMs: stamp.timeMs,
      hostname,
      program: undefined,
      pid: undefined,
      severity,
      facility,
      message: line.slice(at),
    };
  const program = baseName(line.slice(at, tagEnd));
  let pid: number | undefined;
  let messageStart = tagEnd;
  if (line.charCodeAt(tagEnd) === BRACKET) {
    const close = line.indexOf(']', tagEnd);
    pid = readPid(line, tagEnd + 1, close);
    messageStart = close + 1;
  }
  if (line.charCodeAt(messageStart) === COLON) messageStart += 1;
  if (line.charCodeAt(messageStart) === SPACE) messageStart += 1;
  return { timeMs: stamp.timeMs, hostname, program, pid, severity, facility, message: line.slice(messageStart) };
}

/** RFC 5424, section 6, from the stamp on. Structured data is skipped; a byte order mark before the message too. */
function readRfc5424(
  line: string,
  start: number,
  severity: number | undefined,
  facility: number | undefined,
  context: StampContext,
): SyslogHeader {
  const fields: string[] = [];
  let at = start;
  while (fields.length < 5) {
    const end = line.indexOf(' ', at);
    if (end === -1) {
      fields.push(line.slice(at));
      at = line.length;
      break;
    }
    fields.push(line.slice(at, end));
    at = end + 1;
  }
  const [stamp = '-', hostname = '-', program = '-', processId = '-'] = fields;
  at = skipStructuredData(line, at);
  if (line.charCodeAt(at) === SPACE) at += 1;
  if (line.charCodeAt(at) === BYTE_ORDER_MARK) at += 1;
  return {
    timeMs: readIsoStamp(stamp, 0, context)?.timeMs,
    hostname: hostname === '-' ? undefined : hostname,
    program: program === '-' ? undefined : baseName(program),
    pid: readPid(processId, 0, processId.length),
    severity,
    facility,
    message: line.slice(at),
  };
}

function skipStructuredData(line: string, start: number): number {
  if (line.charCodeAt(start) === DASH) return start + 1;
  let at = start;
  while (line.charCodeAt(at) === BRACKET) {
    let isQuoted = false;
    for (at += 1; at < line.length; at += 1) {
      const code = line.charCodeAt(at);
      if (code === BACKSLASH && isQuoted) at += 1;
      else if (code === QUOTE) isQuoted = !isQuoted;
      else if (code === CLOSE_BRACKET && !isQuoted) break;
    }
    at += 1;
  }
  return at;
}

/** Whether the word is a tag, and the line therefore has no host name. */
function endsTag(line: string, start: number, end: number): boolean {
  if (line.charCodeAt(end - 1) !== COLON) return false;
  // `fe80::1:` could be either; a host name of the IPv6 kind holds more colons than a tag.
  return line.indexOf(':', start) === end - 1;
}

const LONGEST_TAG = 128;

/** Index of the `:` or `[pid]` that ends the tag, or −1. */
function endOfTag(line: string, start: number): number {
  const limit = Math.min(line.length, start + LONGEST_TAG);
  for (let at = start; at < limit; at += 1) {
    const code = line.charCodeAt(at);
    if (code === COLON) return at;
    if (code === BRACKET) return isPid(line, at + 1) ? at : -1;
    if (code === SPACE) return -1;
  }
  return -1;
}

function isPid(line: string, start: number): boolean {
  const close = line.indexOf(']', start);
  return close > start && close - start <= 12;
}

function readPid(line: string, start: number, end: number): number | undefined {
  if (end <= start || end - start > 10) return undefined;
  let pid = 0;
  for (let at = start; at < end; at += 1) {
    const digit = line.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    pid = pid * 10 + digit;
  }
  return pid;
}

function baseName(program: string): string {
  const slash = program.lastIndexOf('/');
  return slash === -1 || slash === program.length - 1 ? program : program.slice(slash + 1);
}

function skipSpaces(line: string, start: number): number {
  let at = start;
  while (line.charCodeAt(at) === SPACE) at += 1;
  return at;
}

const SPACE = 0x20;
const COLON = 0x3a;
const BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LESS_THAN = 0x3c;
const ONE = 0x31;
const DASH = 0x2d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BYTE_ORDER_MARK = 0xfeff;
