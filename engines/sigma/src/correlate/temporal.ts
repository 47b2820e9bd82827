import { holds } from '../parse/correlation.ts';
import { endsOf, type Held, isRecord, loadHeld, saveHeld, type Tally, type TallySettings } from './tally.ts';

/** `temporal`: when each rule matched last. */
export function seeTogether<T>(settings: TallySettings): Tally<T> {
  const { spanMs, latenessMs, bounds, positions } = settings;
  const times = new Array<number>(positions).fill(Number.NEGATIVE_INFINITY);
  const helds = new Array<Held<T> | undefined>(positions).fill(undefined);
  let newest = Number.NEGATIVE_INFINITY;
  const inWindow = (): number[] => {
    const found: number[] = [];
    for (let at = 0; at < positions; at++) if ((times[at] as number) >= newest - spanMs) found.push(at);
    return found.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
  };
  return {
    add({ timeMs, position, held }) {
      if (timeMs < newest - latenessMs || timeMs < newest - spanMs) return false;
      newest = Math.max(newest, timeMs);
      if (timeMs >= (times[position] as number)) {
        times[position] = timeMs;
        helds[position] = held;
      }
      let count = 0;
      for (let at = 0; at < positions; at++) if ((times[at] as number) >= newest - spanMs) count += 1;
      return holds(bounds, count);
    },
    measure: () => inWindow().length,
    firstMs: () => times[inWindow()[0] ?? 0] as number,
    newestMs: () => newest,
    ends(first, last) {
      const found = inWindow();
      return endsOf(found.length, first, last, (index) => helds[found[index] as number] as Held<T>);
    },
    size: () => positions,
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
        newest = Math.max(newest, timeMs);
      }
      return true;
    },
  };
}
