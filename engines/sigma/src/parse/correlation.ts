import { refuse, under } from '../refusal.ts';
import {
  type Bounds,
  CORRELATION_TYPES,
  type CorrelationCondition,
  type CorrelationType,
  type SigmaCorrelation,
} from '../rule.ts';
import { isMap } from './detection.ts';
import { parseExpression, rulesOfExpression } from './expression.ts';

type Section = Pick<
  SigmaCorrelation,
  'type' | 'rules' | 'groupBy' | 'timespanMs' | 'condition' | 'aliases' | 'generate'
>;

/** Largest count that a condition may ask for: as many events are kept for each group. */
const MAX_COUNT = 100_000;

/** Reads the `correlation` section (specification “Correlation Rules” 2.1). @throws Refusal */
export function parseCorrelation(section: Record<string, unknown>, document: Record<string, unknown>): Section {
  const type = CORRELATION_TYPES.find((known) => known === section.type);
  if (type === undefined)
    refuse(`the correlation type “${String(section.type).slice(0, 40)}” is unknown`, CORRELATION_TYPES.join(', '));
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  const named = section.rules === undefined && isTemporal ? rulesOfExpression(section.condition) : undefined;
  const rules = named ?? under('rules', () => textList(section.rules, 'rules'));
  if (rules.length === 0 || rules.length > 100)
    refuse(`the correlation refers to ${rules.length} rules`, 'Name 1 to 100 under `rules`.');
  const twice = rules.find((rule, at) => rules.indexOf(rule) !== at);
  if (twice !== undefined) under('rules', () => refuse(`the correlation names “${twice}” twice`, 'Name it once.'));
  const groupBy =
    section['group-by'] === undefined ? [] : under('group-by', () => textList(section['group-by'], 'group-by'));
  const generate = section.generate ?? document.generate ?? false;
  if (typeof generate !== 'boolean') refuse('`generate` is not true or false', 'Write `generate: true`.');
  return {
    type,
    rules,
    groupBy,
    timespanMs: under('timespan', () => parseTimespan(section.timespan)),
    condition: under('condition', () => readCondition(section.condition, type, rules)),
    aliases: under('aliases', () => readAliases(section.aliases)),
    generate,
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `30s`, `5m`, `12h`, `7d`, `2w` in milliseconds. @throws Refusal */
export function parseTimespan(value: unknown): number {
  const found = /^\s*(\d{1,6})\s*([smhdw])\s*$/.exec(String(value));
  const length = found === null ? 0 : Number(found[1]) * (UNITS[found[2] as string] as number);
  if (length <= 0)
    refuse(`“${String(value).slice(0, 40)}” is not a time span`, 'Write for example `30s`, `5m` or `1d`.');
  return length;
}

function readCondition(value: unknown, type: CorrelationType, rules: readonly string[]): CorrelationCondition {
  const ruleCount = rules.length;
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  if (value === undefined && isTemporal) return { bounds: { gte: ruleCount }, fields: [] };
  if (typeof value === 'string' && isTemporal)
    return { bounds: {}, fields: [], expression: parseExpression(value, rules) };
  if (typeof value === 'string')
    refuse('the correlation condition is an expression', `\`${type}\` takes bounds only: \`condition: { gte: 10 }\`.`);
  if (!isMap(value)) refuse('the correlation has no `condition`', 'Write for example `condition: { gte: 10 }`.');
  const bounds: Record<string, number> = {};
  for (const [key, bound] of Object.entries(value)) {
    if (key === 'field' || key === 'percentile') continue;
    if (!['gt', 'gte', 'lt', 'lte', 'eq', 'neq'].includes(key))
      refuse(`the correlation condition has “${key.slice(0, 40)}”`, 'Use gt, gte, lt, lte, eq or neq.');
    if (typeof bound !== 'number' || !Number.isFinite(bound))
      refuse(`the bound “${key}” is not a number`, 'Write it without quotes.');
    bounds[key] = bound;
  }
  if (Object.keys(bounds).length === 0) refuse('the correlation condition has no bound', 'Add for example `gte: 10`.');
  const counts = type === 'event_count' || type === 'value_count' || isTemporal;
  const largest = Math.max(...Object.values(bounds).map(Math.abs));
  if (counts && largest > MAX_COUNT)
    refuse(`the correlation counts to ${largest}`, `Count to at most ${MAX_COUNT}: that many events are kept.`);
  if (type === 'temporal_ordered' && !holds(bounds, ruleCount))
    refuse('`temporal_ordered` needs all its rules', 'Leave the condition out.');
  if (type === 'temporal_ordered' && holds(bounds, ruleCount - 1))
    refuse('`temporal_ordered` cannot do with fewer than all its rules', 'Leave the condition out.');
  const fields = value.field === undefined ? [] : textList(value.field, 'field');
  if (type.startsWith('value_') && fields.length === 0)
    refuse(`\`${type}\` needs a field`, 'Add `field:` to the condition.');
  return { bounds, fields, ...readPercentile(value.percentile, type) };
}

function readPercentile(value: unknown, type: CorrelationType): { percentile?: number } {
  if (type !== 'value_percentile') return {};
  const percentile = value ?? 50;
  if (typeof percentile !== 'number' || percentile < 0 || percentile > 100)
    refuse('the percentile is not a number from 0 to 100', 'Write for example `percentile: 95`.');
  return { percentile };
}

/** Whether a number satisfies all bounds. */
export function holds(bounds: Bounds, value: number): boolean {
  return (
    (bounds.gt === undefined || value > bounds.gt) &&
    (bounds.gte === undefined || value >= bounds.gte) &&
    (bounds.lt === undefined || value < bounds.lt) &&
    (bounds.lte === undefined || value <= bounds.lte) &&
    (bounds.eq === undefined || value === bounds.eq) &&
    (bounds.neq === undefined || value !== bounds.neq)
  );
}

function readAliases(value: unknown): ReadonlyMap<string, ReadonlyMap<string, string>> {
  if (value === undefined) return new Map();
  if (!isMap(value)) refuse('`aliases` is not a map', 'Write `alias: { rule: field }`.');
  return new Map(
    Object.entries(value).map(([alias, fields]) => {
      if (!isMap(fields)) refuse(`the alias “${alias.slice(0, 40)}” is not a map`, 'Write `alias: { rule: field }`.');
      const entries = Object.entries(fields).map(([rule, field]) => {
        if (typeof field !== 'string')
          refuse(`the alias “${alias.slice(0, 40)}” names no field`, 'Write a field name.');
        return [rule, field] as const;
      });
      return [alias, new Map(entries)] as const;
    }),
  );
}

function textList(value: unknown, what: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item): item is string => typeof item === 'string' && item !== ''))
    refuse(`\`${what}\` is not a list of names`, 'Write one name per line, each after a dash.');
  return list;
}
