import type { LogSource, SigmaRule } from '../rule.ts';
import { makeMachine, NONE } from './machine.ts';
import { planRoute } from './plan.ts';

/** A kind of event: which rules are about it, and where in it their fields are. */
export interface Route {
  /** Whether rules with this log source are run on events of this route. */
  accepts(logsource: LogSource): boolean;
  /** Keys from the event to the field. Lists on the way are entered. */
  path(field: string): readonly string[];
  /** Places that keywords are searched in; every value of the event where it is left out. */
  readonly keywords?: readonly (readonly string[])[];
}

export interface Matcher {
  /**
   * The rules that match an event, in the order in which they were given. Nothing is kept of the event but its texts, and
   * those only until the next one.
   *
   * @param routeKey a key of the routes that were given; no rule matches under another.
   */
  match(routeKey: string, event: object): readonly SigmaRule[];
  /** How many rules a route has, and how many of those are tried on each event since nothing tells them apart. */
  describe(routeKey: string): { readonly rules: number; readonly always: number };
}

/** Compiles rules for each route. A route is made ready when its first event comes. */
export function compile(rules: readonly SigmaRule[], routes: Readonly<Record<string, Route>>): Matcher {
  const machines = new Map<string, ReturnType<typeof makeMachine>>();
  const machineOf = (key: string): ReturnType<typeof makeMachine> | undefined => {
    const known = machines.get(key);
    if (known !== undefined) return known;
    const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
    if (route === undefined) return undefined;
    const machine = makeMachine(
      planRoute(
        rules.filter((rule) => route.accepts(rule.logsource)),
        route,
      ),
    );
    machines.set(key, machine);
    return machine;
  };
  return {
    match: (key, event) => machineOf(key)?.match(event) ?? NONE,
    describe: (key) => machineOf(key)?.size ?? { rules: 0, always: 0 },
  };
}
