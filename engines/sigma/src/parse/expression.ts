import { refuse } from '../refusal.ts';
import { type Condition, namesIn, parseCondition } from './condition.ts';

/** One way for an expression to hold: these rules matched, those did not. Positions in the list of rules, ascending. */
export interface Term {
  readonly seen: readonly number[];
  readonly unseen: readonly number[];
}

/** The rules that a text condition names, for correlations that list none. */
export function rulesOfExpression(text: unknown): readonly string[] | undefined {
  return typeof text === 'string' && text.length <= MAX_LENGTH ? [...new Set(namesIn(text))] : undefined;
}

const MAX_LENGTH = 20_000;
const MAX_TERMS = 64;

/**
 * Reads the condition of an extended temporal correlation: `rule_a and (rule_b or rule_c) and not rule_d`.
 *
 * @throws Refusal when it does not parse, leaves out a rule that the correlation lists, holds where nothing happens, or can
 *   hold in more than 64 ways.
 */
export function parseExpression(text: string, rules: readonly string[]): Condition {
  const expression = parseCondition(text, rules, 'rules');
  const named = new Set(searchesOf(expression));
  const idle = rules.find((rule) => !named.has(rule));
  if (idle !== undefined) refuse(`the condition does not name “${idle}”`, 'Name each rule, or take it from `rules`.');
  const terms = termsOf(expression, rules);
  if (terms === undefined) refuse(`the condition can hold in more than ${MAX_TERMS} ways`, 'Write two correlations.');
  if (terms.length === 0) refuse('the condition can never hold', 'Remove one of the parts that contradict each other.');
  if (terms.some(({ seen }) => seen.length === 0))
    refuse('the condition holds where nothing happens', 'Join what must not happen with `and` to what must.');
  return expression;
}

/** Every way for the expression to hold; undefined when there are more than 64. */
export function termsOf(expression: Condition, rules: readonly string[]): readonly Term[] | undefined {
  const terms = expand(expression, rules, false);
  return terms
    ?.filter(({ seen, unseen }) => !seen.some((position) => unseen.includes(position)))
    .sort((a, b) => b.seen.length - a.seen.length);
}

/** With `not` pushed down to the names (De Morgan) and `and` multiplied out. */
function expand(condition: Condition, rules: readonly string[], negated: boolean): Term[] | undefined {
  if (condition.kind === 'not') return expand(condition.of, rules, !negated);
  if (condition.kind === 'search') {
    const position = rules.indexOf(condition.name);
    return [negated ? { seen: [], unseen: [position] } : { seen: [position], unseen: [] }];
  }
  const joinsAll = (condition.kind === 'and') !== negated;
  let result: Term[] = joinsAll ? [{ seen: [], unseen: [] }] : [];
  for (const part of condition.of) {
    const terms = expand(part, rules, negated);
    if (terms === undefined) return undefined;
    result = joinsAll ? result.flatMap((left) => terms.map((right) => both(left, right))) : [...result, ...terms];
    if (result.length > MAX_TERMS) return undefined;
  }
  return result;
}

function both(left: Term, right: Term): Term {
  const union = (a: readonly number[], b: readonly number[]): number[] =>
    [...new Set([...a, ...b])].sort((x, y) => x - y);
  return { seen: union(left.seen, right.seen), unseen: union(left.unseen, right.unseen) };
}

function searchesOf(condition: Condition): readonly string[] {
  if (condition.kind === 'search') return [condition.name];
  return condition.kind === 'not' ? searchesOf(condition.of) : condition.of.flatMap(searchesOf);
}
