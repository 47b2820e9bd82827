import { holds } from '../parse/correlation.ts';
import {
  decidingCount,
  endsOf,
  type Held,
  isNumbers,
  isRecord,
  loadHeld,
  saveHeld,
  type Tally,
  type TallySettings,
} from './tally.ts';

/**
 * `event_count`: a ring of the newest times and references, as many as the condition needs. An event in order costs a
 * constant; a late one is put in its place.
 */
export function countEvents<T>(settings: TallySettings): Tally<T> {
  const { spanMs, latenessMs, bounds } = settings;
  const most = decidingCount(bounds);
  let times = new Array<number>(4).fill(0);
  let helds = new Array<Held<T> | undefined>(4).fill(undefined);
  let start = 0;
  let count = 0;
  let newest = Number.NEGATIVE_INFINITY;
  let lastPlaced = 0;

  const place = (index: number): number => {
    const at = start + index;
    return at < times.length ? at : at - times.length;
  };
  const grow = (): void => {
    const room = Math.min(most, times.length * 2);
    const order = Array.from({ length: count }, (_, index) => place(index));
    times = order.map((at) => times[at] as number);
    helds = order.map((at) => helds[at]);
    while (times.length < room) {
      times.push(0);
      helds.push(undefined);
    }
    start = 0;
  };
  const dropOldest = (): void => {
    helds[start] = undefined;
    start = place(1);
    count -= 1;
  };
  const prune = (): void => {
    while (count > 0 && (times[start] as number) < newest - spanMs) dropOldest();
  };
  const push = (timeMs: number, held: Held<T> | undefined): void => {
    if (count === times.length) {
      if (times.length < most) grow();
      else dropOldest();
    }
    const at = place(count);
    times[at] = timeMs;
    helds[at] = held;
    lastPlaced = at;
    count += 1;
  };
  const insertLate = (timeMs: number, held: Held<T>): void => {
    if (count === most && timeMs < (times[start] as number)) return;
    push(timeMs, held);
    for (let index = count - 1; index > 0; index--) {
      const at = place(index);
      const before = place(index - 1);
      if ((times[before] as number) <= timeMs) break;
      times[at] = times[before] as number;
      helds[at] = helds[before];
      times[before] = timeMs;
      helds[before] = held;
      lastPlaced = before;
    }
  };
  return {
    add({ timeMs, held }) {
      if (timeMs >= newest) {
        newest = timeMs;
        push(timeMs, held);
        prune();
      } else {
        if (timeMs < newest - latenessMs || timeMs < newest - spanMs) return false;
        insertLate(timeMs, held);
      }
      return holds(bounds, count);
    },
    measure: () => count,
    firstMs: () => times[start] as number,
    newestMs: () => newest,
    ends: (first, last) => endsOf(count, first, last, (index) => helds[place(index)]),
    release() {
      helds[lastPlaced] = undefined;
    },
    size: () => times.length,
    save: () => ({
      times: Array.from({ length: count }, (_, index) => times[place(index)]),
      held: Array.from({ length: count }, (_, index) => saveHeld(helds[place(index)])),
    }),
    load(data) {
      if (!isRecord(data) || !isNumbers(data.times) || !Array.isArray(data.held)) return false;
      if (data.times.length !== data.held.length || data.times.length > most) return false;
      data.times.forEach((timeMs, index) => {
        newest = Math.max(newest, timeMs);
        push(timeMs, loadHeld<T>((data.held as unknown[])[index]));
      });
      return true;
    },
  };
}
