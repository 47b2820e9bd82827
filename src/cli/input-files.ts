import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { toBartizanError } from '#kit/errors.ts';

export interface InputFiles {
  readonly files: readonly string[];
  /** What of the folders cannot be read, and folders with nothing to read, as sentences. */
  readonly problems: readonly string[];
}

/**
 * The files that were named, and for a folder all text below it, oldest first as rotation left it. Links, packed files and
 * whatever begins with a NUL in its first part (journals, lists of sign-ins) are no text. `-` and what is no folder stay
 * as they were named: whoever opens them finds out.
 */
export function inputFiles(paths: readonly string[]): InputFiles {
  const problems: string[] = [];
  const files = paths.flatMap((path) => (path !== '-' && isFolder(path) ? filesBelow(path, problems) : [path]));
  return { files, problems };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Absent, or out of reach: whoever opens it says so.
    return false;
  }
}

function filesBelow(folder: string, problems: string[]): readonly string[] {
  const found: { readonly path: string; readonly changedMs: number }[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    try {
      for (const entry of readdirSync(next, { withFileTypes: true })) {
        const path = join(next, entry.name);
        if (entry.isDirectory()) folders.push(path);
        else if (entry.isFile() && !PACKED.test(path)) look(path);
      }
    } catch (thrown) {
      tell(next, thrown);
    }
  }
  if (found.length === 0 && problems.length === 0) tell(folder, 'there is no text file in it.');
  const inOrder = found.sort((a, b) => a.changedMs - b.changedMs || (a.path < b.path ? -1 : 1));
  return inOrder.map(({ path }) => path);

  function look(path: string): void {
    try {
      if (isText(path)) found.push({ path, changedMs: statSync(path).mtimeMs });
    } catch (thrown) {
      tell(path, thrown);
    }
  }

  function tell(path: string, thrown: unknown): void {
    problems.push(toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path }).message);
  }
}

const PACKED = /\.(?:gz|xz|bz2|zst|lz4|zip|7z|tar|tgz)$/i;
const FIRST_BYTES = 4_096;

function isText(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const first = Buffer.alloc(FIRST_BYTES);
    return !first.subarray(0, readSync(file, first)).includes(0);
  } finally {
    closeSync(file);
  }
}
