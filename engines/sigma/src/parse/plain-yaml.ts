import { Refusal } from '../refusal.ts';

/** One document of a file that is written plainly, and the line of its first key, from 1. */
export interface PlainDocument {
  readonly data: unknown;
  readonly line: number;
}

/**
 * Reads YAML as nearly every rule is written: block maps and lists, scalars on one line, literal blocks, short lists in
 * brackets. Ten times as fast as a whole YAML parser, and agrees with it on all that it takes.
 *
 * @returns undefined for everything else (anchors, tags, folded texts, flow maps, doubtful indentation, errors of any
 *   kind): the whole parser must read it then, and says what is wrong.
 */
export function readPlainYaml(text: string): readonly PlainDocument[] | undefined {
  // Tabs, carriage returns and marks of byte order have rules of their own; so has the key that every object inherits.
  if (/[\t\r\ufeff]/.test(text) || text.includes('__proto__')) return undefined;
  const documents: PlainDocument[] = [];
  const reader: Reader = { lines: text.split('\n'), at: 0, depth: 0 };
  try {
    while (reader.at < reader.lines.length) {
      const indent = skipBlank(reader);
      if (indent === END) break;
      if (indent === MARKER) {
        reader.at += 1;
        continue;
      }
      if (indent !== 0) return undefined;
      const line = reader.at + 1;
      documents.push({ data: readBlock(reader, 0), line });
      const next = skipBlank(reader);
      if (next !== END && next !== MARKER) return undefined;
    }
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
  return documents;
}

interface Reader {
  readonly lines: readonly string[];
  at: number;
  depth: number;
}

const NOT_PLAIN = new Refusal('this is not plain YAML', 'Leave it to the whole parser.');
const END = -1;
const MARKER = -2;
const MAX_DEPTH = 32;

function give(): never {
  throw NOT_PLAIN;
}

/** Goes to the next line that says something. @returns its indentation, or `END`, or `MARKER` for `---`. */
function skipBlank(reader: Reader): number {
  const { lines } = reader;
  for (; reader.at < lines.length; reader.at++) {
    const line = lines[reader.at] as string;
    const indent = indentOf(line);
    if (indent === line.length || line.charCodeAt(indent) === 35) continue;
    if (indent === 0 && (line.startsWith('---') || line.startsWith('...') || line.startsWith('%')))
      return line.trimEnd() === '---' ? MARKER : give();
    return indent;
  }
  return END;
}

function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 32) at += 1;
  return at;
}

function readBlock(reader: Reader, indent: number): unknown {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) give();
  const line = reader.lines[reader.at] as string;
  const result = isDash(line, indent) ? readList(reader, indent) : readMap(reader, indent, undefined);
  reader.depth -= 1;
  return result;
}

function isDash(line: string, indent: number): boolean {
  return line.charCodeAt(indent) === 45 && (line.length === indent + 1 || line.charCodeAt(indent + 1) === 32);
}

function readList(reader: Reader, indent: number): unknown[] {
  const list: unknown[] = [];
  for (let next = indent; next === indent; next = skipBlank(reader)) {
    const line = reader.lines[reader.at] as string;
    if (!isDash(line, indent)) break;
    const inner = indent + 1 + indentOf(line.slice(indent + 1));
    const rest = line.slice(inner);
    if (rest === '' || rest.charCodeAt(0) === 35) {
      reader.at += 1;
      const below = skipBlank(reader);
      list.push(below > indent ? readBlock(reader, below) : null);
    } else if (isDash(line, inner)) give();
    else if (keyEnd(rest) >= 0) {
      reader.depth += 1;
      if (reader.depth > MAX_DEPTH) give();
      list.push(readMap(reader, inner, rest));
      reader.depth -= 1;
    } else list.push(readValue(reader, rest, indent));
  }
  if (skipBlank(reader) > indent) give();
  return list;
}

/** @param first what stands behind a dash on the first line, which has that indentation then. */
function readMap(reader: Reader, indent: number, first: string | undefined): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  let rest = first;
  for (let next = indent; next === indent; next = skipBlank(reader)) {
    rest ??= (reader.lines[reader.at] as string).slice(indent);
    if (isDash(rest, 0)) break;
    const end = keyEnd(rest);
    if (end < 0) give();
    const key = readKey(rest.slice(0, end));
    if (Object.hasOwn(map, key)) give();
    const value = rest.slice(end + 1).trimStart();
    rest = undefined;
    if (value !== '' && value.charCodeAt(0) !== 35) {
      map[key] = readValue(reader, value, indent);
      continue;
    }
    reader.at += 1;
    const below = skipBlank(reader);
    // A list may stand as far left as its key.
    if (below > indent || (below === indent && isDash(reader.lines[reader.at] as string, indent)))
      map[key] = readBlock(reader, below);
    else map[key] = null;
  }
  if (skipBlank(reader) > indent) give();
  return map;
}

