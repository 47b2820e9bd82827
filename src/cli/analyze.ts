import { createReadStream, statSync } from 'node:fs';
import { type Framer, framerOf, sniffFormat } from '#collect/framing/index.ts';
import { loadRuleSet } from '#detect/index.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { type Language, terminalLanguage } from '#kit/locale.ts';
import { type Alert, type AnalyzedAlert, LEVELS, type Level } from '#model/alert.ts';
import { MAX_BATCH_RECORDS, type SourceFormat } from '#model/event.ts';
import { createDetection, localOffsetMinutes } from '#pipeline/detection.ts';
import { bundledRuleFolders, readRuleFiles } from '#server/content.ts';
import { alertsOfJournal, type JournalPeriod } from './analyze-journal.ts';
import { parseSince } from './hunt.ts';
import { inputFiles } from './input-files.ts';

interface AnalyzeOptions {
  readonly source?: SourceFormat;
  readonly rules: readonly string[];
  readonly format: 'ndjson' | 'json' | 'table';
  readonly failOn: Level;
  readonly lang?: Language;
  /** A data folder whose journal is read instead of files; the usual one without a name. */
  readonly data?: string | true;
  readonly since?: string;
  readonly until?: string;
}

const CHUNK_BYTES = 256 * 1024;
/** Alerts that were silent this long in the log's own time are printed and forgotten: memory stays bounded. */
const PRINT_EVERY_BATCHES = 64;

/** `bartizan analyze PATH…`: the live path over files, batch by batch. Prints one alert per cause, oldest first. */
export async function analyze(paths: readonly string[], options: AnalyzeOptions): Promise<void> {
  const { ruleSet, problems } = loadRules(options.rules);
  for (const { file, line, problem, suggestion } of problems)
    process.stderr.write(`${file}:${line}: ${problem} ${suggestion}\n`);
  if (options.data !== undefined) {
    if (paths.length > 0) throw new BartizanError('BTZ_USAGE', { problem: 'Name files, or --data, not both.' });
    const { alerts, isWhole } = alertsOfJournal(options.data, ruleSet, periodOf(options));
    if (!isWhole) process.stderr.write('A part of the journal is damaged and was left out.\n');
    return conclude(alerts, options, problems.length === 0 && isWhole);
  }
  if (paths.length === 0) throw new BartizanError('BTZ_USAGE', { problem: 'Name a file or a folder, or --data.' });
  if (options.since !== undefined || options.until !== undefined)
    throw new BartizanError('BTZ_USAGE', { problem: '--since and --until go with --data.' });
  const { files, problems: unread } = inputFiles(paths);
  for (const problem of unread) process.stderr.write(`${problem}\n`);
  const detection = createDetection(ruleSet, localOffsetMinutes);
  const alerts = new Map<string, Alert>();
  let sequence = 0;
  for (const file of files) {
    for await (const batch of batchesOf(file, options.source)) {
      detection.process({ ...batch, sequence: ++sequence });
      if (sequence % PRINT_EVERY_BATCHES === 0)
        for (const alert of detection.takeChanged()) alerts.set(alert.id, alert);
    }
  }
  for (const alert of detection.takeChanged()) alerts.set(alert.id, alert);
  await conclude([...alerts.values()], options, problems.length + unread.length === 0);
}

/** Prints alerts, oldest first, and leaves the exit code. */
async function conclude(alerts: readonly Alert[], options: AnalyzeOptions, isWhole: boolean): Promise<void> {
  const language = options.lang ?? terminalLanguage(process.env);
  const sorted = [...alerts].sort((a, b) => a.firstMs - b.firstMs || (a.id < b.id ? -1 : 1));
  await print(
    sorted.map((alert) => analyzed(alert, language)),
    options.format,
  );
  const worst = Math.max(-1, ...sorted.map(({ rule }) => LEVELS.indexOf(rule.level)));
  process.exitCode = !isWhole ? 2 : worst >= LEVELS.indexOf(options.failOn) ? 1 : 0;
}

function periodOf({ since, until }: AnalyzeOptions): JournalPeriod {
  const nowMs = Date.now();
  return {
    sinceMs: since === undefined ? Number.NEGATIVE_INFINITY : parseSince(since, nowMs, '--since'),
    untilMs: until === undefined ? Number.POSITIVE_INFINITY : parseSince(until, nowMs, '--until'),
  };
}

function loadRules(folders: readonly string[]) {
  try {
    const ruleSet = loadRuleSet(readRuleFiles([...bundledRuleFolders(), ...folders]));
    return { ruleSet, problems: ruleSet.problems };
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path: folders.join(', ') });
  }
}

async function* batchesOf(path: string, format: SourceFormat | undefined) {
  const isStdin = path === '-';
  let receivedMs = Date.now();
  try {
    const stat = isStdin ? undefined : statSync(path);
    // Stamps without a year are of the year in which the file was last written.
    receivedMs = stat?.mtimeMs ?? receivedMs;
    const stream = isStdin ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
    let framer: Framer | undefined;
    let known: SourceFormat | undefined = format;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      known ??= sniffFormat(chunk, path);
      framer ??= framerOf(known);
      yield* cut(framer.push(chunk), path, known, receivedMs);
    }
    if (framer && known) yield* cut(framer.end(), path, known, receivedMs);
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path });
  }
}

function* cut(
  { payload, ends }: { payload: Uint8Array; ends: Uint32Array },
  path: string,
  format: SourceFormat,
  receivedMs: number,
) {
  if (ends.length === 0) return;
  if (ends.length > MAX_BATCH_RECORDS)
    throw new BartizanError('BTZ_INTERNAL', { problem: 'a chunk held too many records' });
  yield { stream: `file:${path}`, format, receivedMs, payload, ends };
}

function analyzed(alert: Alert, language: Language): AnalyzedAlert {
  return {
    time: iso(alert.firstMs),
    rule: { id: alert.rule.id, title: alert.rule.title[language], level: alert.rule.level, attack: alert.rule.attack },
    entities: alert.entities,
    count: alert.count,
    reason: alert.reason[language],
    advice: alert.advice[language],
    events: alert.events.map(({ time, raw }) => ({ time: iso(time), raw })),
  };
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

async function print(alerts: readonly AnalyzedAlert[], format: AnalyzeOptions['format']): Promise<void> {
  if (format === 'json') process.stdout.write(`${JSON.stringify(alerts, undefined, 2)}\n`);
  if (format === 'ndjson') for (const alert of alerts) await write(`${JSON.stringify(alert)}\n`);
  if (format === 'table') {
    for (const { time, rule, count, entities, reason } of alerts) {
      const about = Object.entries(entities).map(([name, value]) => `${name}=${value}`);
      await write(
        `${time}  ${rule.level.padEnd(13)} ${String(count).padStart(7)}  ${rule.id}  ${about.join(' ')}\n    ${reason}\n`,
      );
    }
  }
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}
