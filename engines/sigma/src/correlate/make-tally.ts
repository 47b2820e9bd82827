import type { SigmaCorrelation } from '../rule.ts';
import { EventCount } from './events.ts';
import { termsOf, type Term } from '../parse/expression.ts';
import { measureValues } from './metrics.ts';
import { seeInOrder } from './ordered.ts';
import type { Tally } from './tally.ts';
import { seeTogether } from './temporal.ts';
import { ValueCount } from './values.ts';

/** An empty tally of the type that a correlation asks for. */
export function makeTally<T>(correlation: SigmaCorrelation, latenessMs: number): Tally<T> {
  const settings = {
    spanMs: correlation.timespanMs,
    latenessMs,
    bounds: correlation.condition.bounds,
    positions: correlation.rules.length,
    percentile: correlation.condition.percentile ?? 50,
    terms: termsFor(correlation),
  };
  switch (correlation.type) {
    case 'event_count':
      return new EventCount(settings);
    case 'value_count':
      return new ValueCount(settings);
    case 'temporal':
      return seeTogether(settings);
    case 'temporal_ordered':
      return seeInOrder(settings);
    case 'value_sum':
      return measureValues(settings, 'sum');
    case 'value_avg':
      return measureValues(settings, 'avg');
    case 'value_median':
      return measureValues(settings, 'median');
    case 'value_percentile':
      return measureValues(settings, 'percentile');
  }
}

/** Of each correlation, made once and shared by its groups. */
const known = new WeakMap<SigmaCorrelation, readonly Term[]>();

function termsFor(correlation: SigmaCorrelation): readonly Term[] | undefined {
  const { condition, rules } = correlation;
  if (condition.expression === undefined) return undefined;
  const terms = known.get(correlation) ?? termsOf(condition.expression, rules) ?? [];
  known.set(correlation, terms);
  return terms;
}
