import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BartizanError } from '#kit/errors.ts';
import { type Language, terminalLanguage } from '#kit/locale.ts';
import { LEVELS, type Level } from '#model/alert.ts';
import type { Finding, Verdict } from '#model/finding.ts';
import { type Check, type CheckSet, createCheckSet } from '#posture/checks/index.ts';
import { type CheckProblem, readChecks } from '#posture/content.ts';
import { readFrameworks } from '#posture/frameworks/read.ts';
import type { LoadedTree } from '#posture/resources/index.ts';
import { CONTENT_FOLDER } from '#server/content.ts';
import { type FindingFormat, problemLine, SHOWN } from './findings/format.ts';
import { loadCode } from './findings/load.ts';
import { printFindings } from './findings/print.ts';

export interface ScanOptions {
  readonly format?: FindingFormat;
  readonly failOn: Level;
  readonly check: readonly string[];
  readonly framework?: string;
  readonly checks: readonly string[];
  readonly verdict?: readonly Verdict[];
  readonly lang?: Language;
  readonly record?: boolean;
  /** Print a patch instead of findings. */
  readonly fix?: boolean;
  readonly fixAnew?: boolean;
  readonly data?: string;
}

/**
 * `bartizan scan PATH…`: infrastructure as code against the checks. Exit 2 where something cannot be read (the rest is
 * judged all the same), else 1 where a resource fails a check of the asked level, else 0.
 */
export async function scan(paths: readonly string[], options: ScanOptions): Promise<void> {
  const format = options.format ?? (process.stdout.isTTY ? 'table' : 'ndjson');
  const language = options.lang ?? terminalLanguage(process.env);
  const startedMs = Date.now();
  const tree = await loadCode(paths);
  const { checkSet, problems } = checksFor(tree, options);
  for (const problem of problems) process.stderr.write(problemLine(problem));
  const isUnreadable = problems.length + tree.problems.length > 0;
  const shown = new Set(options.fix || options.fixAnew ? ['fail'] : (options.verdict ?? SHOWN[format]));
  const verdicts: Record<Verdict, number> = { fail: 0, pass: 0, unknown: 0, not_applicable: 0 };
  let worst = -1;
  const kept: Finding[] = [];
  const findings = counted();
  if (options.fix || options.fixAnew)
    await (await import('./findings/fix.ts')).printFix(paths, [...findings], checkSet, options.fixAnew ?? false);
  else {
    const counts = { files: tree.files, resources: tree.resources.length, verdicts };
    await printFindings(format, language, findings, { problems: tree.problems, counts });
  }
  if (options.record) {
    const run = {
      kind: 'code',
      target: paths
        .map((path) => resolve(path))
        .join(', ')
        .slice(0, TARGET_CHARACTERS),
      startedMs,
      endedMs: Date.now(),
      resources: tree.resources.length,
      checks: checkSet.checks.length,
      problems: tree.problems,
    } as const;
    await (await import('./findings/record.ts')).recordScan(options.data, run, kept);
  }
  process.exitCode = exitCode();

  function exitCode(): number {
    return isUnreadable ? 2 : worst >= LEVELS.indexOf(options.failOn) ? 1 : 0;
  }

  function* counted(): Generator<Finding> {
    for (const finding of checkSet.run(tree.resources, Date.now())) {
      verdicts[finding.verdict]++;
      if (finding.verdict === 'fail') worst = Math.max(worst, LEVELS.indexOf(finding.severity));
      // Said at once: whoever reads the findings may stop before their end.
      process.exitCode = exitCode();
      if (options.record) kept.push(finding);
      if (shown.has(finding.verdict)) yield finding;
    }
  }
}

/** The checks that are asked for; one that cannot be made ready is a problem, and the others run. */
function checksFor(
  tree: LoadedTree,
  options: ScanOptions,
): { readonly checkSet: CheckSet; readonly problems: readonly CheckProblem[] } {
  const folders = [join(CONTENT_FOLDER, 'checks'), ...options.checks];
  for (const id of options.check) {
    if (!folders.some((folder) => globSync(`**/${id.replace(/[^a-z0-9-]/g, '_')}.yml`, { cwd: folder }).length > 0))
      throw new BartizanError('BTZ_USAGE', { problem: `error: there is no check ${id}.` });
  }
  const { checks, problems } = readChecks(folders, new Set(tree.resources.map(({ type }) => type)));
  const isOf = options.framework === undefined ? () => true : membersOf(options.framework);
  const asked = checks.filter(
    (check) => (options.check.length === 0 || options.check.includes(check.id)) && isOf(check),
  );
  try {
    return { checkSet: createCheckSet(asked), problems };
  } catch {
    const broken = asked.flatMap(whyNotReady);
    const ready = asked.filter(({ id }) => !broken.some(({ file }) => file === id));
    return { checkSet: createCheckSet(ready), problems: [...problems, ...broken] };
  }
}

function whyNotReady(check: Check): readonly CheckProblem[] {
  try {
    createCheckSet([check]);
    return [];
  } catch (thrown) {
    return [{ file: check.id, problem: thrown instanceof Error ? thrown.message : 'cannot be made ready' }];
  }
}

/** Whether a clause of the framework or template is made of the check, by its name or by a control. */
function membersOf(framework: string): (check: Check) => boolean {
  const { frameworks, templates } = readFrameworks(join(CONTENT_FOLDER, 'frameworks'));
  const found = frameworks.get(framework) ?? templates.get(framework);
  if (!found) {
    const known = [...frameworks.keys()].join(', ');
    throw new BartizanError('BTZ_USAGE', { problem: `error: there is no framework ${framework}; there are ${known}.` });
  }
  const controls = new Set(found.clauses.flatMap((clause) => clause.controls));
  const checks = new Set(found.clauses.flatMap((clause) => clause.checks));
  return ({ id, controls: about }) => checks.has(id) || about.some((control) => controls.has(control));
}

/** What a scan is called by in the centre. */
const TARGET_CHARACTERS = 500;
