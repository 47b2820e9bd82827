import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** The file system as the log sees it; paths are relative to the log's folder. The only file access of this library. */
export interface LogFiles {
  /** The bytes, or undefined when there is no such file. Refuses (EFBIG) what is longer than `limitBytes`. */
  read(path: string, limitBytes: number): Promise<Uint8Array | undefined>;
  /** Writes whole new files; they are on disk, and so are their names, when it returns. */
  writeAll(files: readonly (readonly [path: string, bytes: Uint8Array])[]): Promise<void>;
  /** Puts a file in place of another at once: a crash leaves the old one or the new one. On disk when it returns. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Takes a folder and all in it away; nothing happens when it is not there. */
  removeFolder(path: string): Promise<void>;
}

export function diskFiles(folder: string): LogFiles {
  const root = resolve(folder);
  /** Folders whose own names are known to be on disk. */
  const settled = new Set<string>();

  return {
    async read(path, limitBytes) {
      try {
        const place = join(root, path);
        const { size } = await stat(place);
        if (size > limitBytes)
          throw Object.assign(new Error(`${place} is longer than ${limitBytes} bytes`), { code: 'EFBIG' });
        return await readFile(place);
      } catch (thrown) {
        if (isMissing(thrown)) return undefined;
        throw thrown;
      }
    },

    async writeAll(files) {
      const folders = new Set(files.map(([path]) => dirname(join(root, path))));
      for (const each of folders) await mkdir(each, { recursive: true });
      await Promise.all(files.map(([path, bytes]) => writeSynced(join(root, path), bytes)));
      await settle(folders);
    },

    async replace(path, bytes) {
      const place = join(root, path);
      const temporary = `${place}.new`;
      await mkdir(root, { recursive: true });
      await writeSynced(temporary, bytes);
      await rename(temporary, place);
      await settle(new Set([root]));
    },

    async removeFolder(path) {
      await rm(join(root, path), { recursive: true, force: true });
    },
  };

  async function settle(folders: ReadonlySet<string>): Promise<void> {
    const unsynced = new Set(folders);
    const fresh: string[] = [];
    for (const each of folders) {
      for (let place = each; !settled.has(place) && !fresh.includes(place); place = dirname(place)) {
        fresh.push(place);
        unsynced.add(place).add(dirname(place));
        if (place === root || dirname(place) === place) break;
      }
    }
    await Promise.all([...unsynced].map(syncFolder));
    for (const place of fresh) settled.add(place);
  }
}

async function writeSynced(place: string, bytes: Uint8Array): Promise<void> {
  const file = await open(place, 'w', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(place: string): Promise<void> {
  const handle = await open(place, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
