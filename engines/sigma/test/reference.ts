import { parseAddress } from '../src/parse/cidr.ts';
import type { Condition } from '../src/parse/condition.ts';
import { ANY_MANY, ANY_ONE, type Token } from '../src/parse/pattern.ts';
import type { DetectionItem, Search, Test } from '../src/parse/terms.ts';
import type { LinearRegex } from '../src/regex/index.ts';
import type { SigmaRule } from '../src/rule.ts';

/**
 * The slow evaluator that the fast one is compared with: one function per sentence of the specification, nothing
 * remembered, nothing looked up. Fields are flat keys of the event; keywords search every value.
 */
export function referenceMatch(rule: SigmaRule, event: Record<string, unknown>): boolean {
  return holds(rule.detection.condition, rule.detection.searches, event);
}

function holds(condition: Condition, searches: ReadonlyMap<string, Search>, event: Record<string, unknown>): boolean {
  switch (condition.kind) {
    case 'search':
      return found(searches.get(condition.name) as Search, event);
    case 'not':
      return !holds(condition.of, searches, event);
    case 'and':
      return condition.of.every((part) => holds(part, searches, event));
    case 'or':
      return condition.of.some((part) => holds(part, searches, event));
  }
}

function found(search: Search, event: Record<string, unknown>): boolean {
  if (search.kind === 'item') return itemHolds(search.item, event);
  if (search.kind === 'all') return search.of.every((part) => found(part, event));
  return search.of.some((part) => found(part, event));
}

function itemHolds(item: DetectionItem, event: Record<string, unknown>): boolean {
  const values = item.field === undefined ? scalars(event) : [event[item.field]].flat();
  const present = item.field !== undefined && event[item.field] !== undefined;
  const one = (tests: readonly Test[]): boolean =>
    tests.some((test) => {
      if (test.kind === 'exists') return present === test.expected;
      if (test.kind === 'null') return values.some((value) => value === null || value === undefined);
      return values.some((value) => isScalar(value) && passes(test, String(value), event));
    });
  const answer = item.linking === 'all' ? item.values.every(one) : item.values.some(one);
  return answer !== item.negated;
}

function scalars(value: unknown): unknown[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(scalars);
  return [value];
}

function isScalar(value: unknown): boolean {
  return value !== null && ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

function passes(test: Test, text: string, event: Record<string, unknown>): boolean {
  switch (test.kind) {
    case 'text':
      return test.cased ? wild(test.pattern, text) : wild(test.pattern.map(lower), text.toLowerCase());
    case 'regex':
      return expressionOf(test.regex).test(text);
    case 'cidr': {
      const bits = (groups: readonly number[]): string => groups.map((g) => g.toString(2).padStart(16, '0')).join('');
      const address = parseAddress(text);
      return (
        address !== undefined &&
        address.length === test.network.groups.length &&
        bits(address).slice(0, test.network.bits) === bits(test.network.groups).slice(0, test.network.bits)
      );
    }
    case 'number': {
      const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
      if (test.comparison === 'lt') return number < test.value;
      if (test.comparison === 'lte') return number <= test.value;
      if (test.comparison === 'gt') return number > test.value;
      if (test.comparison === 'gte') return number >= test.value;
      return number === test.value;
    }
    case 'field': {
      const fold = (value: string): string => (test.cased ? value : value.toLowerCase());
      return [event[test.field]].flat().some((other) => {
        if (!isScalar(other)) return false;
        const [a, b] = [fold(text), fold(String(other))];
        if (test.place === 'start') return a.startsWith(b);
        if (test.place === 'end') return a.endsWith(b);
        return test.place === 'anywhere' ? a.includes(b) : a === b;
      });
    }
    default:
      throw new TypeError(`not a scalar test: ${test.kind}`);
  }
}

/** As ECMAScript reads it; flags that stand at the beginning become flags of the whole. */
function expressionOf({ source, flags }: LinearRegex): RegExp {
  const inline = source.startsWith('(?i)');
  return new RegExp(inline ? source.slice(4) : source, (flags.i || inline ? 'i' : '') + (flags.s ? 's' : ''));
}

function lower(token: Token): Token {
  if (typeof token === 'string') return token.toLowerCase();
  return typeof token === 'object' ? { oneOf: token.oneOf.toLowerCase() } : token;
}

/** Tries every length for each `*`. */
export function wild(pattern: readonly Token[], text: string): boolean {
  const [token, ...rest] = pattern;
  if (token === undefined) return text === '';
  if (typeof token === 'string') return text.startsWith(token) && wild(rest, text.slice(token.length));
  if (token === ANY_ONE) return text !== '' && wild(rest, text.slice(1));
  if (token === ANY_MANY)
    return Array.from({ length: text.length + 1 }, (_, at) => at).some((at) => wild(rest, text.slice(at)));
  return text !== '' && token.oneOf.includes(text[0] as string) && wild(rest, text.slice(1));
}
