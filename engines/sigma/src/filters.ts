import type { Condition } from './parse/condition.ts';
import type { Search } from './parse/terms.ts';
import type { RuleProblem, SigmaFilter, SigmaRule } from './rule.ts';

/** Of one rule: each is asked for every event that the rule itself finds. */
const MAX_FILTERS = 100;
const MAX_PROBLEMS = 10_000;

export interface FilteredRules {
  /** In the order given; a rule that no filter is for is the same object. */
  readonly rules: readonly SigmaRule[];
  /** Of filters: references to nothing, rules of another log source, filters that two have the id of. */
  readonly problems: readonly RuleProblem[];
}

/**
 * Puts global filters into the rules that they are for: such a rule matches when its own condition and the condition of
 * each filter hold. So `condition: not selection` suppresses what the selection finds.
 *
 * A filter is for a rule when it names its id or name, or any rule, and each part of the log source that the filter names
 * is named likewise by the rule. Correlations are not filtered; the rules that feed them are.
 */
export function applyFilters(rules: readonly SigmaRule[], filters: readonly SigmaFilter[]): FilteredRules {
  if (filters.length === 0) return { rules, problems: [] };
  const problems: RuleProblem[] = [];
  const taken = new Map<string, SigmaRule | SigmaFilter>(rules.map((rule) => [rule.id, rule]));
  const byReference = new Map<string, SigmaRule[]>();
  for (const rule of rules)
    for (const reference of new Set([rule.id, rule.name ?? rule.id])) {
      const known = byReference.get(reference);
      if (known === undefined) byReference.set(reference, [rule]);
      else known.push(rule);
    }
  const filtersOf = new Map<SigmaRule, SigmaFilter[]>();
  for (const filter of filters) {
    const report = (problem: string, suggestion: string): void => {
      problems.push({ file: filter.file, line: filter.line, ruleId: filter.id, problem, suggestion });
    };
    const other = taken.get(filter.id);
    if (other !== undefined) {
      report(`the id is taken by ${other.file}, line ${other.line}`, 'Give each rule and filter an id of its own.');
      continue;
    }
    taken.set(filter.id, filter);
    for (const rule of targetsOf(filter, rules, byReference, report)) {
      const known = filtersOf.get(rule);
      if (known === undefined) filtersOf.set(rule, [filter]);
      else if (known.length < MAX_FILTERS) known.push(filter);
      else report(`“${rule.id}” has ${MAX_FILTERS} filters already`, 'Put several conditions into one filter.');
      if (problems.length > MAX_PROBLEMS) return { rules, problems };
    }
  }
  return { rules: rules.map((rule) => withFilters(rule, filtersOf.get(rule) ?? [])), problems };
}

function targetsOf(
  filter: SigmaFilter,
  rules: readonly SigmaRule[],
  byReference: ReadonlyMap<string, readonly SigmaRule[]>,
  report: (problem: string, suggestion: string) => void,
): ReadonlySet<SigmaRule> {
  if (filter.rules === 'any') {
    const fitting = rules.filter((rule) => fits(filter, rule));
    if (fitting.length === 0) report('the filter is for no rule: none has its log source', 'Check `logsource`.');
    return new Set(fitting);
  }
  const found = new Set<SigmaRule>();
  for (const reference of filter.rules) {
    const named = byReference.get(reference) ?? [];
    if (named.length === 0) report(`it filters “${reference}”, which is no rule`, 'Use the id or name of a rule.');
    for (const rule of named) {
      if (fits(filter, rule)) found.add(rule);
      else report(`it filters “${reference}”, whose log source is another`, 'Give both the same `logsource`.');
    }
  }
  return found;
}

function fits({ logsource }: SigmaFilter, rule: SigmaRule): boolean {
  return (['product', 'service', 'category'] as const).every(
    (part) => logsource[part] === undefined || logsource[part] === rule.logsource[part],
  );
}

function withFilters(rule: SigmaRule, filters: readonly SigmaFilter[]): SigmaRule {
  if (filters.length === 0) return rule;
  const searches = new Map<string, Search>(rule.detection.searches);
  const of: Condition[] = [rule.detection.condition];
  for (const { id, detection } of filters) {
    // Names of a filter and of a rule have nothing to do with each other.
    const own = (name: string): string => `filter ${id.length} ${id} ${name}`;
    for (const [name, search] of detection.searches) searches.set(own(name), search);
    of.push(renamed(detection.condition, own));
  }
  return {
    ...rule,
    detection: { searches, condition: { kind: 'and', of } },
    filters: [...(rule.filters ?? []), ...filters.map(({ id }) => id)],
  };
}

function renamed(condition: Condition, own: (name: string) => string): Condition {
  if (condition.kind === 'search') return { kind: 'search', name: own(condition.name) };
  if (condition.kind === 'not') return { kind: 'not', of: renamed(condition.of, own) };
  return { kind: condition.kind, of: condition.of.map((part) => renamed(part, own)) };
}
