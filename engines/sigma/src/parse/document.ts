import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import type { RuleProblem } from '../rule.ts';
import { type PlainDocument, readPlainYaml } from './plain-yaml.ts';

/** One YAML document as plain data, and where its parts stand. */
export interface RuleDocument {
  readonly data: unknown;
  /** Line of the first key, from 1. */
  readonly line: number;
  /** Line of the part of the document under these keys, or of the nearest one above it that is known. */
  lineOf(path: readonly (string | number)[]): number;
}

const MAX_CHARACTERS = 4_000_000;
const MAX_DOCUMENTS = 5_000;
const MAX_DEPTH = 64;

/**
 * Splits a file into YAML documents (1.2, core schema). Empty documents are left out; aliases may multiply a document
 * by at most a hundred; nesting deeper than 64 and files over 4,000,000 characters are refused before they are read.
 */
export function readDocuments(text: string, file: string): { documents: RuleDocument[]; problems: RuleProblem[] } {
  const problem = (line: number, what: string, suggestion: string): RuleProblem => ({
    file,
    line,
    problem: what,
    suggestion,
  });
  if (text.length > MAX_CHARACTERS)
    return { documents: [], problems: [problem(1, `the file has ${text.length} characters`, 'Split it.')] };
  const plain = readPlainYaml(text);
  if (plain !== undefined && plain.length <= MAX_DOCUMENTS)
    return { documents: plain.filter(({ data }) => data !== null).map((one) => withLines(one, text)), problems: [] };
  const deep = deepLine(text);
  if (deep !== undefined)
    return { documents: [], problems: [problem(deep, `the file nests deeper than ${MAX_DEPTH}`, 'Write it flat.')] };
  const lines = new LineCounter();
  const documents: RuleDocument[] = [];
  const problems: RuleProblem[] = [];
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  if (!Array.isArray(parsed)) return { documents, problems };
  for (const document of parsed.slice(0, MAX_DOCUMENTS)) {
    const line = lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    const [error] = document.errors;
    if (error !== undefined) {
      const at = lines.linePos(error.pos[0]).line;
      problems.push(problem(at, `the YAML is broken: ${error.message}`, 'Check quotes, colons and indentation.'));
      continue;
    }
    if (document.contents === null) continue;
    try {
      const data: unknown = document.toJS({ maxAliasCount: 100 });
      if (data === null) continue;
      documents.push({ data, line, lineOf: (path) => lineOf(document, path, lines, line) });
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      problems.push(problem(line, `the YAML cannot be read: ${reason}`, 'Write aliases out.'));
    }
  }
  if (parsed.length > MAX_DOCUMENTS) problems.push(problem(1, `the file has ${parsed.length} documents`, 'Split it.'));
  return { documents, problems };
}

/** Where parts stand is asked of rules that are refused: only then is the text read by the parser that knows. */
function withLines({ data, line }: PlainDocument, text: string): RuleDocument {
  return {
    data,
    line,
    lineOf(path) {
      if (path.length === 0) return line;
      const lines = new LineCounter();
      const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
      const own = [...parsed].find(({ contents }) => lines.linePos(contents?.range?.[0] ?? -1).line === line);
      return own === undefined ? line : lineOf(own, path, lines, line);
    },
  };
}

function lineOf(document: Document, path: readonly (string | number)[], lines: LineCounter, first: number): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return lines.linePos(range[0]).line;
  }
  return first;
}

/** The first line that nests too deep: by brackets, by indentation, or by dashes on one line. The parser recurses. */
function deepLine(text: string): number | undefined {
  let line = 1;
  let brackets = 0;
  let dashes = 0;
  const indents: number[] = [];
  let indent = 0;
  let leading = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      line += 1;
      leading = true;
      indent = 0;
      if (text.startsWith('---', at + 1)) brackets = 0;
      dashes = 0;
      continue;
    }
    if (code === 91 || code === 123) brackets += 1;
    else if ((code === 93 || code === 125) && brackets > 0) brackets -= 1;
    if (brackets > MAX_BRACKETS) return line;
    if (!leading) continue;
    if (code === 32) indent += 1;
    else if (code === 45 || code === 63) {
      dashes += 1;
      indent += 1;
    } else {
      leading = false;
      while (indents.length > 0 && (indents[indents.length - 1] as number) >= indent) indents.pop();
      indents.push(indent);
      if (indents.length > MAX_DEPTH || dashes > MAX_DEPTH) return line;
    }
  }
  return undefined;
}

/** Brackets in texts and regular expressions are counted too, open ones as well: a generous bound that the stack bears. */
const MAX_BRACKETS = 1_000;
