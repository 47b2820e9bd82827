import { writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { z } from 'zod';
import type { findingListSchema, frameworkPageSchema, postureScoreSchema } from '#api/posture-schemas.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { type Language, terminalLanguage } from '#kit/locale.ts';
import type { Finding } from '#model/finding.ts';
import { createCheckSet } from '#posture/checks/index.ts';
import { readChecks } from '#posture/content.ts';
import { assess } from '#posture/frameworks/assess.ts';
import type { Framework } from '#posture/frameworks/catalog.ts';
import { readFrameworks } from '#posture/frameworks/read.ts';
import { CONTENT_FOLDER } from '#server/content.ts';
import { askCentre } from './centre-client.ts';
import { loadCode } from './findings/load.ts';
import { frameworkCsv } from './reports/csv.ts';
import type { FrameworkReport } from './reports/framework-report.ts';
import { frameworkHtml } from './reports/html.ts';

interface ReportOptions {
  readonly out: string;
  readonly data?: string;
  readonly lang?: Language;
}

const WRITERS: Readonly<Record<string, (report: FrameworkReport, language: Language) => string>> = {
  '.html': frameworkHtml,
  '.csv': frameworkCsv,
  '.json': (report) => `${JSON.stringify(report, undefined, 2)}\n`,
};
/** Of each clause. */
const SHOWN_FINDINGS = 20;
const PAGE = 200;
const MOST_PAGES = 50;

/**
 * `bartizan report FRAMEWORK [PATH…] --out FILE`: a framework or policy template, clause by clause. With paths these are
 * scanned; without, the running centre's last scans answer. The file's ending says the format.
 */
export async function report(id: string, paths: readonly string[], options: ReportOptions): Promise<void> {
  const write = WRITERS[extname(options.out).toLowerCase()];
  if (write === undefined) {
    throw new BartizanError('BTZ_USAGE', { problem: `error: --out ends in ${Object.keys(WRITERS).join(', ')}.` });
  }
  const framework = find(id);
  const made = paths.length > 0 ? await fromCode(framework, paths) : await fromCentre(framework, options.data);
  try {
    writeFileSync(options.out, write(made, options.lang ?? terminalLanguage(process.env)));
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_OUTPUT_UNWRITABLE', { path: options.out });
  }
}

function find(id: string): Framework {
  const { frameworks, templates } = readFrameworks(join(CONTENT_FOLDER, 'frameworks'));
  const found = frameworks.get(id) ?? templates.get(id);
  if (found !== undefined) return found;
  const known = [...frameworks.keys(), ...templates.keys()].join(', ');
  throw new BartizanError('BTZ_USAGE', { problem: `error: there is no framework ${id}; there are ${known}.` });
}

async function fromCode(framework: Framework, paths: readonly string[]): Promise<FrameworkReport> {
  const tree = await loadCode(paths);
  if (tree.problems.length > 0) process.exitCode = 2;
  const { checks } = readChecks([join(CONTENT_FOLDER, 'checks')], new Set(tree.resources.map(({ type }) => type)));
  const madeMs = Date.now();
  const findings = [...createCheckSet(checks).run(tree.resources, madeMs)];
  const clauses = assess(framework, findings).map(({ clause, failed, unknown, evidence, ...rest }) => ({
    ...headOf(clause),
    ...rest,
    failed: failed.length,
    unknown: unknown.length,
    evidence: evidence === undefined ? [] : [evidence],
    findings: [...failed, ...unknown].slice(0, SHOWN_FINDINGS),
  }));
  const { id, title, version, source } = framework;
  return {
    id,
    title,
    version,
    source,
    madeMs,
    scans: [`${paths.join(', ')} (${new Date(madeMs).toISOString()})`],
    clauses,
  };
}

async function fromCentre(framework: Framework, data: string | undefined): Promise<FrameworkReport> {
  const page = await askCentre<z.infer<typeof frameworkPageSchema>>(data, 'GET', `/posture/frameworks/${framework.id}`);
  const { targets } = await askCentre<z.infer<typeof postureScoreSchema>>(data, 'GET', '/posture/score');
  const findings = await openFindings(data);
  const assessed = new Map(assess(framework, findings).map((one) => [one.clause, one]));
  const clauses = framework.clauses.map((clause, at) => {
    const { status = 'no_data', failed = 0, unknown = 0, passed = 0, evidence = [] } = page.clauses[at] ?? {};
    const shown = assessed.get(clause);
    return {
      ...headOf(clause),
      status,
      failed,
      unknown,
      passed,
      evidence: evidence.map(({ hash }) => hash),
      findings: [...(shown?.failed ?? []), ...(shown?.unknown ?? [])].slice(0, SHOWN_FINDINGS),
    };
  });
  const { id, title, version, source } = framework;
  const scans = targets.map(({ scan }) => `${scan.target} (${new Date(scan.endedMs).toISOString()})`);
  return { id, title, version, source, madeMs: Date.now(), scans, clauses };
}

async function openFindings(data: string | undefined): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const path = `/posture/findings?limit=${PAGE}&offset=${page * PAGE}`;
    const { items, total } = await askCentre<z.infer<typeof findingListSchema>>(data, 'GET', path);
    all.push(...items);
    if (items.length === 0 || all.length >= total) break;
  }
  return all;
}

function headOf({ framework, id, title, groups, guidance }: Framework['clauses'][number]) {
  return { framework, id, title, groups, guidance };
}
