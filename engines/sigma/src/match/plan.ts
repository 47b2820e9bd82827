import { insideOneOf, type Network } from '../parse/cidr.ts';
import type { Condition } from '../parse/condition.ts';
import type { DetectionItem, Placement, Search, Test } from '../parse/terms.ts';
import type { SigmaRule } from '../rule.ts';
import { type Check, planTest } from './checks.ts';
import type { Literal } from './literals.ts';
import type { Route } from './matcher.ts';

/** A rule as logic over atoms. */
export type Expression =
  | { readonly kind: 'atom'; readonly atom: number }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression };

/** A question about one place of the event: does one of its values pass one of the tests. */
export interface Atom {
  readonly slot: number;
  readonly literals: readonly Literal[];
  readonly checks: readonly HintedCheck[];
  /** What must be in the value for a check to pass; undefined when that is not known of every check. */
  readonly hints: readonly string[] | undefined;
  /** Passes when nothing, or null, is there. */
  readonly onAbsent: boolean;
  /** Passes when the key is there, whatever its value (`true`), or is not (`false`). */
  readonly exists: boolean | undefined;
  /** Compares with the values of another slot. */
  readonly references: readonly { readonly slot: number; readonly place: Placement; readonly cased: boolean }[];
  readonly cost: number;
}

export interface HintedCheck {
  readonly passes: Check;
  /** One of these is in every folded value that passes; undefined when nothing is known. */
  readonly hints: readonly string[] | undefined;
}

/** Everything that the rules of one route ask about, each question once. */
export interface RoutePlan {
  readonly rules: readonly SigmaRule[];
  readonly expressions: readonly Expression[];
  readonly atoms: readonly Atom[];
  /** Path of each slot; `undefined` is the whole event. */
  readonly slots: readonly (readonly string[] | undefined)[];
}

export function planRoute(rules: readonly SigmaRule[], route: Route): RoutePlan {
  const slots: (readonly string[] | undefined)[] = [];
  const slotNumbers = new Map<string, number>();
  const atoms: Atom[] = [];
  const atomNumbers = new Map<string, number>();
  const keywordPaths = route.keywords ?? [undefined];

  const slotOf = (path: readonly string[] | undefined): number => {
    const key = JSON.stringify(path ?? null);
    let found = slotNumbers.get(key);
    if (found === undefined) {
      found = slots.length;
      slots.push(path);
      slotNumbers.set(key, found);
    }
    return found;
  };
  const atomOf = (path: readonly string[] | undefined, tests: readonly Test[]): Expression => {
    const slot = slotOf(path);
    const key = `${slot} ${tests.map(keyOf).join('\n')}`;
    let atom = atomNumbers.get(key);
    if (atom === undefined) {
      atom = atoms.length;
      atoms.push(makeAtom(slot, tests, (field) => slotOf(route.path(field))));
      atomNumbers.set(key, atom);
    }
    return { kind: 'atom', atom };
  };
  const anywhere = (field: string | undefined, tests: readonly Test[]): Expression =>
    field === undefined
      ? join(
          'or',
          keywordPaths.map((path) => atomOf(path, tests)),
        )
      : atomOf(route.path(field), tests);
  const ofItem = (item: DetectionItem): Expression => {
    const asked =
      item.linking === 'any'
        ? anywhere(item.field, item.values.flat())
        : join(
            'and',
            item.values.map((tests) => anywhere(item.field, tests)),
          );
    return item.negated ? { kind: 'not', of: asked } : asked;
  };
  const ofSearch = (search: Search): Expression =>
    search.kind === 'item' ? ofItem(search.item) : join(search.kind === 'all' ? 'and' : 'or', search.of.map(ofSearch));

  const expressions = rules.map(({ detection }) => {
    const searches = new Map<string, Expression>();
    const ofCondition = (condition: Condition): Expression => {
      if (condition.kind === 'not') return { kind: 'not', of: ofCondition(condition.of) };
      if (condition.kind !== 'search') return join(condition.kind, condition.of.map(ofCondition));
      let found = searches.get(condition.name);
      if (found === undefined) {
        found = ofSearch(detection.searches.get(condition.name) as Search);
        searches.set(condition.name, found);
      }
      return found;
    };
    return ofCondition(detection.condition);
  });
  return { rules, expressions, atoms, slots };
}

/** Flattens what is joined by the same word. */
function join(kind: 'and' | 'or', of: readonly Expression[]): Expression {
  const flat = of.flatMap((part) => (part.kind === kind ? part.of : [part]));
  return flat.length === 1 ? (flat[0] as Expression) : { kind, of: flat };
}

function keyOf(test: Test): string {
  if (test.kind === 'regex') return `regex ${JSON.stringify([test.regex.source, test.regex.flags])}`;
  // Nearly all tests are of this kind, and there are tens of thousands of them.
  if (test.kind === 'text' && test.pattern.every((token) => typeof token !== 'object')) {
    let key = test.cased ? 'cased' : 'text';
    for (const token of test.pattern) key += typeof token === 'string' ? ` ${token.length}:${token}` : ` ${token}`;
    return key;
  }
  return JSON.stringify(test);
}

function makeAtom(slot: number, tests: readonly Test[], slotOf: (field: string) => number): Atom {
  const literals: Literal[] = [];
  const checks: HintedCheck[] = [];
  const networks: Network[] = [];
  let hints: string[] | undefined = [];
  let cost = 1;
  const references: { slot: number; place: Placement; cased: boolean }[] = [];
  let onAbsent = false;
  let exists: boolean | undefined;
  for (const test of tests) {
    if (test.kind === 'null') onAbsent = true;
    else if (test.kind === 'exists') exists = test.expected;
    else if (test.kind === 'field') references.push({ slot: slotOf(test.field), place: test.place, cased: test.cased });
    else if (test.kind === 'cidr') networks.push(test.network);
    else {
      const plan = planTest(test);
      if (plan.kind === 'literal') literals.push({ place: plan.place, text: plan.text });
      else {
        checks.push({ passes: plan.check, hints: plan.hints });
        cost += plan.cost;
        if (plan.hints === undefined) hints = undefined;
        else hints?.push(...plan.hints);
      }
    }
  }
  if (networks.length > 0) {
    checks.push({ passes: insideOneOf(networks), hints: undefined });
    cost += 10;
    hints = undefined;
  }
  return { slot, literals, checks, hints, onAbsent, exists, references, cost: cost + references.length * 5 };
}
