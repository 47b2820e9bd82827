import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export type Journalctl = ChildProcessByStdio<null, Readable, Readable>;

export interface JournalctlOptions {
  /** Goes on after this entry; else as `start` says. */
  readonly afterCursor: string | undefined;
  readonly start: 'end' | 'beginning';
}

/** Starts `journalctl` following the journal, one JSON object per line. */
export function spawnJournalctl({ afterCursor, start }: JournalctlOptions): Journalctl {
  // `--all`: without it fields over 4 KB come as null.
  // Not `--quiet`: that would also hide that the system's own entries may not be read.
  const args = ['--follow', '--output=json', '--all', '--no-pager'];
  if (afterCursor !== undefined) args.push(`--after-cursor=${afterCursor}`, '--no-tail');
  else args.push(start === 'end' ? '--lines=0' : '--no-tail');
  return spawn('journalctl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * The cursor of a `journalctl -o json` line. A value cannot fake it: its quotes are escaped there.
 *
 * @returns `undefined` for a line that has none.
 */
export function cursorOf(line: string): string | undefined {
  return /"__CURSOR"\s*:\s*"([^"\\]{1,300})"/.exec(line)?.[1];
}