const PLAIN_KEY = /^[A-Za-z_][^:#'"[\]{},&*!>%@`]*$/;
const SPECIAL = /^(?:null|Null|NULL|true|True|TRUE|false|False|FALSE)$/;

/** Where the colon after a key stands; -1 where the line is no entry of a map. */
function keyEnd(line: string): number {
  const quote = line.charCodeAt(0);
  if (quote === 39 || quote === 34) {
    const close = line.indexOf(line[0] as string, 1);
    if (close < 0) give();
    const colon = line.charCodeAt(close + 1) === 58 && (line.length === close + 2 || line.charCodeAt(close + 2) === 32);
    return colon ? close + 1 : -1;
  }
  for (let at = line.indexOf(':'); at >= 0; at = line.indexOf(':', at + 1))
    if (at + 1 === line.length || line.charCodeAt(at + 1) === 32) return at;
  return -1;
}

function readKey(text: string): string {
  const quote = text[0];
  if (quote === "'" || quote === '"') {
    const inner = text.slice(1, -1);
    if (inner.includes('\\') && quote === '"') give();
    return inner;
  }
  const key = text.trimEnd();
  if (!PLAIN_KEY.test(key) || SPECIAL.test(key)) give();
  return key;
}

/** Reads a value that begins on this line, and goes to the line after it. `indent` is that of the key or dash. */
function readValue(reader: Reader, text: string, indent: number): unknown {
  const code = text.charCodeAt(0);
  if (code === 124) return readLiteral(reader, text, indent);
  reader.at += 1;
  const value = code === 91 ? readBracketed(text) : readScalar(text);
  // What is further to the right on the next line may belong to this value.
  if (skipBlank(reader) > indent) give();
  return value;
}

function readScalar(text: string): unknown {
  const code = text.charCodeAt(0);
  if (code !== 39 && code !== 34) return readPlain(text);
  const end = code === 39 ? singleEnd(text, 0) : doubleEnd(text, 0);
  const rest = text.slice(end).trimStart();
  if (rest !== '' && (rest.charCodeAt(0) !== 35 || text.charCodeAt(end) !== 32)) give();
  return unquoted(text.slice(0, end));
}

/** Behind the closing quote. */
function singleEnd(text: string, from: number): number {
  for (let at = text.indexOf("'", from + 1); at >= 0; at = text.indexOf("'", at + 2))
    if (text.charCodeAt(at + 1) !== 39) return at + 1;
  return give();
}

function doubleEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 34) return at + 1;
  }
  return give();
}

function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  if (text.charCodeAt(0) === 39) return inner.includes("''") ? inner.replaceAll("''", "'") : inner;
  if (!inner.includes('\\')) return inner;
  if (/\\[^"\\nt]/.test(inner.replaceAll('\\\\', ''))) give();
  return inner.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 't' ? '\t' : letter));
}

/** `[a, 'b', 3]`, nothing nested. */
function readBracketed(text: string): unknown[] {
  const list: unknown[] = [];
  let at = 1;
  for (;;) {
    while (text.charCodeAt(at) === 32) at += 1;
    const code = text.charCodeAt(at);
    if (code === 93 && list.length === 0) break;
    let end: number;
    if (code === 39 || code === 34) {
      end = code === 39 ? singleEnd(text, at) : doubleEnd(text, at);
      list.push(unquoted(text.slice(at, end)));
    } else {
      const found = /[,\]]/g;
      found.lastIndex = at;
      end = found.exec(text)?.index ?? give();
      const plain = text.slice(at, end);
      if (!/^[A-Za-z0-9_.][A-Za-z0-9_./ -]*$/.test(plain)) give();
      list.push(readPlain(plain));
    }
    while (text.charCodeAt(end) === 32) end += 1;
    at = end + 1;
    if (text.charCodeAt(end) === 93) break;
    if (text.charCodeAt(end) !== 44) give();
    while (text.charCodeAt(at) === 32) at += 1;
    if (text.charCodeAt(at) === 93) give();
  }
  const close = text.indexOf(']', at - 1);
  const rest = text.slice(close + 1);
  if (rest.trim() !== '' && !rest.startsWith(' #')) give();
  return list;
}

/** Core schema (YAML 1.2.2, 10.3.2). */
function readPlain(line: string): unknown {
  const comment = line.indexOf(' #');
  const text = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  const code = text.charCodeAt(0);
  // Indicators that begin something else.
  if (NOT_FIRST.includes(text[0] as string)) give();
  if ((code === 45 || code === 63 || code === 58) && (text.length === 1 || text.charCodeAt(1) === 32)) give();
  if (text.includes(': ') || text.charCodeAt(text.length - 1) === 58) give();
  // Digits, signs and points may begin numbers.
  if (code < 58 && code > 42 && code !== 44 && code !== 47) return readNumber(text);
  if (SPECIAL.test(text)) return /^n/i.test(text) ? null : /^t/i.test(text);
  return text === '~' ? null : text;
}

const NOT_FIRST = ',[]{}#&*!|>\'"%@`';

function readNumber(text: string): unknown {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (/^[-+.\d][\d._]*(?:e[-+]?\d+)?$|^[-+]?0[xo]|^[-+]?\.(?:inf|nan)$/i.test(text)) {
    if (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) && text.length < 16 && !/^-0+$/.test(text)) return Number(text);
    if (/^0x[0-9a-fA-F]{1,12}$/.test(text)) return Number.parseInt(text, 16);
    // Other numbers, and what looks like one, such as an address or a version.
    if (!/^\d+(?:\.\d+){2,}$/.test(text)) give();
  }
  return text;
}

/** `|` and `|-`: the lines below, as they stand. */
function readLiteral(reader: Reader, header: string, indent: number): string {
  const kind = header.trimEnd();
  if (kind !== '|' && kind !== '|-') give();
  reader.at += 1;
  const { lines } = reader;
  const first = lines[reader.at];
  const inner = first === undefined ? 0 : indentOf(first);
  if (first === undefined || inner <= indent || inner === first.length) give();
  const found: string[] = [];
  for (; reader.at < lines.length; reader.at++) {
    const line = lines[reader.at] as string;
    const own = indentOf(line);
    if (own === line.length) {
      if (own > inner) give();
      found.push('');
    } else if (own < inner) {
      // A comment after the text, or text too far to the left.
      if (own > indent) give();
      break;
    } else found.push(line.slice(inner));
  }
  while (found[found.length - 1] === '') found.pop();
  return found.join('\n') + (kind === '|' ? '\n' : '');
}
