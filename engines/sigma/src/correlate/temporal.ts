import type { Term } from '../parse/expression.ts';
import { holds } from '../parse/correlation.ts';
import { endsOf, type Held, isRecord, loadHeld, saveHeld, type Tally, type TallySettings } from './tally.ts';

/** What `temporal` and `temporal_ordered` need beside the rest: the ways in which their expression holds, if they have one. */
export interface TemporalSettings extends TallySettings {
  readonly terms?: readonly Term[] | undefined;
}

/** `temporal`: when each rule matched last. */
export function seeTogether<T>(settings: TemporalSettings): Tally<T> {
  const { spanMs, latenessMs, bounds, positions, terms } = settings;
  const times = new Array<number>(positions).fill(Number.NEGATIVE_INFINITY);
  const helds = new Array<Held<T> | undefined>(positions).fill(undefined);
  let newestMs = Number.NEGATIVE_INFINITY;
  const isSeen = (at: number): boolean => (times[at] as number) >= newestMs - spanMs;
  const countSeen = (): number => {
    let count = 0;
    for (let at = 0; at < positions; at++) if (isSeen(at)) count += 1;
    return count;
  };
  const inWindow = (): number[] => {
    const found: number[] = [];
    for (let at = 0; at < positions; at++) if (isSeen(at)) found.push(at);
    return found.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
  };
  return {
    get newestMs() {
      return newestMs;
    },
    size: positions,
    add(timeMs, position, _values, held) {
      if (timeMs < newestMs - latenessMs || timeMs < newestMs - spanMs) return false;
      newestMs = Math.max(newestMs, timeMs);
      if (timeMs >= (times[position] as number)) {
        times[position] = timeMs;
        helds[position] = held;
      }
      if (terms !== undefined) return terms.some(({ seen, unseen }) => seen.every(isSeen) && !unseen.some(isSeen));
      return holds(bounds, countSeen());
    },
    measure: countSeen,
    firstMs() {
      let firstMs = Number.POSITIVE_INFINITY;
      for (let at = 0; at < positions; at++) if (isSeen(at)) firstMs = Math.min(firstMs, times[at] as number);
      return Number.isFinite(firstMs) ? firstMs : (times[0] as number);
    },
    ends(first, last) {
      const found = inWindow();
      return endsOf(found.length, first, last, (index) => helds[found[index] as number] as Held<T>);
    },
    save: () => ({
      times: times.map((timeMs) => (Number.isFinite(timeMs) ? timeMs : null)),
      held: helds.map((held) => (held === undefined ? null : saveHeld(held))),
    }),
    load(data) {
      if (!isRecord(data) || !Array.isArray(data.times) || !Array.isArray(data.held)) return false;
      if (data.times.length !== positions || data.held.length !== positions) return false;
      for (let at = 0; at < positions; at++) {
        const timeMs: unknown = data.times[at];
        if (typeof timeMs !== 'number') continue;
        times[at] = timeMs;
        helds[at] = loadHeld<T>(data.held[at]);
        newestMs = Math.max(newestMs, timeMs);
      }
      return true;
    },
  };
}
