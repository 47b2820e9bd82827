import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { installTestPackages } from './test-packages.ts';
import { lastLine, type Tally, tallyVitest } from './test-report.ts';

const ROOT = join(import.meta.dirname, '../..');
const CHECKS = ['format', 'lint', 'types', 'boundaries', 'dead'];
/** npm scripts and the programs that tests start find our Node first. */
const ENVIRONMENT = {
  ...process.env,
  PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
};

/**
 * `./bartizan test [FILE…]`: installs what the suites need, builds the console, runs the checks and all tests. With files,
 * only the tests in them. The last line says how many passed and failed; a check counts as one test.
 *
 * @returns 0 when nothing failed, else 1.
 */
function test(files: readonly string[]): 0 | 1 {
  const missing = installTestPackages(console.log);
  for (const line of missing) console.log(line);
  const checks = files.length > 0 ? [] : [runConsoleBuild(), ...CHECKS.map(runCheck)];
  const tally = runVitest(files);
  if (tally.skippedSuites.length > 0) {
    console.log(`\nSkipped:\n${tally.skippedSuites.map((suite) => `  ${suite}`).join('\n')}`);
  }
  const passed = tally.passed + checks.filter(Boolean).length;
  const failed = tally.failed + checks.filter((isGood) => !isGood).length;
  console.log(`\n${lastLine({ passed, failed, skipped: tally.skipped })}`);
  return failed === 0 ? 0 : 1;
}

function runConsoleBuild(): boolean {
  return run('console build', 'npm', ['run', '--silent', 'build', '-w', 'console']);
}

function runCheck(name: string): boolean {
  return run(`check ${name}`, 'npm', ['run', '--silent', name]);
}

/** Quiet when it goes well. */
function run(title: string, command: string, args: readonly string[]): boolean {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    env: ENVIRONMENT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const isGood = status === 0;
  console.log(`${isGood ? '✓' : '✗'} ${title}`);
  if (!isGood) console.log(`${stdout}${stderr}${error?.message ?? ''}`);
  return isGood;
}

function runVitest(files: readonly string[]): Tally {
  const folder = mkdtempSync(join(tmpdir(), 'btz-test-'));
  const report = join(folder, 'report.json');
  try {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...files], {
      cwd: ROOT,
      env: ENVIRONMENT,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const tally = readReport(report);
    // Red for another reason than a test: an error that nobody caught, a worker that died.
    return status !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(path: string): Tally {
  try {
    return tallyVitest(JSON.parse(readFileSync(path, 'utf8')));
  } catch (thrown) {
    console.log(`vitest left no report: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return { passed: 0, failed: 1, skipped: 0, skippedSuites: [] };
  }
}

process.exitCode = test(process.argv.slice(3));
