import { createRequire } from 'node:module';
import { Language, type Node, Parser, type TreeCursor } from 'web-tree-sitter';
import { readExpression } from './expression.ts';
import { createReader, type Reader } from './reader.ts';
import { readSimpleAssignment } from './simple.ts';
import type { Attribute, Block, Body, Expression } from './syntax.ts';
import { hideEscapes } from './template.ts';

export interface ParsedFile {
  readonly body: Body;
  /** What of the file could not be read: the first error, or nothing. */
  readonly problem?: { readonly line: number; readonly problem: string } | undefined;
}

export interface HclParser {
  /** Never throws. A block with an error inside is left out, for half of it would be judged wrongly. */
  readonly parse: (text: string) => ParsedFile;
  /** A text with `${…}` and `%{…}` in it, as in a file of its own; undefined where it is broken. */
  readonly parseTemplate: (text: string) => Expression | undefined;
  readonly close: () => void;
}

/** How many steps the parser may take per character before the text is given up as hostile. */
const STEPS_PER_CHARACTER = 50;
/** A hundred thousand lines in one file are more than anyone writes. */
const MAX_CHARACTERS = 8 * 1024 * 1024;
const MAX_BLOCK_DEPTH = 50;
const TOO_DEEP = 'nested too deep';
const EMPTY: Body = { attributes: [], blocks: [] };

let language: Promise<Language> | undefined;

/** HCL by the tree-sitter grammar of the Terraform community, which goes on reading behind an error. */
export async function createHclParser(): Promise<HclParser> {
  language ??= loadLanguage();
  const hcl = await language;
  const parser = new Parser();
  parser.setLanguage(hcl);
  const parse = (text: string) => parseFile(parser, text);
  return { parse, parseTemplate: (text) => templateOf(text, parse), close: () => parser.delete() };
}

const MARK = 'END_OF_THIS_TEMPLATE';

/** The grammar knows templates inside of files only: the text is read as a heredoc, whose last line break is not its own. */
function templateOf(text: string, parse: (text: string) => ParsedFile): Expression | undefined {
  const { body, problem } = parse(`template = <<${MARK}\n${text}\n${MARK}\n`);
  const [attribute] = body.attributes;
  if (problem || !attribute || body.attributes.length > 1 || body.blocks.length > 0) return undefined;
  const { value } = attribute;
  if (value.kind === 'literal' && typeof value.value === 'string')
    return { ...value, value: value.value.replace(/\n$/, '') };
  if (value.kind !== 'template') return undefined;
  const parts = [...value.parts];
  const last = parts.pop();
  const rest = typeof last === 'string' ? last.replace(/\n$/, '') : last;
  return { kind: 'template', parts: rest === undefined || rest === '' ? parts : [...parts, rest] };
}

async function loadLanguage(): Promise<Language> {
  await Parser.init();
  const path = createRequire(import.meta.url).resolve('@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm');
  return Language.load(path);
}

