import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compile, type LogSource, type Route } from '@bartizan/sigma';
import { framerOf } from '#collect/framing/index.ts';
import { createDetector, type RuleSet } from '#detect/index.ts';
import { BartizanError } from '#kit/errors.ts';
import { forEachEvent } from '#normalise/index.ts';
import { eventRecords, flatEvent } from './event-files.ts';
import { readRuleCases } from './rule-cases.ts';
import { type RuleContent, readContent } from './rules.ts';
import { type LineChunk, trafficChunks } from './traffic-lines.ts';

export interface RuleRates {
  /** JSON text in, rules found, each event tried only against rules of its log source. */
  readonly eventsPerSecond: number;
  /** The same, each event tried against every rule. */
  readonly unroutedEventsPerSecond: number;
  /** sshd and web access lines of the bundled cases, normalised and through the bundled rules. */
  readonly linesPerSecond: number;
  /** The same with lines of ordinary hours (`trafficChunks`). */
  readonly trafficLinesPerSecond: number;
}

const RUNS = 5;
/** As long as so many runs nothing is counted: the engine is still compiling what is hot. */
const WARM_RUNS = 4;
const RUN_MS = 500;

/**
 * Measures rules on one core, per second of CPU: on a machine with other work that is nearer to the truth than the clock.
 *
 * @param folders Sigma rules.
 * @param eventPaths JSON files or folders with events; `regression_data` beside the rules if none are named.
 * @param bundled folder of our own rules and cases.
 * @throws BTZ_INPUT_UNREADABLE when there is no rule or no event.
 */
export function measureRules(
  folders: readonly string[],
  eventPaths: readonly string[],
  bundled: string,
  runMs = RUN_MS,
): RuleRates {
  const { rules } = readContent(folders).ruleSet;
  const texts = eventTexts(folders, eventPaths);
  if (rules.length === 0 || texts.length === 0)
    throw new BartizanError('BTZ_INPUT_UNREADABLE', {
      path: folders.join(', '),
      problem: rules.length === 0 ? 'there is no rule.' : 'there is no JSON event; name some with --events.',
    });
  const keys = texts.map((text) => routeKeyOf(JSON.parse(text) as Record<string, unknown>));
  const matcher = compile(rules, ROUTES);
  const through = (keyOf: (at: number) => string) => () => {
    for (let at = 0; at < texts.length; at++) matcher.match(keyOf(at), JSON.parse(texts[at] as string) as object);
  };
  const content = readContent([bundled]);
  return {
    eventsPerSecond: perCpuSecond(
      texts.length,
      through((at) => keys[at] as string),
      runMs,
    ),
    unroutedEventsPerSecond: perCpuSecond(
      texts.length,
      through(() => 'all'),
      runMs,
    ),
    linesPerSecond: measureLines(content.ruleSet, caseChunks(content), runMs),
    trafficLinesPerSecond: measureLines(content.ruleSet, trafficChunks(TRAFFIC_CHUNKS, TRAFFIC_LINES), runMs),
  };
}

/** Median of five runs. `work` does `count` things, and is done for at least so many milliseconds of CPU in each. */
export function perCpuSecond(count: number, work: () => void, runMs = RUN_MS): number {
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  for (const startMs = cpuMs(); cpuMs() < startMs + WARM_RUNS * runMs; ) work();
  const rates = Array.from({ length: RUNS }, () => {
    const startMs = cpuMs();
    let done = 0;
    while (cpuMs() < startMs + runMs) {
      work();
      done += count;
    }
    return (done / (cpuMs() - startMs)) * 1_000;
  });
  return Math.round(rates.sort((a, b) => a - b)[RUNS >> 1] as number);
}

/** Enough that time, which starts anew after the last chunk, seldom does. */
const TRAFFIC_CHUNKS = 12;
const TRAFFIC_LINES = 10_000;

function measureLines(ruleSet: RuleSet, chunks: readonly LineChunk[], runMs: number): number {
  const detect = lineRunner(ruleSet);
  const count = chunks.reduce((sum, chunk) => sum + chunk.count, 0);
  // Chunk by chunk: a round over all of them would be longer than a run.
  let at = 0;
  return perCpuSecond(
    count / chunks.length,
    () => {
      detect(chunks[at % chunks.length] as LineChunk);
      at += 1;
    },
    runMs,
  );
}

