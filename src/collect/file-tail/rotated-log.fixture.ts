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
}

export function createRotatedLog(path: string): RotatedLog {
  const written: string[] = [];
  function shift(): void {
    for (let number = 30; number > 0; number--) {
      if (existsSync(`${path}.${number}`)) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
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
  };
}
