import { holds } from '../parse/correlation.ts';
import { ownCopy } from './field-text.ts';
import {
  decidingCount,
  endsOf,
  type Held,
  isRecord,
  loadHeld,
  saveHeld,
  type Tally,
  type TallySettings,
} from './tally.ts';

interface Seen<T> {
  timeMs: number;
  held: Held<T> | undefined;
}

/** `value_count`: the newest distinct values, each with the time at which it was last seen, as many as the condition needs. */
export function countValues<T>(settings: TallySettings): Tally<T> {
  const { spanMs, latenessMs, bounds } = settings;
  const most = decidingCount(bounds);
  /** In the order of time. */
  let seen = new Map<string, Seen<T>>();
  let newest = Number.NEGATIVE_INFINITY;
  let newestValue: string | undefined;
  let lastSeen: Seen<T> | undefined;

  const prune = (): void => {
    for (const [value, { timeMs }] of seen) {
      if (seen.size <= most && timeMs >= newest - spanMs) return;
      seen.delete(value);
    }
  };
  const see = (value: string, timeMs: number, held: Held<T>): void => {
    const known = seen.get(value);
    if (known !== undefined && known.timeMs > timeMs) return;
    if (known !== undefined && value === newestValue) {
      known.timeMs = timeMs;
      known.held = held;
      lastSeen = known;
      return;
    }
    if (known !== undefined) seen.delete(value);
    lastSeen = { timeMs, held };
    seen.set(known === undefined ? ownCopy(value) : value, lastSeen);
    if (timeMs >= newest) newestValue = value;
    else {
      const sorted = [...seen].sort((a, b) => a[1].timeMs - b[1].timeMs);
      seen = new Map(sorted);
      newestValue = sorted[sorted.length - 1]?.[0];
    }
  };
  const entries = (): Seen<T>[] => [...seen.values()];
  return {
    add({ timeMs, values, held }) {
      if (values.length === 0 || timeMs < newest - latenessMs || timeMs < newest - spanMs) return false;
      newest = Math.max(newest, timeMs);
      for (const value of values) see(value, timeMs, held);
      prune();
      return holds(bounds, seen.size);
    },
    measure: () => seen.size,
    firstMs: () => entries()[0]?.timeMs ?? newest,
    newestMs: () => newest,
    ends(first, last) {
      const all = entries();
      return endsOf(all.length, first, last, (index) => (all[index] as Seen<T>).held);
    },
    release() {
      if (lastSeen !== undefined) lastSeen.held = undefined;
    },
    size: () => seen.size * 2,
    save: () => ({
      newest: Number.isFinite(newest) ? newest : 0,
      seen: [...seen].map(([value, { timeMs, held }]) => [value, timeMs, saveHeld(held)]),
    }),
    load(data) {
      if (!isRecord(data) || typeof data.newest !== 'number' || !Array.isArray(data.seen) || data.seen.length > most)
        return false;
      for (const [value, timeMs, held] of data.seen as [unknown, unknown, unknown][]) {
        if (typeof value !== 'string' || typeof timeMs !== 'number') return false;
        seen.set(value, { timeMs, held: loadHeld<T>(held) });
        newestValue = value;
      }
      newest = data.newest;
      return true;
    },
  };
}
