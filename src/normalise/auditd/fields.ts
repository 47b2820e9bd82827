/** One line of an audit event. */
export interface AuditRecord {
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timeMs: number;
  readonly serial: string;
  readonly node: string | undefined;
  readonly fields: readonly AuditField[];
}

export interface AuditField {
  readonly name: string;
  /** Text as it was meant: quotes gone, hex decoded. */
  readonly value: string;
  /** As it stands in the line, without quotes. */
  readonly token: string;
  readonly isHex: boolean;
}

/**
 * Reads one line as auditd writes it: `[node=…] type=… msg=audit(<seconds>.<ms>:<serial>): name=value …`. Fields inside
 * `msg='…'` and the enriched ones behind the group separator count as the record's own.
 */
export function readAuditLine(line: string): AuditRecord | undefined {
  const head = HEAD.exec(line.length > 512 ? line.slice(0, 512) : line);
  if (head === null) return undefined;
  const [whole, node, type = '', seconds = '', milliseconds = '', serial = ''] = head;
  const fields: AuditField[] = [];
  readFields(line, whole.length, line.length, type, fields);
  return { type, timeMs: Number(seconds) * 1000 + Number(milliseconds), serial, node, fields };
}

const HEAD = /^(?:node=(\S{1,255}) )?type=(\S{1,64}) msg=audit\((\d{1,11})\.(\d{1,3}):(\d{1,20})\):/;

/** Values that stand for nothing. */
const ABSENT: ReadonlySet<string> = new Set(['?', '(null)', '(none)', '']);
const MAX_FIELDS = 8192;

function readFields(line: string, from: number, to: number, type: string, fields: AuditField[]): void {
  let at = from;
  while (at < to && fields.length < MAX_FIELDS) {
    const code = line.charCodeAt(at);
    if (code === SPACE || code === GROUP_SEPARATOR || code === COMMA) {
      at += 1;
      continue;
    }
    const equals = line.indexOf('=', at);
    if (equals === -1 || equals >= to) break;
    // Words without a name go with the value before them: `op=adding user acct="bob"`.
    const name = line.slice(at, equals);
    const wordsEnd = name.lastIndexOf(' ');
    if (wordsEnd >= 0) {
      appendWords(fields, name.slice(0, wordsEnd));
      at += wordsEnd + 1;
      continue;
    }
    at = readField(line, name, equals + 1, to, type, fields);
  }
}

/** @returns the index behind the value. */
function readField(line: string, name: string, from: number, to: number, type: string, fields: AuditField[]): number {
  const opening = line.charCodeAt(from);
  if (opening === DOUBLE_QUOTE || opening === BRACE) {
    const close = line.indexOf(opening === BRACE ? '}' : '"', from + 1);
    const end = close === -1 || close > to ? to : close;
    const token = line.slice(from + 1, end);
    add(fields, { name, value: token, token, isHex: false });
    return end + 1;
  }
  if (opening === SINGLE_QUOTE && name === 'msg') {
    const close = line.lastIndexOf("'", to - 1);
    const end = close > from ? close : to;
    readFields(line, from + 1, end, type, fields);
    return end + 1;
  }
  let end = endOfWord(line, from, to);
  const word = line.slice(from, end);
  // Some pipelines lose the separator: `cap_frootid=0OUID="root"`.
  const glued = word.includes('=') && word.length < 256 ? GLUED.exec(word) : null;
  if (glued !== null) end = from + (glued[1]?.length ?? 0);
  const token = line.slice(from, end);
  const isHex = isHexField(name, type) && token.length % 2 === 0 && HEX.test(token);
  add(fields, { name, value: isHex ? Buffer.from(token, 'hex').toString('utf8') : token, token, isHex });
  return end;
}

function endOfWord(line: string, from: number, to: number): number {
  const space = line.indexOf(' ', from);
  const end = space === -1 || space > to ? to : space;
  const separator = line.slice(from, end).indexOf('\u001d');
  return separator === -1 ? end : from + separator;
}

function add(fields: AuditField[], field: AuditField): void {
  if (!ABSENT.has(field.token)) fields.push(field);
}

function appendWords(fields: AuditField[], words: string): void {
  const last = fields.pop();
  if (last !== undefined) fields.push({ ...last, value: `${last.value} ${words.trim()}` });
}

const GLUED = /^([^A-Z=]*)[A-Z]{2,12}=/;
const HEX = /^[\dA-F]+$/;

/** What the kernel and auditd write in hex when it holds a space, a quote or a control character: “untrusted strings”. */
function isHexField(name: string, type: string): boolean {
  return HEX_FIELDS.has(name) || (type === 'EXECVE' && ARGUMENT.test(name));
}

const HEX_FIELDS: ReadonlySet<string> = new Set([
  'proctitle',
  'comm',
  'exe',
  'name',
  'cwd',
  'acct',
  'cmd',
  'data',
  'key',
  'path',
  'watch',
  'dir',
  'ocomm',
  'file',
  'grp',
  'new_group',
  'old_group',
]);
const ARGUMENT = /^a\d{1,5}(?:\[\d{1,5}\])?$/;

const SPACE = 0x20;
const COMMA = 0x2c;
const GROUP_SEPARATOR = 0x1d;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BRACE = 0x7b;
