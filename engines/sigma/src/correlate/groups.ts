import type { Bundle, Tally } from './tally.ts';

/** One group of a correlation: the values that it stands for, and what was seen of it. */
export interface Group<T> {
  readonly key: string;
  /** By the names under `group-by`. */
  readonly values: Readonly<Record<string, string>>;
  tally: Tally<T>;
  /** Its last event met the condition. */
  isFiring: boolean;
  /** Events in a row that were too late to count. */
  lateInRow: number;
  kept: number;
  /** When it was last touched: higher is later. */
  turn: number;
  /** Where others build upon it: what it began to match with, for as long as that is in the window. */
  began: Bundle<T> | undefined;
  /** The groups of those that build upon it, feed by feed. */
  readonly above: (Group<T> | undefined)[];
  /** It was forgotten: who still points at it has to look again. */
  isGone: boolean;
}

/** Groups by key. When there are too many, or when together they keep too much, those untouched longest go, an eighth at a time. */
export interface Groups<T> {
  find(key: string): Group<T> | undefined;
  insert(key: string, values: Readonly<Record<string, string>>, tally: Tally<T>): Group<T>;
  /** After its tally took an event in. */
  touch(group: Group<T>): void;
  /** The longest untouched first. */
  all(): Group<T>[];
  count(): number;
  evicted(): number;
  clear(): void;
}

/** @param onForgotten groups went: whoever points at groups by their keys has to let go of those. */
export function makeGroups<T>(maxGroups: number, maxKept: number, onForgotten: () => void): Groups<T> {
  const byKey = new Map<string, Group<T>>();
  let turn = 0;
  let kept = 0;
  let evicted = 0;

  const all = (): Group<T>[] => [...byKey.values()].sort((a, b) => a.turn - b.turn);
  // A list in order of use would be exact, and cost three cache misses at each event; a sort now and then costs less.
  const evict = (spared: Group<T>): void => {
    onForgotten();
    const room = { groups: maxGroups - (maxGroups >> 3), kept: maxKept - (maxKept >> 3) };
    for (const group of all()) {
      if (byKey.size <= room.groups && kept <= room.kept) return;
      if (group === spared) continue;
      byKey.delete(group.key);
      group.isGone = true;
      kept -= group.kept;
      evicted += 1;
    }
  };
  return {
    find: (key) => byKey.get(key),
    insert(key, values, tally) {
      turn += 1;
      const group: Group<T> = {
        key,
        values,
        tally,
        isFiring: false,
        lateInRow: 0,
        kept: 0,
        turn,
        began: undefined,
        above: [],
        isGone: false,
      };
      byKey.set(key, group);
      return group;
    },
    touch(group) {
      const { size } = group.tally;
      kept += size - group.kept;
      group.kept = size;
      turn += 1;
      group.turn = turn;
      if (byKey.size > maxGroups || kept > maxKept) evict(group);
    },
    all,
    count: () => byKey.size,
    evicted: () => evicted,
    clear() {
      for (const group of byKey.values()) group.isGone = true;
      byKey.clear();
      kept = 0;
      onForgotten();
    },
  };
}
