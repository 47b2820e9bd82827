import type { Term } from '../parse/expression.ts';
import { Bundle, endsOf, type Held, isRecord, loadHeld, saveHeld, type Tally } from './tally.ts';
import type { TemporalSettings } from './temporal.ts';

interface Entry<T> {
  readonly timeMs: number;
  /** Tells events of one moment apart: the order in which they came. */
  readonly sequence: number;
  readonly position: number;
  readonly held: Held<T> | undefined;
}

const MAX_ENTRIES = 256;
/** Down to this many the oldest go, so that a full line is not gone through at each event. */
const KEPT_ENTRIES = 192;

/**
 * `temporal_ordered`: the rules matched one after the other. Events of one moment count in the order in which they came.
 * Holds when the event at hand is part of such a chain. With an expression: of a chain of the rules that one way of it to
 * hold needs, and no fewer would do, while none that it forbids matched in the window.
 *
 * At most 256 events are kept. When there are more, of each run of one rule only the first and the last stay, so that
 * repeating one step does not push out the others; then the oldest go, a quarter at a time.
 */
export function seeInOrder<T>(settings: TemporalSettings): Tally<T> {
  const { spanMs, latenessMs, positions } = settings;
  const terms: readonly Term[] = settings.terms ?? [
    { seen: Array.from({ length: positions }, (_, position) => position), unseen: [] },
  ];
  // A late event may end a chain that began a whole time span before it.
  const keptMs = spanMs + Math.min(spanMs, latenessMs);
  let line: Entry<T>[] = [];
  let sequence = 0;
  let newestMs = Number.NEGATIVE_INFINITY;
  let chain: Entry<T>[] = [];
  const lastMs = new Array<number>(positions).fill(Number.NEGATIVE_INFINITY);

  /** Of a correlation that goes on matching the first and the latest match count: those between tell no more. */
  const goesOn = ({ timeMs, position, held }: Entry<T>): boolean => {
    const last = line[line.length - 1];
    if (last?.position !== position || line[line.length - 2]?.position !== position) return false;
    return held instanceof Bundle && last.held instanceof Bundle && last.timeMs <= timeMs;
  };
  const insert = (entry: Entry<T>): number => {
    if (goesOn(entry)) line.pop();
    let at = line.length;
    while (at > 0 && (line[at - 1] as Entry<T>).timeMs > entry.timeMs) at -= 1;
    if (at === line.length) line.push(entry);
    else line.splice(at, 0, entry);
    return at;
  };
  const isSeen = (position: number): boolean => (lastMs[position] as number) >= newestMs - spanMs;
  /** The nearest entries before and after, position by position. */
  const chainThrough = (at: number, { seen, unseen }: Term): Entry<T>[] | undefined => {
    const middle = line[at] as Entry<T>;
    const place = seen.indexOf(middle.position);
    if (place < 0 || (place < seen.length - 1 && at === line.length - 1) || unseen.some(isSeen)) return undefined;
    // Where fewer rules are enough, an event of another one adds nothing.
    if (terms.some((other) => isPartOf(other.seen, seen) && !other.unseen.some(isSeen))) return undefined;
    for (let index = 0; index < seen.length; index++)
      if ((lastMs[seen[index] as number] as number) < middle.timeMs - spanMs) return undefined;
    const before: Entry<T>[] = [];
    const after: Entry<T>[] = [];
    for (let index = at - 1, wanted = place - 1; wanted >= 0; index--) {
      const entry = line[index];
      if (entry === undefined) return undefined;
      if (entry.position !== seen[wanted]) continue;
      before.unshift(entry);
      wanted -= 1;
    }
    for (let index = at + 1, wanted = place + 1; wanted < seen.length; index++) {
      const entry = line[index];
      if (entry === undefined) return undefined;
      if (entry.position !== seen[wanted]) continue;
      after.push(entry);
      wanted += 1;
    }
    const found = [...before, middle, ...after];
    const length = (found[found.length - 1] as Entry<T>).timeMs - (found[0] as Entry<T>).timeMs;
    return length <= spanMs ? found : undefined;
  };
  const tidy = (): void => {
    let gone = 0;
    while (gone < line.length && (line[gone] as Entry<T>).timeMs < newestMs - keptMs) gone += 1;
    if (gone > 0) line.splice(0, gone);
    if (line.length <= MAX_ENTRIES) return;
    line = line.filter(
      ({ position }, at) => line[at - 1]?.position !== position || line[at + 1]?.position !== position,
    );
    if (line.length > KEPT_ENTRIES) line.splice(0, line.length - KEPT_ENTRIES);
  };
  return {
    get newestMs() {
      return newestMs;
    },
    get size() {
      return line.length;
    },
    add(timeMs, position, _values, held) {
      if (timeMs < newestMs - latenessMs || timeMs < newestMs - spanMs) return false;
      newestMs = Math.max(newestMs, timeMs);
      sequence += 1;
      const at = insert({ timeMs, sequence, position, held });
      lastMs[position] = Math.max(lastMs[position] as number, timeMs);
      let found: Entry<T>[] | undefined;
      for (let term = 0; found === undefined && term < terms.length; term++)
        found = chainThrough(at, terms[term] as Term);
      tidy();
      if (found === undefined) return false;
      chain = found;
      return true;
    },
    measure: () => chain.length,
    firstMs: () => (chain[0] as Entry<T>).timeMs,
    ends: (first, last) => endsOf(chain.length, first, last, (index) => (chain[index] as Entry<T>).held),
    save: () => ({
      newest: Number.isFinite(newestMs) ? newestMs : 0,
      line: line.map((entry) => [entry.timeMs, entry.sequence, entry.position, saveHeld(entry.held)]),
      sequence,
      last: lastMs.map((timeMs) => (Number.isFinite(timeMs) ? timeMs : null)),
    }),
    load(data) {
      if (!isRecord(data) || typeof data.newest !== 'number' || typeof data.sequence !== 'number') return false;
      if (!Array.isArray(data.line) || data.line.length > MAX_ENTRIES) return false;
      const loaded: Entry<T>[] = [];
      for (const [timeMs, number, position, held] of data.line as unknown[][]) {
        if (typeof timeMs !== 'number' || typeof number !== 'number' || typeof position !== 'number') return false;
        loaded.push({ timeMs, sequence: number, position, held: loadHeld<T>(held) });
      }
      line = loaded;
      const last: readonly unknown[] = Array.isArray(data.last) ? data.last : [];
      for (let position = 0; position < positions; position++) {
        const timeMs = last[position];
        if (typeof timeMs === 'number') lastMs[position] = timeMs;
      }
      for (const { position, timeMs } of loaded)
        if (position < positions) lastMs[position] = Math.max(lastMs[position] as number, timeMs);
      sequence = data.sequence;
      newestMs = data.newest;
      return true;
    },
  };
}

function isPartOf(part: readonly number[], whole: readonly number[]): boolean {
  return part.length < whole.length && part.every((position) => whole.includes(position));
}
