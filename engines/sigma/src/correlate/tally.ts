import type { Bounds } from '../rule.ts';

/** References of a match of another correlation, carried as one. */
export class Bundle<T> {
  /** When the oldest of them happened. */
  readonly firstMs: number;
  readonly #began: readonly T[];
  readonly #newest: T | undefined;

  /**
   * @param began the references with which it began to match, shared by all bundles of one run of matches.
   * @param newest the last of the run, if it is not one of those.
   */
  constructor(began: readonly T[], firstMs: number, newest?: T) {
    this.firstMs = firstMs;
    this.#began = began;
    this.#newest = newest;
  }

  get items(): readonly T[] {
    return this.#newest === undefined ? this.#began : [...this.#began, this.#newest];
  }
}
export type Held<T> = T | Bundle<T>;

/** What is kept of one group. Windows end at the newest event of the group and reach back by the time span, both ends inside. */
export interface Tally<T> {
  /** Epoch milliseconds of the newest event; −∞ before there is one. */
  readonly newestMs: number;
  /** How much is kept, for the bound on memory. */
  readonly size: number;
  /**
   * Takes an event in; true when the condition holds with it.
   *
   * @param position which of the correlation's rules it matched.
   * @param values of the condition's field, as text; empty where the type needs none.
   * @param held what the event is known by; where `hold` is there it may be left out, and be given afterwards or never.
   */
  add(timeMs: number, position: number, values: readonly string[], held: Held<T> | undefined): boolean;
  /** Keeps the reference of the event taken in last, if that event is still there. In a flood nobody asks for it. */
  hold?(held: Held<T>): void;
  /** Of the last `add` that was true: what was counted or measured. */
  measure(): number;
  firstMs(): number;
  /** The first and the last references of the window, in the order of time, none twice. */
  ends(first: number, last: number): Held<T>[];
  /** Plain data for `load` of a tally made with the same settings. */
  save(): unknown;
  /** False, and unchanged, when the data is not what `save` gave. */
  load(data: unknown): boolean;
}

export interface TallySettings {
  readonly spanMs: number;
  readonly latenessMs: number;
  readonly bounds: Bounds;
  /** How many rules the correlation refers to. */
  readonly positions: number;
  readonly percentile: number;
}

/** The smallest number from which on all counts give the same answer: more need not be kept. */
export function decidingCount(bounds: Bounds): number {
  const { gte = 0, gt = -1, lt = 0, lte = -1, eq = -1, neq = -1 } = bounds;
  return Math.max(MIN_KEPT, Math.ceil(Math.max(gte, gt + 1, lt, lte + 1, eq + 1, neq + 1)));
}

const MIN_KEPT = 16;

/** `count` numbered things, without the middle and without what was not held. */
export function endsOf<R>(count: number, first: number, last: number, at: (index: number) => R | undefined): R[] {
  const found: R[] = [];
  for (let index = 0; index < count; index++) {
    if (index === first && index < count - last) index = count - last;
    const thing = index < count ? at(index) : undefined;
    if (thing !== undefined) found.push(thing);
  }
  return found;
}

export function saveHeld<T>(held: Held<T> | undefined): unknown {
  if (held === undefined) return null;
  return held instanceof Bundle ? { many: held.items, firstMs: held.firstMs } : { one: held };
}

export function loadHeld<T>(data: unknown): Held<T> | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if ('many' in data && Array.isArray(data.many) && 'firstMs' in data && typeof data.firstMs === 'number')
    return new Bundle<T>(data.many as T[], data.firstMs);
  return 'one' in data ? (data.one as T) : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}
