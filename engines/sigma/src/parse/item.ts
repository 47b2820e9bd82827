import { scalarText } from '../match/fields.ts';
import { refuse, under } from '../refusal.ts';
import { compileRegex } from '../regex/index.ts';
import { parseNetwork } from './cidr.ts';
import {
  bytesAsText,
  type Draft,
  expandPlaceholders,
  joined,
  toBase64,
  toBase64Offsets,
  toUtf16,
  withDashes,
} from './encodings.ts';
import { type Modifiers, parseModifiers, type Transformation } from './modifiers.ts';
import { ANY_MANY, type Pattern, parsePattern, placed, plainText } from './pattern.ts';
import type { Comparison, DetectionItem, ParseOptions, Test } from './terms.ts';

const MAX_VALUE_LENGTH = 100_000;

/**
 * Reads one `field|modifiers: values`; modifiers act in the order in which they stand.
 *
 * @param key empty, or modifiers only, for keywords.
 * @throws Refusal
 */
export function parseItem(key: string, values: readonly unknown[], options: ParseOptions): DetectionItem {
  const [name, ...words] = key.split('|') as [string, ...string[]];
  const modifiers = parseModifiers(words);
  const field = name === '' ? undefined : name;
  if (values.length === 0) refuse('a field has an empty list of values', "Use '' for empty and null for absent.");
  if (field === undefined && (modifiers.type === 'exists' || modifiers.type === 'field'))
    refuse(`the modifier “${modifiers.type}” needs a field`, 'Write it after a field name.');
  return {
    field,
    values: values.map((value, at) => under(at, () => parseValue(value, modifiers, options, field === undefined))),
    linking: modifiers.all ? 'all' : 'any',
    negated: modifiers.negated,
  };
}

function parseValue(value: unknown, modifiers: Modifiers, options: ParseOptions, keyword: boolean): readonly Test[] {
  if (typeof value === 'object' && value !== null) refuse('a value is a list or map', 'Write a text or number.');
  if (typeof value === 'string' && value.length > MAX_VALUE_LENGTH)
    refuse(`a value is ${value.length} characters long`, `Keep it under ${MAX_VALUE_LENGTH}.`);
  switch (modifiers.type) {
    case 'exists':
      if (value !== true && value !== false) refuse('`exists` takes true or false', 'Write `field|exists: true`.');
      return [{ kind: 'exists', expected: value }];
    case 'number':
      return [numberTest(value, modifiers)];
    case 'field':
      if (typeof value !== 'string' || value === '') refuse('`fieldref` takes a field name', 'Write `a|fieldref: b`.');
      return [{ kind: 'field', field: value, place: modifiers.place, cased: modifiers.cased }];
    case 'cidr':
      if (typeof value !== 'string') refuse('`cidr` takes a network', 'Write for example `10.0.0.0/8`.');
      return [{ kind: 'cidr', network: parseNetwork(value) }];
    case 'regex':
      return [regexTest(value, modifiers)];
    case 'text':
      return textTests(value, modifiers, options, keyword);
  }
}

function numberTest(value: unknown, modifiers: Modifiers): Test {
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  const comparison: Comparison | 'eq' = modifiers.comparison ?? 'eq';
  if (typeof number !== 'number' || !Number.isFinite(number))
    refuse(`the modifier “${modifiers.part ?? comparison}” takes a number`, 'Write a number without quotes.');
  return { kind: 'number', comparison, value: number, ...(modifiers.part !== undefined && { part: modifiers.part }) };
}

function regexTest(value: unknown, modifiers: Modifiers): Test {
  if (typeof value !== 'string' && typeof value !== 'number') refuse('`re` takes a pattern', 'Write it in quotes.');
  const start = modifiers.place === 'start' ? '^' : '';
  const end = modifiers.place === 'end' ? '$' : '';
  const source = start || end ? `${start}(?:${value})${end}` : String(value);
  return { kind: 'regex', regex: compileRegex(source, modifiers.flags) };
}

function textTests(value: unknown, modifiers: Modifiers, options: ParseOptions, keyword: boolean): readonly Test[] {
  if (value === null || value === undefined) return [{ kind: 'null' }];
  const place = keyword && modifiers.place === 'whole' ? 'anywhere' : modifiers.place;
  const text = scalarText(value) ?? JSON.stringify(value);
  if (modifiers.transformations.length === 0) {
    const pattern = typeof value === 'string' ? parsePattern(text) : [text];
    return [{ kind: 'text', pattern: placed(pattern, place), cased: modifiers.cased }];
  }
  let drafts: readonly Draft[];
  let transformations = modifiers.transformations;
  // Placeholders are read from the text as it stands, before wildcards are.
  if (transformations.includes('expand')) {
    drafts = expand(text, options);
    transformations = transformations.filter((name) => name !== 'expand');
  } else drafts = [typeof value === 'string' ? parsePattern(text) : [text]];
  for (const name of transformations) drafts = drafts.flatMap((draft) => transform(draft, name));
  return drafts.map((draft) => ({
    kind: 'text',
    pattern: placed(draft instanceof Uint8Array ? joined([bytesAsText(draft)]) : draft, place),
    cased: modifiers.cased,
  }));
}

function expand(text: string, options: ParseOptions): Pattern[] {
  const expanded = expandPlaceholders(text, options.placeholders);
  if ('unknown' in expanded)
    refuse(`nothing is known for the placeholder %${expanded.unknown}%`, 'Give its values in the settings.');
  if ('tooMany' in expanded) refuse('the placeholders give more than 10,000 values', 'Split the value.');
  return expanded.patterns;
}

function transform(draft: Draft, name: Transformation): readonly Draft[] {
  if (name === 'windash') {
    if (draft instanceof Uint8Array) refuse('`windash` stands after an encoding', 'Put `windash` before it.');
    return withDashes(draft);
  }
  if (name === 'base64') return [[toBase64(bytesOf(draft, name))]];
  if (name === 'base64offset') return toBase64Offsets(bytesOf(draft, name)).map((text) => [text]);
  if (name === 'expand') return [draft];
  return [toUtf16(textOf(draft, name), name === 'wide' ? 'utf16le' : name)];
}

function bytesOf(draft: Draft, name: string): Uint8Array {
  return draft instanceof Uint8Array ? draft : new TextEncoder().encode(textOf(draft, name));
}

function textOf(draft: Draft, name: string): string {
  if (draft instanceof Uint8Array) refuse(`two encodings stand before “${name}”`, 'Keep one.');
  // `contains` before the encoding has not put its wildcards yet: `placed` does that at the end.
  const text = plainText(draft);
  if (text === undefined)
    refuse(
      `a value with a wildcard cannot be encoded with “${name}”`,
      draft.includes(ANY_MANY) ? 'Remove the `*`, or escape it as `\\*`.' : 'Remove the wildcard, or escape it.',
    );
  return text;
}
