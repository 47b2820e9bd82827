import type { Bilingual, Entities, Level } from './alert.ts';
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
  readonly respond?: { readonly verb: 'block'; readonly entity: string };
}

/** A rule matched. For a correlation `event` is the one that completed it and `count` the events in its window. */
export interface Signal {
  readonly rule: RuleInfo;
  readonly event: Event;
  readonly entities: Entities;
  readonly count: number;
  /** Evidence: events that led to it, oldest first, bounded; includes `event`. */
  readonly evidence: readonly Event[];
}
