import type { SigmaCorrelation, SigmaRule } from '@bartizan/sigma';
import { type RuleDetails, type RuleSet, ruleKey } from './rule-set.ts';

export interface ChosenRules {
  readonly ruleSet: RuleSet;
  /** Names of the chosen ones, as alerts have them. */
  readonly names: ReadonlySet<string>;
  /** What there is no rule of. */
  readonly unknown: readonly string[];
}

/**
 * The rules of these names or ids and what they cannot do without: what a correlation counts, and what `unless` prefers.
 * The chosen ones alert even if in the whole set they only feed a correlation.
 */
export function chooseRules(whole: RuleSet, wanted: readonly string[]): ChosenRules {
  const byName = new Map<string, SigmaRule | SigmaCorrelation>();
  for (const rule of [...whole.rules, ...whole.correlations]) {
    byName.set(rule.id, rule);
    if (rule.name !== undefined) byName.set(rule.name, rule);
  }
  const needed = new Set<SigmaRule | SigmaCorrelation>();
  const need = (name: string): void => {
    const rule = byName.get(name);
    if (rule === undefined || needed.has(rule)) return;
    needed.add(rule);
    for (const below of 'timespanMs' in rule ? rule.rules : []) need(below);
    for (const better of whole.details.get(rule)?.info.unless ?? []) need(better);
  };
  for (const name of wanted) need(name);

  const chosen = new Set(wanted.map((name) => byName.get(name)).filter((rule) => rule !== undefined));
  const details = new Map<SigmaRule | SigmaCorrelation, RuleDetails>();
  for (const rule of needed) {
    const found = whole.details.get(rule);
    if (found !== undefined) details.set(rule, chosen.has(rule) ? { ...found, alerts: true } : found);
  }
  return {
    ruleSet: {
      rules: whole.rules.filter((rule) => needed.has(rule)),
      correlations: whole.correlations.filter((rule) => needed.has(rule)),
      details,
      problems: whole.problems,
    },
    names: new Set([...chosen].map(ruleKey)),
    unknown: wanted.filter((name) => !byName.has(name)),
  };
}
