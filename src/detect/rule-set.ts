import {
  applyFilters,
  checkSet,
  feedersOnly,
  parseRules,
  type RuleProblem,
  type SigmaCorrelation,
  type SigmaRule,
} from '@bartizan/sigma';
import type { RuleInfo } from '#model/signal.ts';
import { DEFAULT_GROUP_BY } from './entities.ts';
import { type RuleNotes, readNotes } from './rule-notes.ts';

/** Rules as they were read, with what the product needs to know about each. */
export interface RuleSet {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly SigmaCorrelation[];
  /** By the rule or correlation object itself. */
  readonly details: ReadonlyMap<SigmaRule | SigmaCorrelation, RuleDetails>;
  /** What is wrong with the files; rules that have a problem are not in the set. */
  readonly problems: readonly RuleProblem[];
}

export interface RuleDetails {
  readonly info: RuleInfo;
  /** False for rules that only feed a correlation. */
  readonly alerts: boolean;
  /** Entities that this rule adds: name → fields, the first that has a value. */
  readonly entities: readonly (readonly [name: string, fields: readonly string[]])[];
}

/**
 * Reads Sigma files into one set. A file may hold several documents.
 *
 * A rule alerts unless a correlation refers to it; a correlation with `generate: true` lets its rules alert too, and
 * `bartizan: alert: true|false` decides against both. A bad rule never takes the others down: it is left out and named.
 */
export function loadRuleSet(files: readonly { readonly path: string; readonly text: string }[]): RuleSet {
  const parsed = files.map((file) => parseRules(file.text, file.path));
  const problems: RuleProblem[] = parsed.flatMap((file) => [...file.problems]);
  const filtered = applyFilters(
    parsed.flatMap((file) => [...file.rules]),
    parsed.flatMap((file) => [...file.filters]),
  );
  const { rules } = filtered;
  const correlations = parsed.flatMap((file) => [...file.correlations]);
  problems.push(...filtered.problems, ...checkSet(rules, correlations), ...repeatedNames([...rules, ...correlations]));

  const feeders = feedersOnly(rules, correlations);
  const details = new Map<SigmaRule | SigmaCorrelation, RuleDetails>();
  for (const rule of [...rules, ...correlations]) {
    const { notes, problems: found } = readNotes(rule);
    problems.push(...found);
    details.set(rule, detailsOf(rule, notes, feeders.has(rule)));
  }
  const bad = new Set(problems.map((problem) => problem.ruleId).filter((id) => id !== undefined));
  const isGood = (rule: { id: string; name?: string }): boolean => !bad.has(rule.id);
  return { rules: rules.filter(isGood), correlations: correlations.filter(isGood), details, problems };
}

/** The name that people, alerts and file names use: Sigma’s `name` where there is one, else its `id`. */
export function ruleKey(rule: { readonly id: string; readonly name?: string }): string {
  return rule.name ?? rule.id;
}

function detailsOf(rule: SigmaRule | SigmaCorrelation, notes: RuleNotes, onlyFeeds: boolean): RuleDetails {
  const info: RuleInfo = {
    id: ruleKey(rule),
    title: notes.title ?? { zh: rule.title, en: rule.title },
    level: rule.level,
    attack: rule.tags.map(techniqueOf).filter((tag) => tag !== undefined),
    reason: notes.reason ?? {
      zh: `规则“${rule.title}”匹配到 {count} 条日志[，来源 {src_ip}][，账户 {user}][，主机 {host}]。`,
      en: `The rule “${rule.title}” matched {count} records[, from {src_ip}][, account {user}][, host {host}].`,
    },
    advice: notes.advice ?? {
      zh: '先看下面的原始日志，确认是不是本人或例行任务所为；不是的话，从来源和账户查起。',
      en: 'Read the records below and decide whether this was you or a routine task; if not, start from the source and the account.',
    },
    groupBy: notes.group_by ?? DEFAULT_GROUP_BY,
    respond: notes.respond,
    unless: notes.unless,
  };
  const alerts = notes.alert ?? !onlyFeeds;
  const entities = Object.entries(notes.entities ?? {}).map(
    ([name, fields]) => [name, typeof fields === 'string' ? [fields] : fields] as const,
  );
  return { info, alerts, entities };
}

/** `attack.t1110.001` → `T1110.001`; tactics and other tags → undefined. */
function techniqueOf(tag: string): string | undefined {
  const found = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag);
  return found?.[1]?.toUpperCase();
}

function repeatedNames(rules: readonly (SigmaRule | SigmaCorrelation)[]): RuleProblem[] {
  const seen = new Map<string, SigmaRule | SigmaCorrelation>();
  const problems: RuleProblem[] = [];
  for (const rule of rules) {
    const key = ruleKey(rule);
    const first = seen.get(key);
    if (first !== undefined && first.id !== rule.id) {
      problems.push({
        file: rule.file,
        line: rule.line,
        ruleId: rule.id,
        problem: `The name ${key} is used in ${first.file} too.`,
        suggestion: 'Give each rule a name of its own.',
      });
    }
    seen.set(key, first ?? rule);
  }
  return problems;
}
