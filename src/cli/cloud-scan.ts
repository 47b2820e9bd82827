import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Language, terminalLanguage } from '#kit/locale.ts';
import { LEVELS, type Level } from '#model/alert.ts';
import type { Finding, Verdict } from '#model/finding.ts';
import type { LoadProblem } from '#model/resource.ts';
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
import { readChecks } from '#posture/content.ts';
import { CONTENT_FOLDER } from '#server/content.ts';
import { type FindingFormat, SHOWN } from './findings/format.ts';
import { printFindings } from './findings/print.ts';

interface CloudScanOptions {
  readonly provider: CloudProvider;
  readonly region: readonly string[];
  readonly endpointBase?: string;
  readonly progress?: string | false;
  readonly printPolicy?: boolean;
  readonly format?: FindingFormat;
  readonly failOn: Level;
  readonly checks: readonly string[];
  readonly verdict?: readonly Verdict[];
  readonly lang?: Language;
  readonly record?: boolean;
  readonly data?: string;
}

/**
 * `bartizan cloud scan`: reads a live account as far as the checks need it, and prints a finding for each check and
 * resource. Exit 2 where a part could not be read (the rest is judged all the same), else as `scan`.
 */
export async function cloudScan(options: CloudScanOptions): Promise<void> {
  await SCANS[options.provider](options);
}

const SCANS: Readonly<Record<CloudProvider, (options: CloudScanOptions) => Promise<void>>> = {
  alicloud: (options) => scanWith(COLLECTORS.alicloud, options),
  aws: (options) => scanWith(COLLECTORS.aws, options),
  azurerm: (options) => scanWith(COLLECTORS.azurerm, options),
  google: (options) => scanWith(COLLECTORS.google, options),
  tencentcloud: (options) => scanWith(COLLECTORS.tencentcloud, options),
  huaweicloud: (options) => scanWith(COLLECTORS.huaweicloud, options),
};

async function scanWith<Api>(collector: Collector<Api>, options: CloudScanOptions): Promise<void> {
  const { checks, problems: unreadable } = readChecks([join(CONTENT_FOLDER, 'checks'), ...options.checks], {
    has: (type) => type.startsWith(`${collector.provider}_`),
  });
  for (const { file, problem } of unreadable) say(`${file}: ${problem}`);
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
  const { verdicts, worst, findings } = await report(plan, scan, options);
  const problems = problemsOf(scan);
  for (const { file, problem } of problems) say(`not read: ${file}: ${problem}`);
  say(notCollected(plan));
  say(summary(connection, collector.provider, scan, verdicts, Date.now() - startedMs));
  if (options.record) {
    const run = {
      kind: 'cloud',
      target: `${collector.provider} ${connection.account}`,
      startedMs,
      endedMs: Date.now(),
      resources: scan.resources.length,
      checks: plan.checks.length,
      problems,
    } as const;
    await (await import('./findings/record.ts')).recordScan(options.data, run, findings);
  }
  process.exitCode = scan.problems.length > 0 ? 2 : worst >= LEVELS.indexOf(options.failOn) ? 1 : 0;
}

/** Prints findings as they are found, and counts them. */
async function report(plan: Plan, scan: AccountScan, options: CloudScanOptions) {
  const format = options.format ?? (process.stdout.isTTY ? 'table' : 'ndjson');
  const shown = new Set(options.verdict ?? SHOWN[format]);
  const verdicts: Record<Verdict, number> = { fail: 0, pass: 0, unknown: 0, not_applicable: 0 };
  const findings: Finding[] = [];
  let worst = -1;
  const counted = function* (): Generator<Finding> {
    for (const finding of createCheckSet(plan.checks).run(scan.resources, Date.now())) {
      if (isStandIn(finding.resource)) continue;
      verdicts[finding.verdict] += 1;
      if (finding.verdict === 'fail') worst = Math.max(worst, LEVELS.indexOf(finding.severity));
      if (options.record) findings.push(finding);
      if (shown.has(finding.verdict)) yield finding;
    }
  };
  const counts = { resources: scan.resources.filter((one) => !isStandIn(one)).length, verdicts };
  await printFindings(format, options.lang ?? terminalLanguage(process.env), counted(), {
    problems: problemsOf(scan),
    counts,
  });
  return { verdicts, worst, findings };
}

function progressFile({ provider, progress }: CloudScanOptions, account: string): string | undefined {
  if (progress === false) return undefined;
  return progress ?? join(homedir(), '.local', 'state', 'bartizan', `cloud-scan-${provider}-${account}.ndjson`);
}

/** Which half failed: once for each permission and code, with the places. */
function problemsOf({ problems }: AccountScan): LoadProblem[] {
  const parts = new Map<string, { file: string; text: string; regions: Set<string>; count: number }>();
  for (const { service, permission, region, kind, code, message } of problems) {
    const key = `${permission}\0${code}`;
    const text = kind === 'denied' ? `needs ${permission} (${code})` : `${permission} failed (${code}: ${message})`;
    const part = parts.get(key) ?? { file: service, text, regions: new Set(), count: 0 };
    part.count += 1;
    if (region !== undefined) part.regions.add(region);
    parts.set(key, part);
  }
  return [...parts.values()].map(({ file, text, regions, count }) => {
    const where = regions.size > 0 ? ` in ${shortList([...regions])}` : '';
    return { file, problem: `${text}${where}${count > Math.max(1, regions.size) ? `, ${count} times` : ''}` };
  });
}

function notCollected({ notCollected: left }: Plan): string | undefined {
  if (left.length === 0) return undefined;
  const needs = [...new Set(left.flatMap((one) => one.needs))].sort();
  return `not collected: ${left.length} checks need what no collector reads yet: ${needs.join(', ')}`;
}

function summary(
  { account, regions }: { readonly account: string; readonly regions: readonly string[] },
  provider: string,
  { resources, calls, throttled, problems }: AccountScan,
  { fail, pass, unknown }: Readonly<Record<Verdict, number>>,
  tookMs: number,
): string {
  const real = resources.filter(({ unread }) => unread === undefined).length;
  return [
    `${provider} ${account}: ${real} resources in ${regions.length} regions`,
    `${fail} fail, ${pass} pass, ${unknown} unknown`,
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
