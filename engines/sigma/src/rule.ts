import type { Condition } from './parse/condition.ts';
import type { Detection } from './parse/terms.ts';

export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** The three parts that rules are routed by, lower case. `definition` is for readers and left out. */
export interface LogSource {
  readonly product?: string;
  readonly service?: string;
  readonly category?: string;
}

/** A Sigma detection rule (specification 2.1), read and ready to be compiled. */
export interface SigmaRule {
  /** `id` of the document; where it has none, its `name`, else its `title`. */
  readonly id: string;
  readonly name?: string;
  readonly title: string;
  readonly description?: string;
  /** `medium` where the document gives none. */
  readonly level: Level;
  readonly status?: string;
  readonly logsource: LogSource;
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly references: readonly string[];
  readonly detection: Detection;
  /** Ids of the global filters that were put into `detection`. */
  readonly filters?: readonly string[];
  /** Every top-level key that the specification does not know, as plain data. */
  readonly custom: Readonly<Record<string, unknown>>;
  readonly file: string;
  /** Line of the document's first key, from 1. */
  readonly line: number;
}

export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_median',
  'value_percentile',
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

/** Bounds that a count or metric must satisfy together. */
export interface Bounds {
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
  readonly eq?: number;
  readonly neq?: number;
}

export interface CorrelationCondition {
  readonly bounds: Bounds;
  /** Field or fields whose values are counted or measured; empty where the type needs none. */
  readonly fields: readonly string[];
  /** 0–100, of `value_percentile`. */
  readonly percentile?: number;
  /** Of `temporal` and `temporal_ordered`: which rules must have matched and which must not, instead of bounds. */
  readonly expression?: Condition;
}

/** A Sigma correlation (specification 2.1). */
export interface SigmaCorrelation {
  readonly id: string;
  readonly name?: string;
  readonly title: string;
  readonly description?: string;
  readonly level: Level;
  readonly status?: string;
  readonly type: CorrelationType;
  /** Ids or names of rules or of other correlations, in the order given. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  readonly condition: CorrelationCondition;
  /** Alias → rule (id or name) → field in the events of that rule. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Whether the rules that it refers to alert on their own as well. */
  readonly generate: boolean;
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly references: readonly string[];
  readonly custom: Readonly<Record<string, unknown>>;
  readonly file: string;
  readonly line: number;
}

/** A Sigma global filter (specification “Sigma Filters” 2.1): a condition that the matches of other rules must meet as well. */
export interface SigmaFilter {
  readonly id: string;
  readonly name?: string;
  readonly title: string;
  readonly description?: string;
  readonly logsource: LogSource;
  /** Ids or names of rules, or every rule of the log source. */
  readonly rules: readonly string[] | 'any';
  readonly detection: Detection;
  readonly file: string;
  readonly line: number;
}

/** What is wrong with a rule, where, and what to write instead. */
export interface RuleProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly ruleId?: string;
  readonly problem: string;
  readonly suggestion: string;
}

export type { Condition, Detection };
