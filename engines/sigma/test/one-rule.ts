import { stringify } from 'yaml';
import { compile, parseRules, type Route, type SigmaRule } from '../src/index.ts';

/** Fields are flat keys of the event, keywords search all of it. */
export const FLAT: Readonly<Record<string, Route>> = { flat: { accepts: () => true, path: (field) => [field] } };

/** A rule with this detection section; throws what is wrong with it. */
export function ruleOf(
  detection: Record<string, unknown>,
  placeholders: Readonly<Record<string, readonly string[]>> = {},
): SigmaRule {
  const text = stringify(
    { title: 'A rule', id: 'a-rule', logsource: { product: 'test' }, detection },
    { lineWidth: 0 },
  );
  const { rules, problems } = parseRules(text, 'rule.yml', { placeholders });
  const [problem] = problems;
  if (problem !== undefined) throw new RangeError(`${problem.problem} ${problem.suggestion}`);
  return rules[0] as SigmaRule;
}

export function matches(detection: Record<string, unknown>, event: object, placeholders = {}): boolean {
  return compile([ruleOf(detection, placeholders)], FLAT).match('flat', event).length === 1;
}

/** Whether one search, given as a map or list, is found in an event. */
export function finds(selection: unknown, event: object, placeholders = {}): boolean {
  return matches({ selection, condition: 'selection' }, event, placeholders);
}
