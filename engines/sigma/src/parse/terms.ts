import type { LinearRegex } from '../regex/index.ts';
import type { Network } from './cidr.ts';
import type { Condition } from './condition.ts';
import type { Pattern } from './pattern.ts';

/** The `detection` section: named searches and the condition that joins them. */
export interface Detection {
  readonly searches: ReadonlyMap<string, Search>;
  readonly condition: Condition;
}

export type Search =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Search[] }
  | { readonly kind: 'item'; readonly item: DetectionItem };

/** `field|modifier: values`, or a list of keywords. */
export interface DetectionItem {
  /** Undefined for keywords: the whole event is searched. */
  readonly field: string | undefined;
  /** Each value, as the tests of which one must hold. */
  readonly values: readonly (readonly Test[])[];
  /** Whether one value or every value must hold. */
  readonly linking: 'any' | 'all';
  /** `neq`: turns the answer round. */
  readonly negated: boolean;
}

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';
export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof TIME_PARTS)[number];
export type Placement = 'whole' | 'start' | 'end' | 'anywhere';

/** What is asked of one value of an event. Lists match when any element does. */
export type Test =
  | { readonly kind: 'text'; readonly pattern: Pattern; readonly cased: boolean }
  | { readonly kind: 'regex'; readonly regex: LinearRegex }
  | { readonly kind: 'cidr'; readonly network: Network }
  | {
      readonly kind: 'number';
      readonly comparison: Comparison | 'eq';
      readonly value: number;
      readonly part?: TimePart;
    }
  | { readonly kind: 'field'; readonly field: string; readonly place: Placement; readonly cased: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'exists'; readonly expected: boolean };

export interface ParseOptions {
  /** Values of `%name%` where a rule says `expand`. A name that is not here refuses the rule. */
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
}
