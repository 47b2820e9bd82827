import type { FieldReader } from '../match/fields.ts';
import { ownCopy, textOf } from './field-text.ts';

/** A value that events are grouped by, and what each correlation that groups by it has found under it. */
export interface Key<G> {
  readonly text: string;
  readonly groups: (G | undefined)[];
}

/** The key of an event for each way of grouping: read once per event, looked up once for all correlations that group alike. */
export interface Keys<G> {
  /** Another event comes. */
  next(): void;
  /** Undefined when the event has nothing there. */
  of(grouping: number, read: FieldReader, event: object): Key<G> | undefined;
  /** Lets go of all that was found under keys: else groups that are forgotten would stay in memory. */
  forget(): void;
}

/** Of each way of grouping; when there are more, all are found anew. */
const MAX_KEYS = 16_384;

export function makeKeys<G>(): Keys<G> {
  const found: (Key<G> | undefined)[] = [];
  const readAt: number[] = [];
  const known: Map<string, Key<G>>[] = [];
  let now = 0;
  return {
    next() {
      now += 1;
    },
    of(grouping, read, event) {
      if (readAt[grouping] === now) return found[grouping];
      readAt[grouping] = now;
      const text = textOf(read(event));
      const keys = (known[grouping] ??= new Map());
      let key = text === undefined ? undefined : keys.get(text);
      if (text !== undefined && key === undefined) {
        if (keys.size >= MAX_KEYS) keys.clear();
        key = { text: ownCopy(text), groups: [] };
        keys.set(key.text, key);
      }
      found[grouping] = key;
      return key;
    },
    forget() {
      known.length = 0;
      found.length = 0;
      readAt.length = 0;
    },
  };
}
