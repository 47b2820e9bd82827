import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How often the events are given, so that starting and loading weigh little. */
const REPEATS = 40;

/**
 * Runs the same events through rsigma (crates.io, `cargo install rsigma`), every rule on every event, one run with few events
 * taken off for starting and loading.
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
      const startMs = performance.now();
      for (const folder of folders) {
        const { status, stderr } = spawnSync('rsigma', ['engine', 'eval', '--rules', folder, '--event', `@${file}`], {
          stdio: ['ignore', 'ignore', 'pipe'],
          encoding: 'utf8',
        });
        if (status !== 0 && status !== 1) throw new RangeError(stderr.slice(-300));
      }
      return performance.now() - startMs;
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
