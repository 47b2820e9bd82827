import { endsOf, type Held, isRecord, loadHeld, saveHeld, type Tally, type TallySettings } from './tally.ts';

interface Entry<T> {
  readonly timeMs: number;
  /** Tells events of one moment apart: the order in which they came. */
  readonly sequence: number;
  readonly position: number;
  readonly held: Held<T>;
}

const MAX_ENTRIES = 256;

/**
 * `temporal_ordered`: the rules matched one after the other. Events of one moment count in the order in which they came.
 * Holds when the event at hand is part of such a chain.
 *
 * At most 256 events are kept. When there are more, of each run of one rule only the first and the last stay, so that
 * repeating one step does not push out the others; then the oldest go.
 */
export function seeInOrder<T>(settings: TallySettings): Tally<T> {
  const { spanMs, latenessMs, positions } = settings;
  // A late event may end a chain that began a whole time span before it.
  const keptMs = spanMs + Math.min(spanMs, latenessMs);
  let line: Entry<T>[] = [];
  let sequence = 0;
  let newest = Number.NEGATIVE_INFINITY;
  let chain: Entry<T>[] = [];

  const insert = (entry: Entry<T>): number => {
    let at = line.length;
    while (at > 0 && (line[at - 1] as Entry<T>).timeMs > entry.timeMs) at -= 1;
    line.splice(at, 0, entry);
    return at;
  };
  /** The nearest entries before and after, position by position. */
  const chainThrough = (at: number): Entry<T>[] | undefined => {
    const middle = line[at] as Entry<T>;
    const before: Entry<T>[] = [];
    const after: Entry<T>[] = [];
    for (let index = at - 1, last = middle; last.position > 0; index--) {
      const entry = line[index];
      if (entry === undefined) return undefined;
      if (entry.position === last.position - 1 && entry.sequence !== last.sequence) {
        before.unshift(entry);
        last = entry;
      }
    }
    for (let index = at + 1, last = middle; last.position < positions - 1; index++) {
      const entry = line[index];
      if (entry === undefined) return undefined;
      if (entry.position === last.position + 1 && entry.sequence !== last.sequence) {
        after.push(entry);
        last = entry;
      }
    }
    const found = [...before, middle, ...after];
    const length = (found[found.length - 1] as Entry<T>).timeMs - (found[0] as Entry<T>).timeMs;
    return length <= spanMs ? found : undefined;
  };
  const tidy = (): void => {
    let gone = 0;
    while (gone < line.length && (line[gone] as Entry<T>).timeMs < newest - keptMs) gone += 1;
    if (gone > 0) line.splice(0, gone);
    if (line.length <= MAX_ENTRIES) return;
    line = line.filter(
      ({ position }, at) => line[at - 1]?.position !== position || line[at + 1]?.position !== position,
    );
    if (line.length > MAX_ENTRIES) line.splice(0, line.length - MAX_ENTRIES);
  };
  return {
    add({ timeMs, position, held }) {
      if (timeMs < newest - latenessMs || timeMs < newest - spanMs) return false;
      newest = Math.max(newest, timeMs);
      sequence += 1;
      const at = insert({ timeMs, sequence, position, held });
      const found = chainThrough(at);
      tidy();
      if (found === undefined) return false;
      chain = found;
      return true;
    },
    measure: () => chain.length,
    firstMs: () => (chain[0] as Entry<T>).timeMs,
    newestMs: () => newest,
    ends: (first, last) => endsOf(chain.length, first, last, (index) => (chain[index] as Entry<T>).held),
    size: () => line.length,
    save: () => ({
      newest: Number.isFinite(newest) ? newest : 0,
      line: line.map((entry) => [entry.timeMs, entry.sequence, entry.position, saveHeld(entry.held)]),
      sequence,
    }),
    load(data) {
      if (!isRecord(data) || typeof data.newest !== 'number' || typeof data.sequence !== 'number') return false;
      if (!Array.isArray(data.line) || data.line.length > MAX_ENTRIES) return false;
      const loaded: Entry<T>[] = [];
      for (const [timeMs, number, position, held] of data.line as unknown[][]) {
        if (typeof timeMs !== 'number' || typeof number !== 'number' || typeof position !== 'number') return false;
        loaded.push({ timeMs, sequence: number, position, held: loadHeld<T>(held) as Held<T> });
      }
      line = loaded;
      sequence = data.sequence;
      newest = data.newest;
      return true;
    },
  };
}
