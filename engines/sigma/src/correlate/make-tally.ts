import type { SigmaCorrelation } from '../rule.ts';
import { countEvents } from './events.ts';
import { measureValues } from './metrics.ts';
import { seeInOrder } from './ordered.ts';
import type { Tally } from './tally.ts';
import { seeTogether } from './temporal.ts';
import { countValues } from './values.ts';

/** An empty tally of the type that a correlation asks for. */
export function makeTally<T>(correlation: SigmaCorrelation, latenessMs: number): Tally<T> {
  const settings = {
    spanMs: correlation.timespanMs,
    latenessMs,
    bounds: correlation.condition.bounds,
    positions: correlation.rules.length,
    percentile: correlation.condition.percentile ?? 50,
  };
  switch (correlation.type) {
    case 'event_count':
      return countEvents(settings);
    case 'value_count':
      return countValues(settings);
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
