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

/** What a person found to be no attack: alerts of one rule that are about exactly these things. */
export const exceptionSchema = z.object({
  id: z.string(),
  ruleId: z.string(),
  ruleTitle: bilingualSchema,
  alertId: z.string().describe('The alert that it was made from'),
  scope: entitiesSchema.describe('Entity → exact value; an alert has to fit all of them'),
  owner: z.string().describe('`user:<name>` or `cli`'),
  reason: z.string(),
  demo: z.boolean().describe('Hides alerts of demonstrations and drills only; the others hide none of these'),
  createdMs: z.number(),
  expiresMs: z.number(),
  endedMs: z.number().optional().describe('When it was ended before its time'),
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
  return level === 'critical' && (names.length < 2 || !names.some((name) => ANCHORS.includes(name)));
}

/** Whether the exception hides the alert; `exact` are the alert’s `exactEntities`. Its time is not looked at. */
export function hides(
  { ruleId, scope, demo }: Pick<Exception, 'ruleId' | 'scope' | 'demo'>,
  alert: Pick<Alert, 'rule' | 'demo'>,
  exact: Readonly<Record<string, string>>,
): boolean {
  if (ruleId !== alert.rule.id || demo !== alert.demo) return false;
  return !isTooWideFor(alert.rule.level, scope) && isWithin(exact, scope);
}