/**
 * The lines of the rules' own cases, 200 KB of sshd and as much of web access lines: a hard mix, not a likely one. Nine of ten lines
 * match a rule, the web lines are nearly all requests that some rule is about (attacks, scanners, sign-ins), and there
 * are more signals than lines, where most ordinary requests bring none. In two ways it is easier: the few hundred lines come again and
 * again, so that a memory of values finds everything, and their agents are short. Their stamps leap back by days at each round, which
 * no stream does. `trafficChunks` is the other half of the truth.
 */
function caseChunks({ caseFiles }: RuleContent): LineChunk[] {
  const lines = { syslog: '', access: '' };
  for (const [file, text] of caseFiles) {
    const folder = basename(dirname(file));
    const format = folder === 'sshd' ? 'syslog' : folder === 'web' || folder === 'nginx' ? 'access' : undefined;
    if (format !== undefined)
      for (const { log } of readRuleCases(text)) if (log !== undefined) lines[format] += `${log.trimEnd()}\n`;
  }
  return (['syslog', 'access'] as const).map((format) => {
    const repeats = Math.max(1, Math.ceil(200_000 / Math.max(1, lines[format].length)));
    const text = lines[format].repeat(repeats);
    return { format, bytes: Buffer.from(text), count: text.split('\n').length - 1 };
  });
}

function lineRunner(ruleSet: RuleSet): (chunk: LineChunk) => void {
  const detector = createDetector(ruleSet);
  let sequence = 0;
  return ({ format, bytes }) => {
    const framer = framerOf(format);
    for (const batch of [framer.push(bytes), framer.end()]) {
      sequence += 1;
      const input = { sequence, stream: 'bench', format, receivedMs: Date.UTC(2026, 10, 21) };
      forEachEvent({ ...input, ...batch }, 0, (event) => detector.detect(event));
    }
  };
}

/** Events as JSON texts, flat, from files or folders; from `regression_data` beside the rules if none are named. */
export function eventTexts(folders: readonly string[], paths: readonly string[]): readonly string[] {
  const named = paths.length > 0 ? paths : folders.map((folder) => join(dirname(folder), 'regression_data'));
  return [...new Set(named)]
    .flatMap(jsonFiles)
    .flatMap((file) => eventRecords(readFileSync(file, 'utf8')))
    .map((event) => JSON.stringify(flatEvent(event)));
}

function jsonFiles(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name));
}

/** Sysmon event numbers to the categories of Sigma’s taxonomy. */
const SYSMON: Readonly<Record<string, readonly string[]>> = {
  1: ['process_creation'],
  2: ['file_change'],
  3: ['network_connection'],
  6: ['driver_load'],
  7: ['image_load'],
  8: ['create_remote_thread'],
  9: ['raw_access_thread'],
  10: ['process_access'],
  11: ['file_event'],
  12: ['registry_add', 'registry_delete', 'registry_event'],
  13: ['registry_set', 'registry_event'],
  14: ['registry_rename', 'registry_event'],
  15: ['create_stream_hash'],
  17: ['pipe_created'],
  18: ['pipe_created'],
  22: ['dns_query'],
};
const SERVICES = ['security', 'system', 'application', 'windefend', 'powershell', 'wmi'];

const path = (field: string): readonly string[] => field.split('.');
const ROUTES: Readonly<Record<string, Route>> = {
  all: { accepts: () => true, path },
  cloudtrail: {
    accepts: ({ product, service }) => product === 'aws' && (service ?? 'cloudtrail') === 'cloudtrail',
    path,
  },
  windows: windows([], []),
  ...Object.fromEntries(Object.entries(SYSMON).map(([id, names]) => [`sysmon ${id}`, windows(names, ['sysmon'])])),
  ...Object.fromEntries(
    SERVICES.map((name) => [name, windows(name === 'powershell' ? ['ps_script', 'ps_module'] : [], [name])]),
  ),
};

function windows(categories: readonly string[], services: readonly string[]): Route {
  return {
    accepts: ({ product, category, service }: LogSource) =>
      (product ?? 'windows') === 'windows' &&
      (category === undefined || categories.includes(category)) &&
      (service === undefined || services.includes(service)),
    path,
  };
}

function routeKeyOf(event: Readonly<Record<string, unknown>>): string {
  if (typeof event.eventSource === 'string' && typeof event.eventName === 'string') return 'cloudtrail';
  const channel = String(event.Channel).toLowerCase();
  const key = channel.includes('sysmon') ? `sysmon ${String(event.EventID)}` : undefined;
  return key !== undefined && key in ROUTES ? key : (SERVICES.find((name) => channel.includes(name)) ?? 'windows');
}
