import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How often the events are given, so that starting and loading weigh little. */
const REPEATS = 40;

/**
 * Runs the same events through rsigma (crates.io, `cargo install rsigma`), every rule on every event, CPU time, one run with one event
 * taken off for starting and loading. Its bloom filter (`--bloom-prefilter`) was tried and made no difference.
 *
 * @returns what to install where it is absent or does not do it.
 */
export function measureRsigma(
  folders: readonly string[],
  texts: readonly string[],
): string | { readonly version: string; readonly eventsPerSecond: number } {
  const version = spawnSync('rsigma', ['--version'], { encoding: 'utf8' });
  if (version.error !== undefined) return 'not installed here (cargo install rsigma)';
  const room = mkdtempSync(join(tmpdir(), 'bench-rsigma-'));
  try {
    const run = (events: readonly string[]): number => {
      const file = join(room, 'events.ndjson');
      writeFileSync(file, `${events.join('\n')}\n`);
      return folders.reduce(
        (sum, folder) => sum + cpuMs(['engine', 'eval', '--rules', folder, '--event', `@${file}`]),
        0,
      );
    };
    const shortMs = run(texts.slice(0, 1));
    const longMs = run(Array.from({ length: REPEATS }, () => texts).flat());
    return {
      version: version.stdout.trim(),
      eventsPerSecond: Math.round((REPEATS * texts.length * 1_000) / Math.max(1, longMs - shortMs)),
    };
  } catch (error) {
    return `could not be run: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    rmSync(room, { recursive: true });
  }
}

/** CPU of a run, user and system, in milliseconds: the last line that the shell's `times` prints is that of its children. */
function cpuMs(options: readonly string[]): number {
  const script = '"$@" > /dev/null; code=$?; times; exit $code';
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', 'rsigma', ...options], { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new RangeError(stderr.slice(-300));
  const spent =
    stdout
      .trim()
      .split('\n')
      .at(-1)
      ?.matchAll(/(\d+)m([\d.]+)s/g) ?? [];
  return [...spent].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000, 0);
}
