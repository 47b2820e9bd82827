import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, renameSync, truncateSync } from 'node:fs';

/** A log that a test writes and rotates as logrotate does, and all that was ever written to it. */
export interface RotatedLog {
  readonly path: string;
  readonly written: string[];
  /** Each line is another one, so that none can stand for another. */
  write(count?: number): void;
  /** `.1` becomes `.2`, and so on. */
  shift(): void;
  copyTruncate(): void;
  rename(): void;
  /** Packs `.1`, if it is there; as gzip does, with the time of what is in it. */
  pack(): void;
}

export function createRotatedLog(path: string): RotatedLog {
  const written: string[] = [];
  function shift(): void {
    for (let number = 30; number > 0; number--) {
      for (const packed of ['', '.gz']) {
        const name = `${path}.${number}${packed}`;
        if (existsSync(name)) renameSync(name, `${path}.${number + 1}${packed}`);
      }
    }
  }
  return {
    path,
    written,
    write(count = 1) {
      const lines = Array.from({ length: count }, (_, index) => `line ${written.length + index} ${'x'.repeat(30)}`);
      written.push(...lines);
      appendFileSync(path, lines.map((line) => `${line}\n`).join(''));
    },
    shift,
    copyTruncate() {
      shift();
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
    },
    rename() {
      shift();
      renameSync(path, `${path}.1`);
    },
    pack() {
      if (!existsSync(`${path}.1`)) return;
      const { status } = spawnSync('gzip', [`${path}.1`]);
      if (status !== 0) throw new Error(`gzip ended with ${status}`);
    },
  };
}