function parseFile(parser: Parser, original: string): ParsedFile {
  if (original.length > MAX_CHARACTERS) {
    const problem = `is larger than ${MAX_CHARACTERS / 1024 / 1024} MB and is not read.`;
    return { body: EMPTY, problem: { line: 1, problem } };
  }
  const text = hideEscapes(original.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
  const whole = parseText(parser, text, 0);
  if (whole.problem === undefined) return whole;
  // Behind a mistake the grammar may lose its footing: each block at the margin is read by itself.
  const pieces = text.split(BLOCK_AT_MARGIN);
  if (pieces.length === 1) return whole;
  let line = 0;
  const parsed = pieces.map((piece) => {
    const one = parseText(parser, piece, line);
    line += piece.split('\n').length - 1;
    return one;
  });
  const body = {
    attributes: parsed.flatMap((one) => one.body.attributes),
    blocks: parsed.flatMap((one) => one.body.blocks),
  };
  return { body, problem: parsed.find(({ problem }) => problem)?.problem ?? whole.problem };
}

const BLOCK_AT_MARGIN = /^(?=(?:resource|data|module|variable|output|locals|provider|terraform)\b[^\n]*\{)/m;

/** @param above how many lines of the file stand before the text */
function parseText(parser: Parser, text: string, above: number): ParsedFile {
  let steps = 0;
  const limit = 10_000 + text.length * STEPS_PER_CHARACTER;
  const tree = parser.parse(text, null, { progressCallback: () => ++steps * 100 > limit });
  if (!tree) {
    parser.reset();
    return { body: EMPTY, problem: { line: above + 1, problem: 'takes too long to parse.' } };
  }
  const cursor = tree.walk();
  try {
    return readFile(tree.rootNode, cursor, text, above);
  } finally {
    cursor.delete();
    tree.delete();
  }
}

interface Reading {
  readonly reader: Reader;
  readonly cursor: TreeCursor;
  readonly lineOf: (index: number) => number;
  /** Only set where the file has errors: then every block is asked for its own. */
  readonly isBroken: boolean;
  problem?: { readonly line: number; readonly problem: string } | undefined;
}

function readFile(root: Node, cursor: TreeCursor, text: string, above: number): ParsedFile {
  const reading: Reading = {
    reader: createReader(cursor, text),
    cursor,
    lineOf: lineFinder(text, above),
    isBroken: root.hasError,
  };
  if (root.hasError) reading.problem = firstError(root, above);
  const attributes: Attribute[] = [];
  const blocks: Block[] = [];
  readItems(reading, attributes, blocks, 0);
  return { body: { attributes, blocks }, problem: reading.problem };
}

/** The attributes and blocks below the node that the cursor is on, at any depth of `body` and broken nodes. */
function readItems(reading: Reading, attributes: Attribute[], blocks: Block[], depth: number): void {
  const { reader, cursor } = reading;
  if (!reader.first()) return;
  do {
    const type = reader.type();
    if (type === 'attribute' || type === 'block') {
      if (reading.isBroken && cursor.currentNode.hasError) continue;
      const here = cursor.currentDepth;
      try {
        if (type === 'attribute') attributes.push(readAttribute(reading));
        else blocks.push(readBlock(reading, depth));
      } catch (thrown) {
        if (!(thrown instanceof RangeError)) throw thrown;
        while (cursor.currentDepth > here) cursor.gotoParent();
        const line = reading.lineOf(reader.start());
        reading.problem ??= { line, problem: `is ${TOO_DEEP}.` };
        const [name] = /^[\w-]+/.exec(reader.slice()) ?? [];
        if (type === 'attribute' && name !== undefined)
          attributes.push({ name, value: { kind: 'unreadable', reason: TOO_DEEP }, line, endLine: line });
      }
    } else if (type === 'body' || (type === 'ERROR' && depth === 0)) readItems(reading, attributes, blocks, depth);
  } while (reader.next());
  reader.up();
}

function readAttribute({ reader, lineOf }: Reading): Attribute {
  const line = lineOf(reader.start());
  const plain = readSimpleAssignment(reader.slice());
  if (plain) return { name: plain.name, value: plain.value, line, endLine: line };
  const endLine = lineOf(reader.end() - 1);
  reader.first();
  const name = reader.slice();
  let value: Expression = { kind: 'literal', value: null };
  while (reader.next()) if (reader.type() === 'expression') value = readExpression(reader);
  reader.up();
  return { name, value, line, endLine };
}

function readBlock(reading: Reading, depth: number): Block {
  if (depth > MAX_BLOCK_DEPTH) throw new RangeError(TOO_DEEP);
  const { reader, lineOf } = reading;
  const line = lineOf(reader.start());
  const endLine = lineOf(reader.end() - 1);
  const attributes: Attribute[] = [];
  const blocks: Block[] = [];
  const labels: string[] = [];
  reader.first();
  const type = reader.slice();
  while (reader.next()) {
    const child = reader.type();
    if (child === 'body') readItems(reading, attributes, blocks, depth + 1);
    else if (child === 'string_lit') labels.push(reader.slice().slice(1, -1));
    else if (child === 'identifier') labels.push(reader.slice());
  }
  reader.up();
  return { type, labels, body: { attributes, blocks }, line, endLine };
}

function lineFinder(text: string, above: number): (index: number) => number {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at);
  return (index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return above + low + 1;
  };
}

function firstError(root: Node, above: number): { readonly line: number; readonly problem: string } {
  let node = root;
  for (;;) {
    if (node.isMissing) return { line: above + lineAt(node), problem: `is broken here: ${node.type} is missing.` };
    const next = node.children.find((child) => child?.hasError || child?.isError || child?.isMissing);
    if (!next) return { line: above + lineAt(node), problem: 'is broken here: this is not HCL.' };
    if (next.isError && next.startIndex > node.startIndex)
      return { line: above + lineAt(next), problem: 'is broken here: this is not HCL.' };
    node = next;
  }
}

function lineAt(node: Node): number {
  return node.startPosition.row + 1;
}
