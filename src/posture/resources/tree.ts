import { closeSync, type Dirent, fstatSync, lstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { posix } from 'node:path';
import type { Loaded, LoadProblem } from '#model/resource.ts';
import type { Loader, SourceFile } from './loader.ts';

/** Larger files are not code that anyone wrote. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_TOTAL_BYTES = 512 * 1024 * 1024;
const MAX_ENTRIES = 1_000_000;
const HEAD_BYTES = 64 * 1024;
/** What other tools keep in a tree: copies of modules, packages, histories. */
const SKIPPED = new Set(['.git', '.hg', '.svn', '.terraform', '.terragrunt-cache', 'node_modules', '.venv']);

/** What other files of a tree end in: they are not even opened. */
const NEVER_CODE =
  /\.(?:png|jpe?g|gif|svg|ico|webp|pdf|mp[34]|mov|woff2?|ttf|zip|gz|tgz|bz2|xz|zst|7z|tar|jar|war|class|so|dll|exe|o|a|wasm|bin|db|sqlite|pyc?|go|rs|java|kt|rb|php|c|h|cc|cpp|hpp|cs|swift|[cm]?[jt]sx?|map|css|scss|less|html?|md|rst|csv|tsv|log|sql|lock|sum|pem|crt|key|pub)$/i;

export interface LoadedTree extends Loaded {
  /** How many files a loader claimed. */
  readonly files: number;
}

/**
 * Reads all infrastructure code at and below the paths. Links are followed to files inside the same tree only; what is too
 * large, out of reach or broken is a problem, and the rest is read.
 *
 * @param instead texts, by path, that stand in for those of the files: what it would be if they were changed
 * @throws the error of the file system where one of the paths itself cannot be read.
 */
export async function loadTree(
  paths: readonly string[],
  loaders: readonly Loader[],
  instead: ReadonlyMap<string, string> = new Map(),
): Promise<LoadedTree> {
  const problems: LoadProblem[] = [];
  const claimed = new Map<Loader, SourceFile[]>();
  const seen = new Set<string>();
  let totalBytes = 0;
  for (const given of paths) {
    const root = tidy(given);
    const isFolder = lstatFollowed(root).isDirectory();
    const realRoot = realpathSync(isFolder ? root : posix.dirname(root));
    const files = isFolder ? filesBelow(root, realRoot, problems) : [root];
    for (const path of files) {
      if (seen.has(path)) continue;
      seen.add(path);
      take(path, !isFolder);
    }
  }
  const roots = paths.map(tidy);
  const loaded = await Promise.all(
    loaders.map((loader) => loader.load(claimed.get(loader) ?? [], (path) => readInside(path, roots))),
  );
  return {
    resources: loaded.flatMap(({ resources }) => resources),
    problems: [...problems, ...loaded.flatMap((one) => one.problems)],
    files: claimed.values().reduce((sum, files) => sum + files.length, 0),
  };

  function take(path: string, isNamed: boolean): void {
    const read = readText(path, (head) => loaders.find(({ claims }) => claims(path, head)));
    if (typeof read === 'string') problems.push({ file: path, problem: read });
    else if (read === undefined) {
      if (isNamed) problems.push({ file: path, problem: 'This is no kind of infrastructure code that is known.' });
    } else if (totalBytes + read.text.length > MAX_TOTAL_BYTES) {
      problems.push({ file: path, problem: 'There is more code than one scan takes; this file is left out.' });
    } else {
      totalBytes += read.text.length;
      const file = { path, text: instead.get(path) ?? read.text };
      const files = claimed.get(read.loader);
      if (files) files.push(file);
      else claimed.set(read.loader, [file]);
    }
  }
}

function tidy(path: string): string {
  const plain = posix.normalize(path);
  return plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain;
}

/** A path that was named is followed wherever it leads. */
function lstatFollowed(path: string) {
  return lstatSync(realpathSync(path));
}

function filesBelow(root: string, realRoot: string, problems: LoadProblem[]): readonly string[] {
  const files: string[] = [];
  const folders = [root];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const inside: string[] = [];
    for (const entry of list(folder, problems)) {
      if (++entries > MAX_ENTRIES) {
        problems.push({ file: root, problem: `It holds more than ${MAX_ENTRIES} files; the rest is left out.` });
        return files;
      }
      const path = folder === '.' ? entry.name : posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) inside.push(path);
      } else if (isNeverCode(entry.name)) continue;
      else if (entry.isFile()) files.push(path);
      else if (entry.isSymbolicLink()) {
        const problem = followLink(path, realRoot, files);
        if (problem) problems.push({ file: path, problem });
      }
    }
    for (const path of inside.reverse()) folders.push(path);
  }
  return files;
}

function isNeverCode(name: string): boolean {
  return NEVER_CODE.test(name) && !/docker|container/i.test(name);
}

function list(folder: string, problems: LoadProblem[]): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (thrown) {
    problems.push({ file: folder, problem: `This folder cannot be read (${codeOf(thrown)}).` });
    return [];
  }
}

/** To a file inside of the tree, as if it lay here. A folder is found where it really is. */
function followLink(path: string, realRoot: string, files: string[]): string | undefined {
  try {
    const target = realpathSync(path);
    if (!isInside(target, realRoot)) return 'This link leads out of the tree and is not followed.';
    if (lstatSync(target).isFile()) files.push(path);
    return undefined;
  } catch (thrown) {
    return codeOf(thrown) === 'ELOOP' ? 'This link leads in a circle.' : undefined;
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error';
}

/** The text of a file that somebody wants, a problem, or nothing: unclaimed files are read no further than their beginning. */
function readText<T extends { readonly maxBytes?: number }>(
  path: string,
  claim: (head: string) => T | undefined,
): { readonly text: string; readonly loader: T } | string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    const head = readBytes(file, Math.min(size, HEAD_BYTES), 0);
    if (head.includes(0)) return undefined;
    const beginning = head.toString('utf8');
    const loader = claim(beginning);
    if (loader === undefined) return undefined;
    const { maxBytes = MAX_FILE_BYTES } = loader;
    if (size > maxBytes) return `This file is larger than ${Math.round(maxBytes / 1024 / 1024)} MB and is not read.`;
    if (size <= HEAD_BYTES) return { text: beginning, loader };
    return { text: readBytes(file, size, 0).toString('utf8'), loader };
  } catch (thrown) {
    return `This file cannot be read (${codeOf(thrown)}).`;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readBytes(file: number, size: number, from: number): Buffer {
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const read = readSync(file, bytes, at, size - at, from + at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

/** A file that code names: it must lie inside of what is scanned, by its path and by where links lead. */
function readInside(path: string, roots: readonly string[]): string | undefined {
  const plain = tidy(path);
  const root = roots.find((one) =>
    one === '.' ? !plain.startsWith('..') && !plain.startsWith('/') : isInside(plain, one),
  );
  if (root === undefined) return undefined;
  try {
    if (!isInside(realpathSync(plain), realpathSync(root))) return undefined;
    const read = readText(plain, () => ({}));
    return typeof read === 'object' ? read.text : undefined;
  } catch {
    // Absent: whoever asks says so.
    return undefined;
  }
}
