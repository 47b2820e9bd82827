import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Language, terminalLanguage } from '#kit/locale.ts';
import { LEVELS, type Level } from '#model/alert.ts';
import type { Finding } from '#model/finding.ts';
import { createCheckSet } from '#posture/checks/index.ts';
import {
  type AccountScan,
  type CloudProvider,
  COLLECTORS,
  type Collector,
  isStandIn,
  type Plan,
  planOf,
  scanAccount,
  shortList,
} from '#posture/collectors/index.ts';
import { reasonOf } from '#posture/collectors/gap.ts';
import { readChecks } from '#posture/content.ts';

interface CloudScanOptions {
  readonly provider: CloudProvider;
  readonly region: readonly string[];
  readonly endpointBase?: string;
  readonly progress?: string | false;
  readonly printPolicy?: boolean;
  readonly format: 'json' | 'ndjson' | 'table';
  readonly failOn: Level;
  readonly lang?: Language;
  readonly record?: boolean;
  readonly data?: string;
}

const CHECKS_FOLDER = join(import.meta.dirname, '../../content/checks');

/** `bartizan cloud scan`: reads a live account as far as the checks need it, and prints a finding for each check and resource. */
export async function cloudScan(options: CloudScanOptions): Promise<void> {
  await scanWith(COLLECTORS[options.provider], options);
}

async function scanWith<Api>(collector: Collector<Api>, options: CloudScanOptions): Promise<void> {
  const { checks, problems } = readChecks([CHECKS_FOLDER]);
  for (const { file, problem } of problems) process.stderr.write(`${file}: ${problem}\n`);
  const plan = planOf(collector, checks);
  if (options.printPolicy) {
    process.stdout.write(collector.policy(plan.permissions));
    say(notCollected(plan));
    return;
  }
  const connection = await collector.connect({ regions: options.region, endpointBase: options.endpointBase });
  for (const note of connection.notes) say(note);
  const startedMs = Date.now();
  const scan = await scanAccount(collector, connection, plan, {
    nowMs: startedMs,
    progressFile: progressFile(options, connection.account),
    onProgress: createTicker(),
  });
  if (scan.resumed !== undefined)
    say(
      `${scan.resumed.units} of ${scan.units} parts were read ${minutes(scan.resumed.ageMs)} ago, by a scan that did not end; the rest now`,
    );
  const findings: Finding[] = [];
  for (const finding of createCheckSet(plan.checks).run(scan.resources, Date.now()))
    if (!isStandIn(finding.resource)) findings.push(finding);
  await print(findings, options);
  if (options.record) {
    const run = {
      kind: 'cloud',
      target: `${options.provider} ${connection.account}`,
      startedMs,
      endedMs: Date.now(),
      resources: scan.resources.length,
      checks: plan.checks.length,
      problems: scan.problems.map((problem) => ({
        file: [problem.permission, problem.region].filter((part) => part !== undefined).join(' '),
        problem: reasonOf(problem.permission, problem, 0),
      })),
    } as const;
    await (await import('./findings/record.ts')).recordScan(options.data, run, findings);
  }
  for (const line of failedParts(scan)) say(line);
  say(notCollected(plan));
  say(summary(options.provider, connection.account, connection.regions.length, scan, findings, Date.now() - startedMs));
  const worst = Math.max(
    -1,
    ...findings.filter(({ verdict }) => verdict === 'fail').map(({ severity }) => LEVELS.indexOf(severity)),
  );
  process.exitCode = worst >= LEVELS.indexOf(options.failOn) ? 1 : 0;
}

function progressFile({ provider, progress }: CloudScanOptions, account: string): string | undefined {
  if (progress === false) return undefined;
  return progress ?? join(homedir(), '.local', 'state', 'bartizan', `cloud-scan-${provider}-${account}.ndjson`);
}

/** Which half failed: once for each permission, with the places. */
function failedParts({ problems }: AccountScan): string[] {
  const parts = new Map<string, { regions: Set<string>; count: number; text: string }>();
  for (const { service, permission, region, kind, code, message } of problems) {
    const key = `${permission}\0${code}`;
    const part = parts.get(key) ?? {
      regions: new Set(),
      count: 0,
      text:
        kind === 'denied'
          ? `${service}: needs ${permission} (${code})`
          : `${service}: ${permission} failed (${code}: ${message})`,
    };
    part.count += 1;
    if (region !== undefined) part.regions.add(region);
    parts.set(key, part);
  }
  return [...parts.values()].map(({ text, regions, count }) => {
    const where = regions.size > 0 ? ` in ${shortList([...regions])}` : '';
    return `not read: ${text}${where}${count > regions.size && count > 1 ? `, ${count} times` : ''}`;
  });
}

function notCollected({ notCollected: left }: Plan): string | undefined {
  if (left.length === 0) return undefined;
  const needs = [...new Set(left.flatMap((one) => one.needs))].sort();
  return `not collected: ${left.length} checks need what no collector reads yet: ${needs.join(', ')}`;
}

function summary(
  provider: string,
  account: string,
  regions: number,
  { resources, calls, throttled, problems }: AccountScan,
  findings: readonly Finding[],
  tookMs: number,
): string {
  const count = (verdict: Finding['verdict']): number => findings.filter((one) => one.verdict === verdict).length;
  const real = resources.filter((one) => !isStandIn(one)).length;
  return [
    `${provider} ${account}: ${real} resources in ${regions} regions`,
    `${count('fail')} fail, ${count('pass')} pass, ${count('unknown')} unknown`,
    `${calls} calls (${throttled} throttled) in ${(tookMs / 1000).toFixed(1)} s`,
    problems.length === 0 ? 'read completely' : `read in part: ${problems.length} calls failed`,
  ].join('; ');
}

/** Where the scan stands, on a terminal. */
function createTicker(): ((done: number, units: number, resources: number) => void) | undefined {
  if (!process.stderr.isTTY) return undefined;
  return (done, units, resources) => {
    process.stderr.write(`\r\u001B[K${done}/${units} parts, ${resources} resources`);
    if (done === units) process.stderr.write('\r\u001B[K');
  };
}

function minutes(ms: number): string {
  const whole = Math.round(ms / 60_000);
  return whole < 60 ? `${whole} minutes` : `${Math.round(whole / 60)} hours`;
}

function say(line: string | undefined): void {
  if (line !== undefined) process.stderr.write(`${line}\n`);
}

async function print(findings: readonly Finding[], { format, lang }: CloudScanOptions): Promise<void> {
  const language = lang ?? terminalLanguage(process.env);
  const told = findings.map((one) => ({ ...one, title: one.title[language], fix: one.fix[language] }));
  if (format === 'json') return await write(`${JSON.stringify(told, undefined, 2)}\n`);
  for (const one of told) {
    if (format === 'ndjson') await write(`${JSON.stringify(one)}\n`);
    else if (one.verdict === 'fail' || one.verdict === 'unknown')
      await write(
        `${one.verdict.padEnd(8)} ${one.severity.padEnd(13)} ${one.resource.type} ${one.resource.id}: ${one.title}\n`,
      );
  }
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}
