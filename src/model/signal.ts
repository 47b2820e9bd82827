import type { AlertEvent, Bilingual, Entities, Level } from './alert.ts';
import type { Event } from './event.ts';

/** What a rule tells the reader, beside its logic. */
export interface RuleInfo {
  readonly id: string;
  readonly title: Bilingual;
  readonly level: Level;
  /** ATT&CK technique ids, e.g. `T1110.001`. */
  readonly attack: readonly string[];
  /** Templates: `{src_ip}`, `{user}`, `{count}` … are filled from entities. */
  readonly reason: Bilingual;
  readonly advice: Bilingual;
  /** Entity whose values tell one cause from another; signals that agree in all of them are one alert. */
  readonly groupBy: readonly string[];
  /** The entity that a response would act on. */
  readonly respond?: { readonly verb: 'block'; readonly entity: string; readonly automatic?: boolean };
  /** Ids of rules that tell the same story better: while one of their alerts is open for the same entities, this is silent. */
  readonly unless?: readonly string[];
}

/** A rule matched. For a correlation `event` is the one that completed it and `count` the events in its window. */
export interface Signal {
  readonly rule: RuleInfo;
  readonly event: Event;
  readonly entities: Entities;
  readonly count: number;
  /** For value_count: how many different values there were. */
  readonly distinct?: number;
  /** The correlation matched at the event before too: this event alone is new. */
  readonly continues?: boolean;
  /** Events that led to it, oldest first, bounded; the last one is `event`, as itself or as a copy. */
  readonly evidence: readonly SignalEvidence[];
}

/** Characters of a record that are kept as evidence. */
export const MAX_EVIDENCE_LENGTH = 4096;

/** What is kept of an event that a signal stands on: its own copy of the text, and the entities that vary within an alert. */
export interface SignalEvidence extends Readonly<AlertEvent> {
  readonly about?: Entities;
}
