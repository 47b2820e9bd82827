import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { framerOf } from '#collect/framing/index.ts';
import { createDetector, type RuleSet, ruleKey } from '#detect/index.ts';
import { packRecords } from '#kit/records.ts';
import type { Alert } from '#model/alert.ts';
import { type Event, SOURCE_FORMATS, type SourceFormat } from '#model/event.ts';
import { normaliseBatch } from '#normalise/index.ts';
import { createAlertGrouper } from '#trace/index.ts';

const expectationSchema = z.strictObject({
  rule: z.string(),
  entities: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).optional(),
  count: z.number().int().positive().optional(),
});

const partSchema = z
  .strictObject({
    format: z.enum(SOURCE_FORMATS),
    log: z.string().optional(),
    events: z.array(z.record(z.string(), z.unknown())).optional(),
    repeat: z.number().int().min(1).max(100_000).default(1),
  })
  .refine(({ log, events }) => (log === undefined) !== (events === undefined), 'give either `log` or `events`');

/** One case of a `.test.yml`: what goes in, as raw text or as native JSON records, and which alerts come out. */
export const ruleCaseSchema = z
  .strictObject({
    name: z.string(),
    log: z.string().optional(),
    events: z.array(z.record(z.string(), z.unknown())).optional(),
    format: z.enum(SOURCE_FORMATS).optional(),
    /** Instead of both: pieces of different formats, one after the other, for rules across sources. */
    parts: z.array(partSchema).min(1).optional(),
    /** Gives the input so many times. */
    repeat: z.number().int().min(1).max(100_000).default(1),
    /** Nothing but what is expected may alert, of any rule; otherwise other files’ rules are not looked at. */
    only: z.boolean().default(false),
    expect: z.array(expectationSchema),
  })
  .refine(
    ({ log, events, parts }) => [log, events, parts].filter((given) => given !== undefined).length === 1,
    'give one of `log`, `events` and `parts`',
  );
export type RuleCase = z.infer<typeof ruleCaseSchema>;

/** The cases of a file; throws what the parsers throw. */
export function readRuleCases(text: string): readonly RuleCase[] {
  return z
    .array(ruleCaseSchema)
    .min(1)
    .parse(parse(text, { maxAliasCount: 0 }));
}

export interface CaseResult {
  readonly name: string;
  /** What is wrong; empty when the case holds. */
  readonly failures: readonly string[];
}

/**
 * Runs the cases of one rule file through the path that live events take: framing, normalising, detection, grouping.
 * Rules of that file that only feed correlations answer too, so that they can be tested.
 */
export function runRuleCases(ruleSet: RuleSet, file: string, cases: readonly RuleCase[]): readonly CaseResult[] {
  const own = new Set([...ruleSet.rules, ...ruleSet.correlations].filter((rule) => rule.file === file).map(ruleKey));
  return alertsOfCases(ruleSet, file, cases, own).map(({ ruleCase, alerts }) => ({
    name: ruleCase.name,
    failures: compare(ruleCase, alerts, own),
  }));
}

/** What each case of a rule file raises; rules named in `alsoAlert` answer too where they only feed correlations. */
export function alertsOfCases(
  ruleSet: RuleSet,
  file: string,
  cases: readonly RuleCase[],
  alsoAlert: ReadonlySet<string> = new Set(),
): readonly { readonly ruleCase: RuleCase; readonly alerts: readonly Alert[] }[] {
  const detector = createDetector(ruleSet, { alsoSignal: (rule) => alsoAlert.has(ruleKey(rule)) });
  const empty = detector.snapshot();
  return cases.map((ruleCase) => {
    detector.restore(empty);
    const grouper = createAlertGrouper();
    for (const event of eventsOf(ruleCase, ruleCase.format ?? formatOf(file))) {
      for (const signal of detector.detect(event)) grouper.add(signal);
    }
    return { ruleCase, alerts: grouper.takeChanged() };
  });
}

/** Cases lie in fixed time: stamps without a year are of this one, and no run depends on the day. */
const RECEIVED_MS = Date.UTC(2026, 10, 21);

function eventsOf(ruleCase: RuleCase, format: SourceFormat): Event[] {
  if (ruleCase.parts === undefined) return eventsOfPart(ruleCase, format, 1);
  return ruleCase.parts.flatMap((part, index) => eventsOfPart(part, part.format, 2 * index + 1));
}

type Part = Pick<RuleCase, 'log' | 'events' | 'repeat'>;

/** Takes two sequence numbers of the journal. */
function eventsOfPart(ruleCase: Part, format: SourceFormat, sequence: number): Event[] {
  const input = { sequence, stream: 'test', format, receivedMs: RECEIVED_MS };
  if (ruleCase.events !== undefined) {
    const records = repeated(
      ruleCase.events.map((event) => JSON.stringify(event)),
      ruleCase.repeat,
    );
    return normaliseBatch({ ...input, ...packRecords(records) }, 0);
  }
  const framer = framerOf(format);
  const text = repeated([ruleCase.log?.endsWith('\n') ? ruleCase.log : `${ruleCase.log}\n`], ruleCase.repeat).join('');
  const batches = [framer.push(Buffer.from(text)), framer.end()];
  return batches.flatMap((batch, index) => normaliseBatch({ ...input, ...batch, sequence: sequence + index }, 0));
}

function repeated(records: readonly string[], times: number): string[] {
  return Array.from({ length: times }, () => records).flat();
}

const FORMAT_BY_FOLDER: Readonly<Record<string, SourceFormat>> = {
  sshd: 'syslog',
  sudo: 'syslog',
  su: 'syslog',
  account: 'syslog',
  web: 'access',
  nginx: 'access',
  apache: 'access',
};

/** Cases of correlations and of folders with other names go by the beginning of the file’s name. */
const FORMAT_BY_PREFIX: readonly (readonly [prefix: string, format: SourceFormat])[] = [
  ['web-', 'access'],
  ['aws-', 'cloudtrail'],
  ['aliyun-', 'actiontrail'],
  ['download-', 'auditd'],
  ['k8s-', 'kubernetes'],
  ['docker-', 'docker'],
  ['db-', 'postgresql'],
];

function formatOf(file: string): SourceFormat {
  const parts = join(file).split('/');
  const folder = parts.at(-2) ?? '';
  const name = parts.at(-1) ?? '';
  const known = FORMAT_BY_FOLDER[folder] ?? SOURCE_FORMATS.find((format) => format === folder);
  return known ?? FORMAT_BY_PREFIX.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'syslog';
}

function compare(ruleCase: RuleCase, alerts: readonly Alert[], own: ReadonlySet<string>): readonly string[] {
  const failures: string[] = [];
  const left = [...alerts];
  for (const expected of ruleCase.expect) {
    const at = left.findIndex((alert) => alert.rule.id === expected.rule && holds(alert, expected));
    if (at >= 0) left.splice(at, 1);
    else failures.push(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(alerts.map(outline))}`);
  }
  const strangers = left.filter((alert) => ruleCase.only || own.has(alert.rule.id));
  for (const alert of strangers) failures.push(`not expected: ${JSON.stringify(outline(alert))}`);
  return failures;
}

function holds(alert: Alert, expected: RuleCase['expect'][number]): boolean {
  if (expected.count !== undefined && alert.count !== expected.count) return false;
  return Object.entries(expected.entities ?? {}).every(([name, value]) => alert.entities[name] === value);
}

function outline(alert: Alert): unknown {
  return { rule: alert.rule.id, count: alert.count, entities: alert.entities };
}
