import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { BartizanError } from '#kit/errors.ts';

const MB = 2 ** 20;
/** Never more than this is kept free, however large the disk. */
const LARGEST_RESERVE_BYTES = 256 * MB;
const RESERVE_SHARE = 0.05;
const LOOK_MS = 100;

/**
 * Keeps the last part of the disk (5 %, at most 256 MB) for decisions: collecting and the event lake stop before it is
 * used, so that alerts, blocks, sign-ins and evidence still find room. Events can wait, decisions cannot.
 *
 * @param reserves how many reserves have to be free; more for what can wait longer.
 * @returns what throws BTZ_DISK_LOW while there is less; it asks the file system ten times a second at most.
 */
export function createSpaceGuard(file: string, reserves: number): () => void {
  const directory = dirname(file);
  let lookedMs = Number.NEGATIVE_INFINITY;
  let low: BartizanError | undefined;
  return () => {
    const nowMs = performance.now();
    if (nowMs - lookedMs >= LOOK_MS) {
      lookedMs = nowMs;
      const { bavail, blocks, bsize } = statfsSync(directory);
      const reserveBytes = reserves * Math.min(LARGEST_RESERVE_BYTES, blocks * bsize * RESERVE_SHARE);
      const megabytes = (bytes: number) => Math.round(bytes / MB);
      low =
        bavail * bsize < reserveBytes
          ? new BartizanError('BTZ_DISK_LOW', {
              directory,
              freeMb: megabytes(bavail * bsize),
              reserveMb: megabytes(reserveBytes),
            })
          : undefined;
    }
    if (low) throw low;
  };
}
