import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { parse, stringify } from 'yaml';
import { isUnknown, UNKNOWN_PART, unknown } from '#model/resource.ts';
import { type Cell, failed, isList, objectOf } from '../evaluate/value.ts';
import { deep, type FunctionTable, onTexts } from './define.ts';
import { toJson } from './json.ts';

const MAX_DECODED_DEPTH = 100;

/** Functions that write and read formats, and digests. */
export const ENCODING_FUNCTIONS: FunctionTable = {
  base64encode: onTexts((text = '') => Buffer.from(text).toString('base64')),
  base64decode: onTexts((text = '') => utf8(Buffer.from(text, 'base64'))),
  base64gzip: onTexts((text = '') => gzipSync(text).toString('base64')),
  base64sha256: onTexts((text = '') => createHash('sha256').update(text).digest('base64')),
  base64sha512: onTexts((text = '') => createHash('sha512').update(text).digest('base64')),
  csvdecode: onTexts((text = '') => csv(text)),
  jsondecode: { needs: 'nothing', call: ([text]) => decodeJson(text ?? null) },
  jsonencode: { needs: 'nothing', call: ([value]) => toJson(value ?? null) },
  md5: onTexts((text = '') => hex('md5', text)),
  sha1: onTexts((text = '') => hex('sha1', text)),
  sha256: onTexts((text = '') => hex('sha256', text)),
  sha512: onTexts((text = '') => hex('sha512', text)),
  textencodebase64: onTexts((text = '', encoding = '') => encode(text, encoding)),
  textdecodebase64: onTexts((text = '', encoding = '') => decode(text, encoding)),
  urlencode: onTexts((text = '') => urlEncode(text)),
  urldecode: onTexts((text = '') => decodeURIComponent(text.replaceAll('+', ' '))),
  uuidv5: onTexts((namespace = '', name = '') => uuidV5(namespace, name)),
  yamldecode: onTexts((text = '') => cellOf(parse(text, { maxAliasCount: 100, logLevel: 'silent' }) as unknown, 0)),
  yamlencode: deep(([value]) =>
    stringify(value, {
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'QUOTE_DOUBLE',
      lineWidth: 0,
      sortMapEntries: true,
    }),
  ),
};

function hex(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

function utf8(bytes: Buffer): Cell {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** JSON with unknown parts gives its known parts, and unknowns in their places. */
function decodeJson(text: Cell): Cell {
  if (isUnknown(text)) {
    if (text.partial === undefined) return text;
    const decoded = decodeJson(text.partial);
    return isUnknown(decoded) ? text : withUnknown(decoded, text);
  }
  return typeof text === 'string' ? cellOf(JSON.parse(text) as unknown, 0) : failed('jsondecode needs a text');
}

function withUnknown(value: Cell, missing: Cell): Cell {
  if (typeof value === 'string') return value.includes(UNKNOWN_PART) ? missing : value;
  if (isList(value)) return value.map((item) => withUnknown(item, missing));
  if (typeof value !== 'object' || value === null) return value;
  return objectOf(Object.entries(value).map(([name, item]) => [name, withUnknown(item as Cell, missing)] as const));
}

/** What a parser answered, in our own shape. */
export function cellOf(value: unknown, depth: number): Cell {
  if (depth > MAX_DECODED_DEPTH) return unknown('the value is nested too deep');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => cellOf(item, depth + 1));
  if (typeof value !== 'object' || value === null) return null;
  return objectOf(Object.entries(value).map(([name, item]) => [name, cellOf(item, depth + 1)] as const));
}

function urlEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function encode(text: string, encoding: string): Cell {
  if (/^utf-?8$/i.test(encoding)) return Buffer.from(text).toString('base64');
  if (/^utf-?16le$/i.test(encoding)) return Buffer.from(text, 'utf16le').toString('base64');
  return failed('this encoding is not known');
}

function decode(text: string, encoding: string): Cell {
  return new TextDecoder(encoding, { fatal: true }).decode(Buffer.from(text, 'base64'));
}

const NAMESPACES: Readonly<Record<string, string>> = {
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
};

/** RFC 9562, section 5.5. */
function uuidV5(namespace: string, name: string): Cell {
  const id = NAMESPACES[namespace] ?? namespace;
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return failed('uuidv5 needs a namespace');
  const bytes = createHash('sha1')
    .update(Buffer.from(id.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** RFC 4180, the first row names the columns. */
function csv(text: string): Cell {
  const rows = csvRows(text);
  const [header = [], ...rest] = rows;
  return rest.map((row) => objectOf(header.map((name, at) => [name, row[at] ?? ''] as const)));
}

function csvRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) break;
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] !== ',') {
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
    }
  }
  return rows;
}
