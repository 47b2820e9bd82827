/** What a setting must become to be strict enough; `undefined` where it is. */
export type Strictness = (now: unknown) => number | boolean | undefined;
export type Wanted = Readonly<Record<string, Strictness>>;

export function atLeast(least: number): Strictness {
  return (now) => (Number(now) >= least ? undefined : least);
}

/** Not set, or 0, means “no limit”. */
export function within(most: number): Strictness {
  return (now) => (Number(now) >= 1 && Number(now) <= most ? undefined : most);
}

export function on(now: unknown): boolean | undefined {
  return now === true ? undefined : true;
}

/** Only what has to change. */
export function stricter(wanted: Wanted, setting: Readonly<Record<string, unknown>>): Record<string, number | boolean> {
  const changed = Object.entries(wanted).flatMap(([name, strictness]) => {
    const value = strictness(setting[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(changed);
}
