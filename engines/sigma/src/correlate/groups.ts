import type { Tally } from './tally.ts';

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
  newer: Group<T> | undefined;
  older: Group<T> | undefined;
}

/** Groups by key, the longest untouched one first to go: when there are too many, or when together they keep too much. */
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

export function makeGroups<T>(maxGroups: number, maxKept: number): Groups<T> {
  const byKey = new Map<string, Group<T>>();
  let newest: Group<T> | undefined;
  let oldest: Group<T> | undefined;
  let kept = 0;
  let evicted = 0;

  const unlink = (group: Group<T>): void => {
    if (group.older === undefined) oldest = group.newer;
    else group.older.newer = group.newer;
    if (group.newer === undefined) newest = group.older;
    else group.newer.older = group.older;
  };
  const linkNewest = (group: Group<T>): void => {
    group.older = newest;
    group.newer = undefined;
    if (newest !== undefined) newest.newer = group;
    newest = group;
    oldest ??= group;
  };
  const touch = (group: Group<T>): void => {
    const size = group.tally.size();
    kept += size - group.kept;
    group.kept = size;
    if (group !== newest) {
      unlink(group);
      linkNewest(group);
    }
    while (oldest !== undefined && oldest !== group && (byKey.size > maxGroups || kept > maxKept)) {
      const gone = oldest;
      byKey.delete(gone.key);
      kept -= gone.kept;
      evicted += 1;
      unlink(gone);
    }
  };
  return {
    find: (key) => byKey.get(key),
    insert(key, values, tally) {
      const group: Group<T> = {
        key,
        values,
        tally,
        isFiring: false,
        lateInRow: 0,
        kept: 0,
        newer: undefined,
        older: undefined,
      };
      byKey.set(key, group);
      linkNewest(group);
      return group;
    },
    touch,
    all() {
      const found: Group<T>[] = [];
      for (let group = oldest; group !== undefined; group = group.newer) found.push(group);
      return found;
    },
    count: () => byKey.size,
    evicted: () => evicted,
    clear() {
      byKey.clear();
      newest = undefined;
      oldest = undefined;
      kept = 0;
    },
  };
}
