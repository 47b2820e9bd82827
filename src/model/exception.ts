import { z } from 'zod';
import { type Alert, bilingualSchema, entitiesSchema, type Level } from './alert.ts';

const DAY_MS = 86_400_000;
/** An exception that nobody looks at again is a hole in the wall: it ends by itself. */
export const DEFAULT_EXCEPTION_MS = 30 * DAY_MS;
export const MAX_EXCEPTION_MS = 365 * DAY_MS;
export const MIN_EXCEPTION_MS = 60_000;
/** An alert has about twenty entities at most. */
export const MAX_SCOPE_ENTITIES = 40;
/** Longer values are cut when they become entities (and end in “…”), so equal ones need not be the same thing. */
const MAX_EXACT_LENGTH = 256;
/** Entities that say who or where. The others are, for the most part, text that an attacker writes himself. */
export const ANCHORS: readonly string[] = ['src_ip', 'user', 'actor', 'host', 'account'];

/** What is known and goes on stays quiet for a day unless something else is said. */
export const DEFAULT_QUIET_MS = DAY_MS;
export const MAX_QUIET_MS = 30 * DAY_MS;
/** Work that takes longer than a week is no maintenance any more. */
export const MAX_MAINTENANCE_MS = 7 * DAY_MS;
/** A window may be told of afterwards, but not so late that a day’s alerts could be put away unseen. */
export const MAX_MAINTENANCE_BEFORE_MS = DAY_MS;
export const MAX_MAINTENANCE_AHEAD_MS = 365 * DAY_MS;
export const MAX_SCOPE_RULES = 50;
/** The clocks of hosts are not that of the centre: what began so much before a window may still belong to it. */
const CLOCK_SKEW_MS = 300_000;

/**
 * Why alerts are put away: `false_positive` are no attack; `quiet` are known, and repeat what a person has seen;
 * `maintenance` come from announced work.
 */
export const EXCEPTION_KINDS = ['false_positive', 'quiet', 'maintenance'] as const;

/** What a person does not want to be told: alerts of some rules that are about exactly these things, for a time. */
export const exceptionSchema = z.object({
  id: z.string(),
  kind: z.enum(EXCEPTION_KINDS),
  ruleIds: z.array(z.string()).describe('Alerts of these rules; of any when empty, which only maintenance may be'),
  ruleTitle: bilingualSchema.optional().describe('Of the rule of the alert that it was made from'),
  alertId: z.string().optional().describe('The alert that it was made from'),
  scope: entitiesSchema.describe('Entity → exact value; an alert has to fit all of them'),
  owner: z.string().describe('`user:<name>` or `cli`'),
  reason: z.string(),
  demo: z.boolean().describe('Hides alerts of demonstrations and drills only; the others hide none of these'),
  createdMs: z.number(),
  startsMs: z.number(),
  expiresMs: z.number(),
  endedMs: z.number().optional().describe('When it was over: by itself, or before its time'),
  revision: z.number().int().describe('Counts its changes; whoever changes it says which one he saw'),
});
export type Exception = z.infer<typeof exceptionSchema>;

/**
 * The entities of an alert that an exception may name: those with one value, known in full. What an alert has several
 * of it has not been looked at one by one, and what was cut short may go on differently.
 */
export function exactEntities({ entities, several = [] }: Pick<Alert, 'entities' | 'several'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entities).filter(([name, value]) => !several.includes(name) && value.length <= MAX_EXACT_LENGTH),
  );
}

/** Whether every entry of the scope is among the exact entities. An empty scope fits nothing. */
export function isWithin(exact: Readonly<Record<string, string>>, scope: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(scope);
  return entries.length > 0 && entries.every(([name, value]) => Object.hasOwn(exact, name) && exact[name] === value);
}

/**
 * A critical alert means that the server may be lost, so one coincidence must not hide it: two things have to fit, one
 * of them who or where it was, since an attacker may choose a path or a client name to his liking.
 */
export function isTooWideFor(level: Level, scope: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(scope);
  if (names.length === 0) return true;
  return isGrave(level) && (names.length < 2 || !names.some((name) => ANCHORS.includes(name)));
}

/**
 * Whether the exception hides the alert; `exact` are the alert’s `exactEntities`. That it is in force is not looked at:
 * the clock of the centre decides that. Maintenance does not hide what began before it, by the alert’s own time.
 */
export function hides(
  exception: Pick<Exception, 'kind' | 'ruleIds' | 'scope' | 'demo' | 'startsMs'>,
  alert: Pick<Alert, 'rule' | 'demo' | 'firstMs'>,
  exact: Readonly<Record<string, string>>,
): boolean {
  const { kind, ruleIds, scope, demo } = exception;
  if (demo !== alert.demo || !isOfRules(exception, alert.rule.id)) return false;
  if (kind === 'maintenance' ? !isSince(exception, alert.firstMs) : Object.keys(scope).length === 0) return false;
  return (ruleIds.length > 0 || Object.keys(scope).length > 0) && isInScope(alert.rule.level, exact, scope);
}

/** Whether an alert of a rule that is named is in the scope. Without any entity that is every one but critical ones. */
export function isInScope(
  level: Level,
  exact: Readonly<Record<string, string>>,
  scope: Readonly<Record<string, string>>,
): boolean {
  if (Object.keys(scope).length === 0) return !isGrave(level);
  return !isTooWideFor(level, scope) && isWithin(exact, scope);
}

/** Whether an alert began within the window, as well as clocks agree. */
export function isSince({ startsMs }: Pick<Exception, 'startsMs'>, firstMs: number): boolean {
  return firstMs >= startsMs - CLOCK_SKEW_MS;
}

function isOfRules({ kind, ruleIds }: Pick<Exception, 'kind' | 'ruleIds'>, ruleId: string): boolean {
  return ruleIds.length === 0 ? kind === 'maintenance' : ruleIds.includes(ruleId);
}

function isGrave(level: Level): boolean {
  return level === 'critical';
}
