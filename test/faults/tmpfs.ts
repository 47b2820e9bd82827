import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk of its own, mounted until `remove`. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it to the last byte, or to so many bytes left. */
  fill(leaveBytes?: number): void;
  /** Takes the filling away. */
  empty(): void;
  readOnly(): void;
  remove(): void;
}

/** Why this machine cannot mount one; undefined when it can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.getuid?.() !== 0) return 'skipped: mounting a small disk needs root';
  const folder = mkdtempSync(join(tmpdir(), 'btz-mount-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder], { encoding: 'utf8' });
  if (status === 0) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return status === 0 ? undefined : `skipped: a small disk cannot be mounted here (${stderr.trim()})`;
}

export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'btz-disk-'));
  mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'none', folder);
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill(leaveBytes = 0) {
      const file = openSync(ballast, 'a');
      try {
        for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 4)) pour(file, size);
      } finally {
        closeSync(file);
      }
      if (leaveBytes > 0) spawnSync('truncate', ['-s', `-${leaveBytes}`, ballast]);
    },
    empty: () => rmSync(ballast, { force: true }),
    readOnly: () => mount('-o', 'remount,ro', folder),
    remove() {
      spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function pour(file: number, size: number): void {
  const block = Buffer.alloc(size, 0x2e);
  try {
    while (writeSync(file, block) > 0);
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== 'ENOSPC') throw thrown;
  }
}

function mount(...options: string[]): void {
  const { status, stderr } = spawnSync('mount', options, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
