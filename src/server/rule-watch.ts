import { type FSWatcher, watch } from 'node:fs';
import { foldersBelow } from './content.ts';

export interface RuleWatchOptions {
  /** Something changed and has been quiet since: read it all again. */
  readonly onChange: () => void;
  readonly onProblem: (problem: string) => void;
  /** How long files must be left alone before they are read. */
  readonly quietMs?: number;
}

/** A file that is written without end is read all the same. */
const LONGEST_MS = 10_000;
const MOST_FOLDERS = 1_000;

/** Watches the folders and those below them, new ones too. What cannot be watched is said; `rules reload` works all the same. */
export function watchRules(
  folders: readonly string[],
  { onChange, onProblem, quietMs = 500 }: RuleWatchOptions,
): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let sinceMs: number | undefined;

  function changed(name: string | null): void {
    // A folder may have come or gone, so what is no YAML counts too, but not what editors hide.
    if (name?.startsWith('.') === true && !name.startsWith('..')) return;
    const nowMs = performance.now();
    sinceMs ??= nowMs;
    clearTimeout(timer);
    timer = setTimeout(settle, Math.max(0, Math.min(quietMs, sinceMs + LONGEST_MS - nowMs)));
  }

  function settle(): void {
    sinceMs = undefined;
    look();
    onChange();
  }

  function look(): void {
    const now = new Set(foldersBelow(folders).slice(0, MOST_FOLDERS));
    for (const [folder, watcher] of watchers) {
      if (now.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of now) {
      if (!watchers.has(folder)) add(folder);
    }
  }

  function add(folder: string): void {
    const give = (thrown: unknown) => {
      watchers.get(folder)?.close();
      watchers.delete(folder);
      onProblem(`${folder} is not watched for changed rules: ${String(thrown)}. Use \`./bartizan rules reload\`.`);
    };
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => changed(name));
      watcher.on('error', give);
      watchers.set(folder, watcher);
    } catch (thrown) {
      give(thrown);
    }
  }

  look();
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}
