import { type FSWatcher, realpathSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** With the kernel telling of changes, looking is only for what it does not tell (network file systems, lost watches). */
const WATCHED_POLL_MS = 1_000;
const UNWATCHED_POLL_MS = 200;

/** Waits for something to happen to a path. */
export interface WakeUp {
  /**
   * Resolves when the path may have changed since the last call, at the latest after `longestMs`.
   *
   * @returns whether the kernel (or `wake`) told of a change.
   */
  wait(longestMs: number): Promise<boolean>;
  /** Resolves any wait now. */
  wake(): void;
  /** There was a change that nobody told of: the watches are dead (a folder replaced, say) and are made anew. */
  renew(): void;
  close(): void;
}

/** Watches the folder of a path and, when it is a link, of what it points to (inotify), and polls beside it. */
export function createWakeUp(path: string): WakeUp {
  const watchers = new Map<string, FSWatcher>();
  let isDirty = false;
  let resolveWait: (() => void) | undefined;

  function wake(): void {
    isDirty = true;
    resolveWait?.();
  }

  function watchTarget(target: string): void {
    const folder = dirname(target);
    const key = `${folder}\0${basename(target)}`;
    if (watchers.has(key)) return;
    try {
      const watcher = watch(folder, { persistent: true }, (_event, name) => {
        if (name === null || name.startsWith(basename(target))) wake();
      });
      watcher.on('error', () => forget(key));
      watchers.set(key, watcher);
    } catch {
      // No such folder yet, or no watches left: polling does it, and the next wait tries again.
    }
  }

  function watchAll(): void {
    watchTarget(path);
    const target = resolved(path);
    if (target !== path) watchTarget(target);
  }

  function forget(key: string): void {
    watchers.get(key)?.close();
    watchers.delete(key);
  }

  function forgetAll(): void {
    for (const key of [...watchers.keys()]) forget(key);
  }

  watchAll();
  return {
    async wait(longestMs) {
      watchAll();
      if (!isDirty) {
        const pollMs = watchers.size > 0 ? WATCHED_POLL_MS : UNWATCHED_POLL_MS;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(pollMs, longestMs));
          resolveWait = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        resolveWait = undefined;
      }
      const isTold = isDirty;
      isDirty = false;
      return isTold;
    },
    wake,
    renew() {
      forgetAll();
      wake();
    },
    close: forgetAll,
  };
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
