import { numberOf } from '../match/checks.ts';
import { holds } from '../parse/correlation.ts';
import { endsOf, type Held, isRecord, loadHeld, saveHeld, type Tally, type TallySettings } from './tally.ts';

interface Measured<T> {
  readonly timeMs: number;
  readonly value: number;
  readonly held: Held<T> | undefined;
}

export type Metric = 'sum' | 'avg' | 'median' | 'percentile';

/** Of more events than this in one window, the newest count. */
const MAX_VALUES = 10_000;

/** `value_sum`, `value_avg`, `value_median` and `value_percentile` (linear between ranks). Values that are no numbers are left out. */
export function measureValues<T>(settings: TallySettings, metric: Metric): Tally<T> {
  const { spanMs, latenessMs, bounds, percentile } = settings;
  let entries: Measured<T>[] = [];
  /** Entries before this one are gone. */
  let start = 0;
  /** Of the values in the window, smallest first; for ranks only. */
  let sorted: number[] = [];
  let sum = 0;
  let newestMs = Number.NEGATIVE_INFINITY;
  let measured = 0;
  const ranked = metric === 'median' || metric === 'percentile';

  const rankOf = (value: number): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const drop = (): void => {
    const { value } = entries[start] as Measured<T>;
    start += 1;
    sum -= value;
    if (ranked) sorted.splice(rankOf(value), 1);
    if (start === entries.length) sum = 0;
    if (start < 1_000 && start < entries.length) return;
    entries = entries.slice(start);
    start = 0;
  };
  const insert = (entry: Measured<T>): void => {
    let at = entries.length;
    while (at > start && (entries[at - 1] as Measured<T>).timeMs > entry.timeMs) at -= 1;
    entries.splice(at, 0, entry);
    sum += entry.value;
    if (ranked) sorted.splice(rankOf(entry.value), 0, entry.value);
  };
  const read = (): number => {
    const count = entries.length - start;
    if (metric === 'sum') return sum;
    if (metric === 'avg') return sum / count;
    const rank = ((metric === 'median' ? 50 : percentile) / 100) * (count - 1);
    const below = sorted[Math.floor(rank)] as number;
    return below + ((sorted[Math.ceil(rank)] as number) - below) * (rank - Math.floor(rank));
  };
  return {
    get newestMs() {
      return newestMs;
    },
    get size() {
      return entries.length * 2;
    },
    add(timeMs, _position, values, held) {
      const numbers = values.map(numberOf).filter(Number.isFinite);
      if (numbers.length === 0 || timeMs < newestMs - latenessMs || timeMs < newestMs - spanMs) return false;
      newestMs = Math.max(newestMs, timeMs);
      for (const value of numbers) insert({ timeMs, value, held });
      while (entries.length - start > MAX_VALUES || (entries[start] as Measured<T>).timeMs < newestMs - spanMs) drop();
      measured = read();
      return holds(bounds, measured);
    },
    measure: () => measured,
    firstMs: () => (entries[start] as Measured<T>).timeMs,
    ends: (first, last) =>
      endsOf(entries.length - start, first, last, (index) => (entries[start + index] as Measured<T>).held),
    save: () => ({
      sum,
      entries: entries.slice(start).map(({ timeMs, value, held }) => [timeMs, value, saveHeld(held)]),
    }),
    load(data) {
      if (!isRecord(data) || typeof data.sum !== 'number' || !Array.isArray(data.entries)) return false;
      if (data.entries.length > MAX_VALUES) return false;
      const loaded: Measured<T>[] = [];
      for (const [timeMs, value, held] of data.entries as unknown[][]) {
        if (typeof timeMs !== 'number' || typeof value !== 'number') return false;
        loaded.push({ timeMs, value, held: loadHeld<T>(held) });
      }
      entries = loaded;
      sorted = ranked ? loaded.map(({ value }) => value).sort((a, b) => a - b) : [];
      sum = data.sum;
      newestMs = Math.max(...loaded.map(({ timeMs }) => timeMs), Number.NEGATIVE_INFINITY);
      return true;
    },
  };
}
