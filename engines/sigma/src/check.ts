import type { RuleProblem, SigmaCorrelation, SigmaRule } from './rule.ts';

type Item = SigmaRule | SigmaCorrelation;

/** What is wrong between rules: ids that two have, references to nothing, aliases of strangers, correlations in a circle. */
export function checkSet(rules: readonly SigmaRule[], correlations: readonly SigmaCorrelation[]): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const report = (item: Item, problem: string, suggestion: string): void => {
    problems.push({ file: item.file, line: item.line, ruleId: item.id, problem, suggestion });
  };
  const known = new Map<string, Item>();
  for (const item of [...rules, ...correlations]) {
    const other = known.get(item.id);
    if (other !== undefined)
      report(item, `the id is taken by ${other.file}, line ${other.line}`, 'Give each rule an id of its own.');
    else known.set(item.id, item);
  }
  const byReference = referenceIndex(rules, correlations);
  for (const correlation of correlations) {
    for (const reference of new Set(correlation.rules)) {
      if (!byReference.has(reference))
        report(correlation, `it refers to “${reference}”, which is no rule`, 'Use the id or name of a rule.');
    }
    for (const [alias, fields] of correlation.aliases) {
      const stranger = [...fields.keys()].find((rule) => !refersTo(correlation, rule, byReference));
      if (stranger !== undefined)
        report(correlation, `the alias “${alias}” names “${stranger}”, which is not under \`rules\``, 'Add it there.');
    }
  }
  for (const correlation of correlationsInCircles(correlations, byReference))
    report(correlation, 'it refers to itself, through other correlations or directly', 'Break the circle.');
  return problems;
}

/** Rules and correlations by id and by name; an id wins over a name, the first over the later. */
export function referenceIndex(
  rules: readonly SigmaRule[],
  correlations: readonly SigmaCorrelation[],
): ReadonlyMap<string, Item> {
  const index = new Map<string, Item>();
  const items: readonly Item[] = [...rules, ...correlations];
  for (const item of items) if (!index.has(item.id)) index.set(item.id, item);
  for (const item of items) if (item.name !== undefined && !index.has(item.name)) index.set(item.name, item);
  return index;
}

/**
 * What only feeds correlations: rules and correlations that one refers to without `generate: true`. They should not alert
 * on their own.
 */
export function feedersOnly(rules: readonly SigmaRule[], correlations: readonly SigmaCorrelation[]): ReadonlySet<Item> {
  const index = referenceIndex(rules, correlations);
  const feeders = new Set<Item>();
  for (const correlation of correlations) {
    if (correlation.generate) continue;
    for (const reference of correlation.rules) {
      const item = index.get(reference);
      if (item !== undefined) feeders.add(item);
    }
  }
  return feeders;
}

function refersTo(correlation: SigmaCorrelation, rule: string, index: ReadonlyMap<string, Item>): boolean {
  const item = index.get(rule);
  return correlation.rules.some(
    (reference) => reference === rule || (item !== undefined && index.get(reference) === item),
  );
}

/** Correlations that can be reached from themselves. Takes them away layer by layer; what is left stands in or behind a circle. */
export function correlationsInCircles(
  correlations: readonly SigmaCorrelation[],
  index: ReadonlyMap<string, Item>,
): SigmaCorrelation[] {
  const left = new Set<Item>(correlations);
  for (let changed = true; changed; ) {
    changed = false;
    for (const correlation of left as Set<SigmaCorrelation>) {
      const waits = correlation.rules.some((reference) => left.has(index.get(reference) as Item));
      if (!waits) changed = left.delete(correlation) || changed;
    }
  }
  return correlations.filter((correlation) => left.has(correlation));
}
