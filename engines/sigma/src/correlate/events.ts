import { holds } from '../parse/correlation.ts';
import type { Bounds } from '../rule.ts';
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
 *
 * A class, since there is one for each address of an attack: closures would cost a kilobyte and a jump each.
 */
export class EventCount<T> implements Tally<T> {
  newestMs = Number.NEGATIVE_INFINITY;
  readonly #spanMs: number;
  readonly #latenessMs: number;
  readonly #bounds: Bounds;
  readonly #most: number;
  #times: number[] = [0, 0, 0, 0];
  #helds: (Held<T> | undefined)[] = [undefined, undefined, undefined, undefined];
  #start = 0;
  #count = 0;
  /** Where the event taken in last is; −1 when it was not kept. */
  #lastAt = -1;

  constructor({ spanMs, latenessMs, bounds }: TallySettings) {
    this.#spanMs = spanMs;
    this.#latenessMs = latenessMs;
    this.#bounds = bounds;
    this.#most = decidingCount(bounds);
  }

  get size(): number {
    return this.#times.length;
  }

  add(timeMs: number, _position: number, _values: readonly string[], held: Held<T> | undefined): boolean {
    const oldest = this.newestMs - this.#spanMs;
    if (timeMs >= this.newestMs) {
      this.newestMs = timeMs;
      this.#push(timeMs, held);
      this.#prune(timeMs - this.#spanMs);
    } else {
      this.#lastAt = -1;
      if (timeMs < this.newestMs - this.#latenessMs || timeMs < oldest) return false;
      this.#insertLate(timeMs, held);
    }
    return holds(this.#bounds, this.#count);
  }

  hold(held: Held<T>): void {
    if (this.#lastAt >= 0) this.#helds[this.#lastAt] = held;
  }

  measure(): number {
    return this.#count;
  }

  firstMs(): number {
    return this.#times[this.#start] as number;
  }

  ends(first: number, last: number): Held<T>[] {
    return endsOf(this.#count, first, last, (index) => this.#helds[this.#place(index)]);
  }

  save(): unknown {
    const places = Array.from({ length: this.#count }, (_, index) => this.#place(index));
    return {
      times: places.map((at) => this.#times[at]),
      held: places.map((at) => saveHeld(this.#helds[at])),
    };
  }

  load(data: unknown): boolean {
    if (!isRecord(data) || !isNumbers(data.times) || !Array.isArray(data.held)) return false;
    if (data.times.length !== data.held.length || data.times.length > this.#most) return false;
    data.times.forEach((timeMs, index) => {
      this.newestMs = Math.max(this.newestMs, timeMs);
      this.#push(timeMs, loadHeld<T>((data.held as unknown[])[index]));
    });
    return true;
  }

  #place(index: number): number {
    const at = this.#start + index;
    return at < this.#times.length ? at : at - this.#times.length;
  }

  #push(timeMs: number, held: Held<T> | undefined): void {
    if (this.#count === this.#times.length) {
      if (this.#times.length < this.#most) this.#grow();
      else this.#dropOldest();
    }
    const at = this.#place(this.#count);
    this.#times[at] = timeMs;
    this.#helds[at] = held;
    this.#lastAt = at;
    this.#count += 1;
  }

  #grow(): void {
    const room = Math.min(this.#most, this.#times.length * 2);
    const order = Array.from({ length: this.#count }, (_, index) => this.#place(index));
    const times = order.map((at) => this.#times[at] as number);
    const helds = order.map((at) => this.#helds[at]);
    while (times.length < room) {
      times.push(0);
      helds.push(undefined);
    }
    this.#times = times;
    this.#helds = helds;
    this.#start = 0;
  }

  #dropOldest(): void {
    this.#helds[this.#start] = undefined;
    this.#start = this.#place(1);
    this.#count -= 1;
  }

  #prune(oldestMs: number): void {
    while (this.#count > 0 && (this.#times[this.#start] as number) < oldestMs) this.#dropOldest();
  }

  #insertLate(timeMs: number, held: Held<T> | undefined): void {
    if (this.#count === this.#most && timeMs < (this.#times[this.#start] as number)) return;
    this.#push(timeMs, held);
    const times = this.#times;
    const helds = this.#helds;
    for (let index = this.#count - 1; index > 0; index--) {
      const at = this.#place(index);
      const before = this.#place(index - 1);
      if ((times[before] as number) <= timeMs) break;
      times[at] = times[before] as number;
      helds[at] = helds[before];
      times[before] = timeMs;
      helds[before] = held;
      this.#lastAt = before;
    }
  }
}
