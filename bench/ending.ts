import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const works = new Set<() => void>();
let listens = false;

/** Does something when this process ends, also when it is interrupted. The answer takes it back. */
export function atEnd(work: () => void): () => void {
  listen();
  works.add(work);
  return () => works.delete(work);
}

/** A new folder that goes when this process ends. */
export function passingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-bench-'));
  // What has just been killed may still write for a moment.
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return folder;
}

/** Ends a program when this process ends. */
export function endsWithUs<T extends ChildProcess>(child: T): T {
  child.once(
    'exit',
    atEnd(() => child.kill('SIGKILL')),
  );
  return child;
}

function listen(): void {
  if (listens) return;
  listens = true;
  process.once('exit', () => {
    // The latest first: programs before the folders that they write to.
    for (const work of [...works].reverse()) {
      try {
        work();
      } catch (thrown) {
        console.error(`Left behind: ${String(thrown)}`);
      }
    }
  });
  // Not once: a second signal, such as timeout(1) sends, would end us in the middle of it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
}
