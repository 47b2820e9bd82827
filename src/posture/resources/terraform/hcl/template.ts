import type { Reader } from './reader.ts';
import type { Expression, TemplatePart } from './syntax.ts';

/** What is read, in order, before it is put together: text, interpolations, and directives with where they begin and end. */
type Token =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'interpolation'; readonly value: Expression }
  | { readonly kind: 'if'; readonly test: Expression }
  | {
      readonly kind: 'for';
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly of: Expression;
    }
  | { readonly kind: 'else' | 'end' };
type Sided = Token & { readonly trimsBefore?: boolean; readonly trimsAfter?: boolean };

/** Reads the quoted string or the heredoc that the cursor is on (or above) and leaves the cursor there. */
export function readTemplate(reader: Reader, readPart: (reader: Reader) => Expression): Expression {
  const text = reader.slice();
  const isHeredoc = text.startsWith('<<');
  const collecting: Collecting = { reader, readPart, isHeredoc, tokens: [], at: reader.start() };
  // The template stands directly below `template_expr`; a string without parts stands below `literal_value`.
  reader.first();
  for (let more = reader.first(); more; more = reader.next()) collect(collecting);
  reader.up();
  reader.up();
  const { tokens } = collecting;
  if (isHeredoc) cutHeredoc(tokens, text.startsWith('<<-'));
  trim(tokens);
  const parts = build(tokens);
  if (parts.length === 0) return { kind: 'literal', value: '' };
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return { kind: 'literal', value: only };
  return { kind: 'template', parts };
}

interface Collecting {
  readonly reader: Reader;
  readonly readPart: (reader: Reader) => Expression;
  readonly isHeredoc: boolean;
  readonly tokens: Sided[];
  /** Where the last token ended. What lies between two is text: the grammar's own nodes for it lack outer white space. */
  at: number;
}

function collect(collecting: Collecting): void {
  const { reader } = collecting;
  const type = reader.type();
  if (type === 'template_directive' || type === 'template_if' || type === 'template_for') {
    for (let more = reader.first(); more; more = reader.next()) collect(collecting);
    reader.up();
    return;
  }
  if (type === 'template_literal' || type === 'strip_marker') return;
  const isFirst = type === 'quoted_template_start' || type === 'heredoc_start' || collecting.at === -1;
  if (!isFirst) pushText(collecting, reader.start());
  // The opening mark of a heredoc comes second, and no text is before it.
  collecting.at = type === 'heredoc_start' ? -1 : reader.end();
  const token = readToken(collecting, type);
  if (token) collecting.tokens.push(token);
}

function pushText({ reader, tokens, isHeredoc, at }: Collecting, end: number): void {
  if (end <= at) return;
  const raw = reader.text.slice(at, end);
  tokens.push({ kind: 'text', text: restore(isHeredoc ? raw : unescape(raw)) });
}

function readToken({ reader, readPart }: Collecting, type: string): Sided | undefined {
  if (!type.startsWith('template_')) return undefined;
  const { expressions, names, ...sides } = readInside(reader, readPart);
  const value: Expression = expressions[0] ?? { kind: 'literal', value: null };
  switch (type) {
    case 'template_interpolation':
      return { kind: 'interpolation', value, ...sides };
    case 'template_if_intro':
      return { kind: 'if', test: value, ...sides };
    case 'template_for_start': {
      const keyName = names.length > 1 ? names[0] : undefined;
      return { kind: 'for', keyName, valueName: names.at(-1) ?? '', of: value, ...sides };
    }
    default:
      return { kind: type === 'template_else_intro' ? 'else' : 'end', ...sides };
  }
}

