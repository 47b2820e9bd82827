import { refuse, under } from '../refusal.ts';
import { type Condition, parseCondition } from './condition.ts';
import { parseItem } from './item.ts';
import type { Detection, ParseOptions, Search } from './terms.ts';

const MAX_DEPTH = 16;
const MAX_TESTS = 100_000;

/** @throws Refusal */
export function parseDetection(section: unknown, options: ParseOptions): Detection {
  if (!isMap(section)) refuse('`detection` is not a map', 'Put searches and a `condition` below it.');
  const searches = new Map<string, Search>();
  const budget = { tests: MAX_TESTS };
  for (const [name, value] of Object.entries(section)) {
    if (name === 'condition' || name === 'timeframe') continue;
    searches.set(
      name,
      under(name, () => parseSearch(value, options, budget, 0)),
    );
  }
  if (Object.hasOwn(section, 'timeframe'))
    refuse('`timeframe` belongs to the old aggregation syntax', 'Write a correlation with a `timespan`.');
  const condition = under('condition', () => readCondition(section.condition, [...searches.keys()]));
  return { searches, condition };
}

function readCondition(value: unknown, names: readonly string[]): Condition {
  const texts = Array.isArray(value) ? value : [value];
  if (texts.length === 0 || texts.length > 100 || !texts.every((text) => typeof text === 'string'))
    refuse('`condition` is missing or is not text', 'Write for example `condition: selection`.');
  const all = texts.map((text: string) => parseCondition(text, names));
  return all.length === 1 ? (all[0] as Condition) : { kind: 'or', of: all };
}

interface Budget {
  tests: number;
}

function parseSearch(value: unknown, options: ParseOptions, budget: Budget, depth: number): Search {
  if (depth > MAX_DEPTH) refuse(`a search nests deeper than ${MAX_DEPTH}`, 'Split it into several searches.');
  if (Array.isArray(value)) return parseList(value, options, budget, depth);
  if (!isMap(value)) return keywords([value], options, budget);
  const of = Object.entries(value).map(([key, inner]) => under(key, () => parseEntry(key, inner, options, budget)));
  if (of.length === 0) refuse('a search is empty', 'Name at least one field.');
  return of.length === 1 ? (of[0] as Search) : { kind: 'all', of };
}

/** Maps and lists in a list are joined with OR; so are its keywords, as one item. */
function parseList(list: readonly unknown[], options: ParseOptions, budget: Budget, depth: number): Search {
  if (list.length === 0) refuse('a search is an empty list', 'Name at least one value.');
  const words = list.filter((value) => typeof value !== 'object' || value === null);
  const of = list.flatMap((value, at) =>
    typeof value === 'object' && value !== null
      ? [under(at, () => parseSearch(value, options, budget, depth + 1))]
      : [],
  );
  if (words.length > 0) of.push(keywords(words, options, budget));
  return of.length === 1 ? (of[0] as Search) : { kind: 'any', of };
}

function keywords(values: readonly unknown[], options: ParseOptions, budget: Budget): Search {
  return parseEntry('', values, options, budget);
}

function parseEntry(key: string, value: unknown, options: ParseOptions, budget: Budget): Search {
  const item = parseItem(key, Array.isArray(value) ? value : [value], options);
  budget.tests -= item.values.reduce((sum, tests) => sum + tests.length, 0);
  if (budget.tests < 0) refuse(`the rule has more than ${MAX_TESTS} values`, 'Split it, or use a list of indicators.');
  return { kind: 'item', item };
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
