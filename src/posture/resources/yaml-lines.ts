import { Composer, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, Parser } from 'yaml';
import type { LoadProblem } from '#model/resource.ts';

/** A document as it is written: each value knows its lines (from 1), its tag (`!Ref`) and nothing of the library that read it. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

interface Placed {
  readonly line: number;
  readonly endLine: number;
  readonly tag?: string | undefined;
  /** Values inside, itself included, aliases counted as often as they are named. */
  readonly size: number;
  readonly height: number;
}

export interface YamlScalar extends Placed {
  readonly kind: 'scalar';
  /** `undefined` for null and nothing. Numbers that would print otherwise than they are written stay text (`8.0`, `012`). */
  readonly value: string | number | boolean | undefined;
  /** Not in quotes and no block: `{{ x }}` means something else there. */
  readonly plain: boolean;
}

export interface YamlList extends Placed {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends Placed {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

export interface YamlEntry {
  readonly line: number;
  readonly value: YamlNode;
}

export interface YamlRead {
  /** Documents that hold anything, in their order; those with an error are missing. */
  readonly documents: readonly YamlNode[];
  readonly problems: readonly LoadProblem[];
}

export interface YamlOptions {
  /** `yes`, `no`, `on`, `off` are booleans, as YAML 1.1 has it and Kubernetes and CloudFormation read it. */
  readonly oldBooleans?: boolean;
}

/** The library takes a second and a hundred megabytes for each of them. */
export const MAX_YAML_CHARACTERS = 4 * 1024 * 1024;
const MAX_HEIGHT = 100;
const MAX_SIZE = 1_000_000;
const MAX_DUPLICATES_TOLD = 5;
const MAX_BROKEN_TOLD = 20;

/**
 * Reads YAML 1.2 or JSON of any number of documents from hostile text and keeps the lines. Never throws: what cannot be read is a problem
 * with its line, and the other documents are read. Of a key given twice the last counts, and it is a problem too; `__proto__` is
 * left out. Aliases are followed, merge keys (`<<`) merged, both bounded by what they would expand to.
 */
export function readYaml(file: string, text: string, options: YamlOptions = {}): YamlRead {
  const problems: LoadProblem[] = [];
  const documents: YamlNode[] = [];
  if (text.length > MAX_YAML_CHARACTERS) {
    return {
      documents,
      problems: [
        { file, problem: `This file is larger than ${MAX_YAML_CHARACTERS / 1024 / 1024} MB and is not read.` },
      ],
    };
  }
  const source = text.charCodeAt(0) === 0xfe_ff ? text.slice(1) : text;
  const strange = source.search(/[\0\ufffd]/);
  if (strange !== -1) {
    problems.push({ file, line: lineAt(source, strange), problem: 'This file holds bytes that are not UTF-8 text.' });
    if (source.charCodeAt(strange) === 0) return { documents, problems };
  }
  const deep = tooDeepAt(source);
  if (deep !== undefined) {
    return {
      documents,
      problems: [...problems, { file, line: deep, problem: TOO_DEEP }],
    };
  }
  const lines = new LineCounter();
  const parsed = parseDocuments(source, lines);
  if (typeof parsed === 'number') {
    const { line } = lines.linePos(parsed);
    return { documents, problems: [...problems, { file, line, problem: 'This file cannot be read as YAML.' }] };
  }
  const end = source.trimEnd().length;
  let broken = 0;
  for (const document of parsed) {
    const error = document.errors[0];
    if (error !== undefined) {
      // An end that is missing is missed behind the last line.
      const { line } = lines.linePos(Math.min(error.pos[0], end));
      broken += 1;
      if (broken <= MAX_BROKEN_TOLD) problems.push({ file, line, problem: `${INVALID}${firstLine(error.message)}` });
      continue;
    }
    if (document.contents === null) continue;
    const reading: Reading = {
      lines,
      anchors: new Map(),
      oldBooleans: options.oldBooleans === true,
      wrong: [],
      fatal: undefined,
    };
    const root = convert(document.contents, reading);
    problems.push(...reading.wrong.slice(0, MAX_DUPLICATES_TOLD).map((wrong) => ({ file, ...wrong })));
    if (reading.fatal !== undefined) problems.push({ file, ...reading.fatal });
    else if (root.kind !== 'scalar' || root.value !== undefined) documents.push(root);
  }
  return { documents, problems };
}

/**
 * All documents, or where the first error is if the text is no YAML at all: the library makes an error with a stack trace of
 * every wrong character, and goes on to the end of the file.
 */
function parseDocuments(source: string, lines: LineCounter): readonly Document.Parsed[] | number {
  const composer = new Composer(LIBRARY);
  const told = composer as unknown as { onError: (at: unknown, ...rest: readonly unknown[]) => void };
  const tell = told.onError;
  let errors = 0;
  let first = 0;
  told.onError = (place, ...rest) => {
    errors += 1;
    if (errors === 1) first = offsetOf(place);
    if (errors > MAX_ERRORS) throw new RangeError('too many errors');
    tell(place, ...rest);
  };
  try {
    return [...composer.compose(new Parser(lines.addNewLine).parse(source))];
  } catch {
    return first;
  }
}

/** The library says a place as an offset, a range, or a token. */
function offsetOf(place: unknown): number {
  if (typeof place === 'number') return place;
  if (Array.isArray(place)) return typeof place[0] === 'number' ? place[0] : 0;
  return typeof place === 'object' && place !== null && 'offset' in place && typeof place.offset === 'number'
    ? place.offset
    : 0;
}

const MAX_ERRORS = 1000;

/** The value of a key, if the node is a map and has it. */
export function at(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** The text of a scalar as it was meant: numbers and booleans printed. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== undefined ? String(node.value) : undefined;
}

/** The short forms of templates’ functions, so that the library need not make a warning of each. */
const TEMPLATE_TAGS = [
  'Ref',
  'GetAtt',
  'Sub',
  'Join',
  'If',
  'Equals',
  'Not',
  'And',
  'Or',
  'Select',
  'Split',
  'FindInMap',
  'Base64',
  'ImportValue',
  'GetAZs',
  'Condition',
].flatMap((name) => [
  { tag: `!${name}`, resolve: (value: string) => value },
  { tag: `!${name}`, collection: 'seq' as const, resolve: (value: unknown) => value },
  { tag: `!${name}`, collection: 'map' as const, resolve: (value: unknown) => value },
]);

const LIBRARY = {
  customTags: TEMPLATE_TAGS,
  schema: 'failsafe',
  uniqueKeys: false,
  strict: false,
  logLevel: 'silent',
  prettyErrors: false,
} as const;

interface Reading {
  readonly lines: LineCounter;
  readonly anchors: Map<string, YamlNode>;
  readonly oldBooleans: boolean;
  readonly wrong: { readonly line: number; readonly problem: string }[];
  fatal: { readonly line: number; readonly problem: string } | undefined;
}

function convert(node: Node | null | undefined, reading: Reading): YamlNode {
  if (!node || reading.fatal !== undefined) return NOTHING;
  const line = lineOf(node, 0, reading);
  let made: YamlNode;
  if (isAlias(node)) {
    const meant = reading.anchors.get(node.source);
    if (meant === undefined) reading.wrong.push({ line, problem: 'This alias names no anchor before it.' });
    return { ...(meant ?? NOTHING), line, endLine: line };
  }
  if (isScalar(node)) {
    const plain = node.type === 'PLAIN';
    const endLine = Math.max(line, lineOf(node, 1, reading));
    made = {
      kind: 'scalar',
      value: scalarValue(textIn(node.value), plain, node.tag, reading),
      plain,
      line,
      endLine,
      tag: node.tag,
      size: 1,
      height: 1,
    };
  } else if (isSeq(node)) {
    const items = node.items.map((item) => convert(item as Node, reading));
    made = { kind: 'list', items, line, endLine: endOf(node, items, line, reading), tag: node.tag, ...measure(items) };
  } else if (isMap(node)) {
    const entries = entriesOf(node.items as readonly { key: unknown; value: unknown }[], reading);
    const values = [...entries.values()].map((entry) => entry.value);
    made = {
      kind: 'map',
      entries,
      line,
      endLine: endOf(node, values, line, reading),
      tag: node.tag,
      ...measure(values),
    };
  } else {
    return NOTHING;
  }
  if (made.height > MAX_HEIGHT) reading.fatal ??= { line, problem: TOO_DEEP };
  if (made.size > MAX_SIZE)
    reading.fatal ??= {
      line,
      problem: `This document holds more than ${MAX_SIZE} values, aliases counted, and is not read.`,
    };
  if (node.anchor !== undefined) reading.anchors.set(node.anchor, made);
  return made;
}

const NOTHING: YamlScalar = { kind: 'scalar', value: undefined, plain: true, line: 1, endLine: 1, size: 1, height: 1 };

function entriesOf(pairs: readonly { key: unknown; value: unknown }[], reading: Reading): Map<string, YamlEntry> {
  const entries = new Map<string, YamlEntry>();
  const merged: YamlNode[] = [];
  for (const pair of pairs) {
    const keyNode = convert(pair.key as Node, reading);
    const value = convert(pair.value as Node | null, reading);
    const line = keyNode.line;
    const key = isScalar(pair.key) ? textIn(pair.key.value) : textOf(keyNode);
    if (key === undefined) {
      const template = keyNode.kind === 'map' && reading.wrong.length === 0;
      reading.wrong.push({ line, problem: template ? TEMPLATE_KEY : 'This key is no text and is left out.' });
    } else if (key === '__proto__') {
      reading.wrong.push({ line, problem: 'A key named __proto__ is left out.' });
    } else if (key === '<<' && value.kind !== 'scalar') {
      merged.push(...(value.kind === 'list' ? value.items : [value]));
    } else {
      if (entries.has(key))
        reading.wrong.push({ line, problem: `The key "${key.slice(0, 60)}" is given twice; the last one counts.` });
      entries.set(key, { line, value: value === NOTHING ? { ...NOTHING, line, endLine: line } : value });
    }
  }
  for (const from of merged) {
    if (from.kind !== 'map') continue;
    for (const [key, entry] of from.entries) if (!entries.has(key)) entries.set(key, entry);
  }
  return entries;
}

/** What `{{ .Values.x }}` looks like to YAML; the Kubernetes loader knows it again. */
export const TEMPLATE_KEY = 'This key is a map and is left out.';

/** How each word about a broken document begins. */
export const INVALID = 'This is not valid YAML: ';

const TOO_DEEP = `This document is nested deeper than ${MAX_HEIGHT} levels and is not read.`;

function scalarValue(source: string, plain: boolean, tag: string | undefined, reading: Reading): YamlScalar['value'] {
  if (!plain || tag === 'tag:yaml.org,2002:str' || (tag?.startsWith('!') && tag !== '!')) return source;
  if (source === '' || NULL.test(source)) return undefined;
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  if (reading.oldBooleans && OLD_TRUE.test(source)) return true;
  if (reading.oldBooleans && OLD_FALSE.test(source)) return false;
  if (!NUMBER.test(source)) return source;
  const number = Number(source);
  return String(number) === source ? number : source;
}

const NULL = /^(?:~|null|Null|NULL)$/;
const TRUE = /^(?:true|True|TRUE)$/;
const FALSE = /^(?:false|False|FALSE)$/;
const OLD_TRUE = /^(?:yes|Yes|YES|on|On|ON)$/;
const OLD_FALSE = /^(?:no|No|NO|off|Off|OFF)$/;
const NUMBER = /^-?\d{1,20}(?:\.\d{1,20})?$/;

/** Scalars of the library’s plainest schema are texts. */
function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function measure(children: readonly YamlNode[]): { size: number; height: number } {
  let size = 1;
  let height = 0;
  for (const child of children) {
    size += child.size;
    height = Math.max(height, child.height);
  }
  return { size, height: height + 1 };
}

function lineOf(node: Node, which: 0 | 1, reading: Reading): number {
  const range = node.range;
  if (!range) return 1;
  return reading.lines.linePos(which === 0 ? range[0] : Math.max(range[0], range[1] - 1)).line;
}

/** The library ends a block collection where the next thing begins; a reader sees its end at its last value. */
function endOf(
  node: Node & { flow?: boolean | undefined },
  children: readonly YamlNode[],
  line: number,
  reading: Reading,
): number {
  if (node.flow) return lineOf(node, 1, reading);
  return children.reduce((end, child) => Math.max(end, child.endLine), line);
}

/** Brackets are counted without looking at quotes: five times as many as we allow are still no work for the library. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > 5 * MAX_HEIGHT) return lineAt(text, index);
    } else if ((code === 0x5d || code === 0x7d) && depth > 0) {
      depth -= 1;
    }
  }
  const stairs = text.search(/^[ \t]*(?:[-?:][ \t]+){100}/m);
  return stairs === -1 ? undefined : lineAt(text, stairs);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let found = text.indexOf('\n'); found !== -1 && found < offset; found = text.indexOf('\n', found + 1)) line += 1;
  return line;
}

/** Without what the library quotes from the file: it may be a secret. */
function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').replace(/:?\s*["'`].*$/, '').slice(0, 160);
}
