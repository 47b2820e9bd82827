import { holds } from '../parse/correlation.ts';
import type { Bounds } from '../rule.ts';
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

/** A value and when it was seen last, in a ring in the order of time that begins and ends at a node without a value. */
interface Seen<T> {
  readonly value: string;
  timeMs: number;
  held: Held<T> | undefined;
  before: Seen<T>;
  after: Seen<T>;
}

/**
 * `value_count`: the newest distinct values, each with the time at which it was last seen, as many as the condition
 * needs. An event in order costs a constant; a late one is put in its place.
 */
export class ValueCount<T> implements Tally<T> {
  newestMs = Number.NEGATIVE_INFINITY;
  readonly #spanMs: number;
  readonly #latenessMs: number;
  readonly #bounds: Bounds;
  readonly #most: number;
  readonly #known = new Map<string, Seen<T>>();
  readonly #ring = makeRing<T>();
  #last: Seen<T> | undefined;

  constructor({ spanMs, latenessMs, bounds }: TallySettings) {
    this.#spanMs = spanMs;
    this.#latenessMs = latenessMs;
    this.#bounds = bounds;
    this.#most = decidingCount(bounds);
  }

  get size(): number {
    return this.#known.size * 2;
  }

  add(timeMs: number, _position: number, values: readonly string[], held: Held<T> | undefined): boolean {
    this.#last = undefined;
    const { newestMs } = this;
    if (values.length === 0 || timeMs < newestMs - this.#latenessMs || timeMs < newestMs - this.#spanMs) return false;
    if (timeMs > newestMs) this.newestMs = timeMs;
    for (let at = 0; at < values.length; at++) this.#see(values[at] as string, timeMs, held);
    this.#prune();
    return holds(this.#bounds, this.#known.size);
  }

  hold(held: Held<T>): void {
    if (this.#last !== undefined) this.#last.held = held;
  }

  measure(): number {
    return this.#known.size;
  }

  firstMs(): number {
    return this.#known.size === 0 ? this.newestMs : this.#ring.after.timeMs;
  }

  ends(first: number, last: number): Held<T>[] {
    const all = this.#inOrder();
    return endsOf(all.length, first, last, (index) => (all[index] as Seen<T>).held);
  }

  save(): unknown {
    return {
      newest: Number.isFinite(this.newestMs) ? this.newestMs : 0,
      seen: this.#inOrder().map(({ value, timeMs, held }) => [value, timeMs, saveHeld(held)]),
    };
  }

  load(data: unknown): boolean {
    if (!isRecord(data) || typeof data.newest !== 'number' || !Array.isArray(data.seen)) return false;
    if (data.seen.length > this.#most) return false;
    const seen = data.seen as [unknown, unknown, unknown][];
    if (!seen.every(([value, timeMs]) => typeof value === 'string' && typeof timeMs === 'number')) return false;
    for (const [value, timeMs, held] of seen as [string, number, unknown][])
      this.#see(value, timeMs, loadHeld<T>(held));
    this.newestMs = data.newest;
    return true;
  }

  #see(value: string, timeMs: number, held: Held<T> | undefined): void {
    let seen = this.#known.get(value);
    if (seen === undefined) {
      const own = ownCopy(value);
      seen = { value: own, timeMs, held, before: this.#ring, after: this.#ring };
      this.#known.set(own, seen);
    } else {
      if (seen.timeMs > timeMs) return;
      unlink(seen);
      seen.timeMs = timeMs;
      seen.held = held;
    }
    let before = this.#ring.before;
    while (before.timeMs > timeMs) before = before.before;
    link(seen, before);
    this.#last = seen;
  }

  #prune(): void {
    for (;;) {
      const oldest = this.#ring.after;
      if (oldest === this.#ring) return;
      if (this.#known.size <= this.#most && oldest.timeMs >= this.newestMs - this.#spanMs) return;
      unlink(oldest);
      this.#known.delete(oldest.value);
    }
  }

  #inOrder(): Seen<T>[] {
    const all: Seen<T>[] = [];
    for (let seen = this.#ring.after; seen !== this.#ring; seen = seen.after) all.push(seen);
    return all;
  }
}

function makeRing<T>(): Seen<T> {
  const ring = { value: '', timeMs: Number.NEGATIVE_INFINITY, held: undefined } as Seen<T>;
  ring.before = ring;
  ring.after = ring;
  return ring;
}

function link<T>(seen: Seen<T>, before: Seen<T>): void {
  seen.before = before;
  seen.after = before.after;
  before.after.before = seen;
  before.after = seen;
}

function unlink<T>({ before, after }: Seen<T>): void {
  before.after = after;
  after.before = before;
}