function readInside(reader: Reader, readPart: (reader: Reader) => Expression) {
  const expressions: Expression[] = [];
  const names: string[] = [];
  const text = reader.slice();
  for (let more = reader.first(); more; more = reader.next()) {
    if (reader.type() === 'expression') expressions.push(readPart(reader));
    if (reader.type() === 'identifier') names.push(reader.slice());
  }
  reader.up();
  return { expressions, names, trimsBefore: text.startsWith('~', 2), trimsAfter: text.endsWith('~}') };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs, (_, short, long, char) => {
    if (char !== undefined) return ESCAPES[char] ?? char;
    const code = Number.parseInt(short ?? long, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** The grammar does not know `$${` and `%%{`: they are hidden from it, in as many characters, and put right here. */
export function hideEscapes(text: string): string {
  if (!text.includes('$${') && !text.includes('%%{')) return text;
  return text.replaceAll('$${', '\uE000\uE000{').replaceAll('%%{', '\uE001\uE001{');
}

function restore(text: string): string {
  if (!text.includes('\uE000') && !text.includes('\uE001')) return text;
  return text.replaceAll('\uE000\uE000{', '${').replaceAll('\uE001\uE001{', '%{');
}

/** The text begins behind the line of the mark and ends before the closing mark; `<<-` takes the common indent away. */
function cutHeredoc(tokens: Sided[], isIndented: boolean): void {
  const first = tokens[0];
  if (first?.kind === 'text') first.text = first.text.replace(/^[ \t]*\n/, '');
  const last = tokens.at(-1);
  // The closing mark stands on a line of its own.
  if (last?.kind === 'text') last.text = last.text.slice(0, last.text.lastIndexOf('\n') + 1);
  if (!isIndented) return;
  const indent = commonIndent(tokens);
  if (indent === 0) return;
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'text') continue;
    // Texts stand between other tokens: only the very first begins a line.
    const lines = token.text.split('\n').map((line, index) => (index > 0 || at === 0 ? dedent(line, indent) : line));
    token.text = lines.join('\n');
  }
}

/** The least white space that a line with anything on it begins with. */
function commonIndent(tokens: readonly Sided[]): number {
  let indent = Number.POSITIVE_INFINITY;
  /** White space since the line began; undefined once anything else has come. */
  let spaces: number | undefined = 0;
  const begin = () => {
    if (spaces !== undefined) indent = Math.min(indent, spaces);
    spaces = undefined;
  };
  for (const token of tokens) {
    if (token.kind !== 'text') begin();
    else
      for (const [at, line] of token.text.split('\n').entries()) {
        if (at > 0) spaces = 0;
        if (spaces === undefined) continue;
        spaces += line.length - line.trimStart().length;
        if (line.trim() !== '') begin();
      }
  }
  return Number.isFinite(indent) ? indent : 0;
}

function dedent(line: string, indent: number): string {
  const spaces = line.length - line.trimStart().length;
  return line.slice(Math.min(indent, spaces));
}

function trim(tokens: readonly Sided[]): void {
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    const after = tokens[at + 1];
    if (token.trimsBefore && before?.kind === 'text') before.text = before.text.trimEnd();
    if (token.trimsAfter && after?.kind === 'text') after.text = after.text.trimStart();
  }
}

function build(tokens: readonly Sided[]): readonly TemplatePart[] {
  let at = 0;
  return until().parts;

  function until(): { readonly parts: readonly TemplatePart[]; readonly ended: string } {
    const parts: TemplatePart[] = [];
    while (at < tokens.length) {
      const token = tokens[at++] as Sided;
      if (token.kind === 'end' || token.kind === 'else') return { parts, ended: token.kind };
      if (token.kind === 'text') {
        if (token.text !== '') parts.push(token.text);
      } else if (token.kind === 'interpolation') parts.push({ kind: 'interpolation', value: token.value });
      else if (token.kind === 'if') {
        const yes = until();
        const no = yes.ended === 'else' ? until().parts : [];
        parts.push({ kind: 'if', test: token.test, yes: yes.parts, no });
      } else if (token.kind === 'for') {
        const { keyName, valueName, of } = token;
        parts.push({ kind: 'for', keyName, valueName, of, parts: until().parts });
      }
    }
    return { parts, ended: 'file' };
  }
}
