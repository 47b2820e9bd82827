import { closeSync, ftruncateSync, openSync, unlinkSync, writevSync } from 'node:fs';
import { join } from 'node:path';

/** A file without a name that hands blocks to the engine, which reads its binary formats from files only. */
export interface BlockFile {
  /** Replaces what is in it. Throws what the file system says, ENOSPC for one. */
  write(chunks: readonly Uint8Array[]): void;
  /** Where this process, and nobody else, finds it: a path without a character that could mean anything else. */
  readonly path: string;
  close(): void;
}

/** Stays in the page cache and is never synced: the rows count as stored when the engine has synced its own files. */
export function openBlockFile(folder: string): BlockFile {
  const name = join(folder, 'block.tmp');
  const file = openSync(name, 'w+', 0o600);
  unlinkSync(name);
  return {
    path: `/proc/self/fd/${file}`,
    write(chunks) {
      ftruncateSync(file, 0);
      let left = chunks.filter((chunk) => chunk.length > 0);
      let position = 0;
      while (left.length > 0) {
        let written = writevSync(file, left.slice(0, MAX_VECTORS), position);
        position += written;
        let whole = 0;
        while (whole < left.length && written >= (left[whole] as Uint8Array).length) {
          written -= (left[whole] as Uint8Array).length;
          whole += 1;
        }
        left = left.slice(whole);
        if (written > 0) left[0] = (left[0] as Uint8Array).subarray(written);
      }
    },
    close: () => closeSync(file),
  };
}

/** IOV_MAX of Linux. */
const MAX_VECTORS = 1_024;
