import { ANY_MANY, foldPattern, type Pattern, patternTest } from '../parse/pattern.ts';
import type { Test, TimePart } from '../parse/terms.ts';
import { fold } from './fields.ts';
import type { Literal } from './literals.ts';

/** Decides about one value, as it stands and folded. */
export type Check = (text: string, folded: string) => boolean;

/** How a test is run: as a literal that is looked up with all others, or as a check of its own. */
export type Plan =
  | { readonly kind: 'literal'; readonly place: Literal['place']; readonly text: string }
  | {
      readonly kind: 'check';
      readonly check: Check;
      /** One of these is in every folded value that passes; undefined when nothing is known. */
      readonly hints: readonly string[] | undefined;
      /** How dear it is, against 1 for a literal. */
      readonly cost: number;
    };

export type ScalarTest = Exclude<Test, { kind: 'cidr' | 'field' | 'null' | 'exists' }>;

export function planTest(test: ScalarTest): Plan {
  switch (test.kind) {
    case 'text':
      return planText(test.pattern, test.cased);
    case 'regex': {
      const { regex } = test;
      return { kind: 'check', check: (text) => regex.test(text), hints: regex.required, cost: 50 };
    }
    case 'number': {
      const { value, comparison, part } = test;
      const compare = COMPARE[comparison];
      const read = part === undefined ? numberOf : (text: string) => partOf(text, part);
      return { kind: 'check', check: (text) => compare(read(text), value), hints: undefined, cost: 5 };
    }
  }
}

function planText(pattern: Pattern, cased: boolean): Plan {
  const literal = cased ? undefined : asLiteral(pattern);
  if (literal !== undefined) return literal;
  const folded = foldPattern(pattern).map((token) => (typeof token === 'string' ? fold(token) : token));
  let test: ((text: string) => boolean) | undefined;
  // Most rules never see a value that gets as far as this.
  const passes = (text: string): boolean => {
    test ??= patternTest(cased ? pattern : folded);
    return test(text);
  };
  const texts = folded.filter((token) => typeof token === 'string').sort((a, b) => b.length - a.length);
  return {
    kind: 'check',
    check: cased ? passes : (_, lower) => passes(lower),
    hints: texts[0] === undefined ? undefined : [texts[0]],
    cost: 3,
  };
}

/** Nearly every pattern is one: made without anything that is thrown away. */
function asLiteral(pattern: Pattern): Plan | undefined {
  const { length } = pattern;
  if (length === 0) return { kind: 'literal', place: 'whole', text: '' };
  const open = pattern[0] === ANY_MANY;
  const close = pattern[length - 1] === ANY_MANY;
  const text = pattern[open ? 1 : 0];
  if (typeof text !== 'string' || length !== 1 + (open ? 1 : 0) + (close ? 1 : 0)) return undefined;
  const place = open ? (close ? 'anywhere' : 'end') : close ? 'start' : 'whole';
  return { kind: 'literal', place, text: fold(text) };
}

const COMPARE = {
  lt: (a: number, b: number) => a < b,
  lte: (a: number, b: number) => a <= b,
  gt: (a: number, b: number) => a > b,
  gte: (a: number, b: number) => a >= b,
  eq: (a: number, b: number) => a === b,
} as const;

/** NaN, which compares with nothing, where the text is no number. */
export function numberOf(text: string): number {
  return text.length > 0 && text.length <= 40 && text.trim() === text ? Number(text) : Number.NaN;
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/;

/** Part of an ISO 8601 date as it is written, or of epoch seconds or milliseconds in UTC. Weeks as in ISO 8601. */
function partOf(text: string, part: TimePart): number {
  const found = DATE.exec(text);
  let [year, month, day, hour, minute] = [Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  if (found !== null) [year, month, day, hour, minute] = found.slice(1).map(Number) as Parts;
  else if (/^\d{9,13}(\.\d+)?$/.test(text)) {
    const date = new Date(Number(text) * (Number(text) < 1e11 ? 1000 : 1));
    [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    [hour, minute] = [date.getUTCHours(), date.getUTCMinutes()];
  }
  if (part === 'week') return weekOf(year, month, day);
  return { year, month, day, hour, minute }[part];
}

type Parts = [number, number, number, number, number];

function weekOf(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month - 1, day));
  // The week belongs to the year of its Thursday.
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  return Math.ceil(((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
}
