import { refuse } from '../refusal.ts';
import type { Flags } from '../regex/index.ts';
import { type Comparison, type Placement, TIME_PARTS, type TimePart } from './terms.ts';

export type Transformation =
  | 'base64'
  | 'base64offset'
  | 'utf16'
  | 'utf16le'
  | 'utf16be'
  | 'wide'
  | 'windash'
  | 'expand';

/** What the words after a field name say together (specification, appendix “Modifiers”). */
export interface Modifiers {
  readonly type: 'text' | 'regex' | 'cidr' | 'number' | 'field' | 'exists';
  readonly place: Placement;
  readonly transformations: readonly Transformation[];
  readonly comparison?: Comparison;
  readonly part?: TimePart;
  readonly flags: Readonly<Flags>;
  readonly all: boolean;
  readonly cased: boolean;
  readonly negated: boolean;
}

const PLACES: ReadonlyMap<string, Placement> = new Map([
  ['contains', 'anywhere'],
  ['startswith', 'start'],
  ['endswith', 'end'],
]);
const TRANSFORMATIONS: ReadonlySet<string> = new Set([
  'base64',
  'base64offset',
  'utf16',
  'utf16le',
  'utf16be',
  'wide',
  'windash',
  'expand',
]);
const COMPARISONS: ReadonlySet<string> = new Set(['lt', 'lte', 'gt', 'gte']);
const TYPES: ReadonlyMap<string, Modifiers['type']> = new Map([
  ['re', 'regex'],
  ['cidr', 'cidr'],
  ['fieldref', 'field'],
  ['exists', 'exists'],
]);
const KNOWN =
  'contains, startswith, endswith, all, re, i, m, s, cidr, base64, base64offset, utf16, utf16le, utf16be, wide, ' +
  'windash, expand, fieldref, exists, cased, neq, lt, lte, gt, gte, minute, hour, day, week, month, year';

interface Draft {
  type?: Modifiers['type'];
  place?: Placement;
  transformations: Transformation[];
  comparison?: Comparison;
  part?: TimePart;
  flags: Flags;
  all: boolean;
  cased: boolean;
  negated: boolean;
}

/** @throws Refusal for unknown words and for words that contradict each other. */
export function parseModifiers(words: readonly string[]): Modifiers {
  if (words.length > 16) refuse(`a field has ${words.length} modifiers`, 'Use at most 16.');
  const draft: Draft = {
    transformations: [],
    flags: { i: false, m: false, s: false },
    all: false,
    cased: false,
    negated: false,
  };
  for (const word of words) read(draft, word);
  const type = draft.type ?? 'text';
  if (draft.transformations.length > 0 && type !== 'text')
    refuse(`“${draft.transformations[0]}” and “${words.at(-1)}” do not go together`, 'Keep one of them.');
  if (draft.place !== undefined && (type === 'cidr' || type === 'number' || type === 'exists'))
    refuse(`“${words.join('|')}” both places and compares`, 'Remove contains, startswith or endswith.');
  return { ...draft, type, place: draft.place ?? 'whole' };
}

function read(draft: Draft, word: string): void {
  const place = PLACES.get(word);
  const type = TYPES.get(word);
  if (place !== undefined) {
    if (draft.place !== undefined && draft.place !== place)
      refuse(`“${word}” contradicts the modifier before it`, 'Keep one of contains, startswith and endswith.');
    draft.place = place;
  } else if (type !== undefined) setType(draft, type, word);
  else if (TRANSFORMATIONS.has(word)) draft.transformations.push(word as Transformation);
  else if (COMPARISONS.has(word)) {
    setType(draft, 'number', word);
    if (draft.comparison !== undefined) refuse('a field has two comparisons', 'Write two fields.');
    draft.comparison = word as Comparison;
  } else if ((TIME_PARTS as readonly string[]).includes(word)) {
    setType(draft, 'number', word);
    draft.part = word as TimePart;
  } else if (word === 'i' || word === 'm' || word === 's') {
    if (draft.type !== 'regex') refuse(`“${word}” stands without “re” before it`, `Write \`re|${word}\`.`);
    draft.flags[word] = true;
  } else if (word === 'all') draft.all = true;
  else if (word === 'cased') draft.cased = true;
  else if (word === 'neq') draft.negated = true;
  else refuse(`the modifier “${word.slice(0, 40)}” is unknown`, `Known are: ${KNOWN}.`);
}

function setType(draft: Draft, type: Modifiers['type'], word: string): void {
  if (draft.type !== undefined && draft.type !== type)
    refuse(`“${word}” does not go with the modifier before it`, 'Keep one of them.');
  draft.type = type;
}
