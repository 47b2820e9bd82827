import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A wall clock for child processes that can be stepped while they run. The monotonic clock stays the machine's. */
export interface SteppedClock {
  readonly env: Readonly<Record<string, string>>;
  /** So many hours from the machine's own clock; processes follow within a second. */
  stepTo(hours: number): void;
  remove(): void;
}

const LIBRARY = findLibrary();

export const whyNoSteppedClock =
  LIBRARY === undefined ? 'skipped: libfaketime is not installed (Debian: apt install faketime)' : undefined;

export function createSteppedClock(): SteppedClock {
  const folder = mkdtempSync(join(tmpdir(), 'btz-clock-'));
  const file = join(folder, 'offset');
  const stepTo = (hours: number) => writeFileSync(file, `${hours >= 0 ? '+' : ''}${hours}h\n`);
  stepTo(0);
  return {
    env: {
      LD_PRELOAD: LIBRARY ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    stepTo,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function findLibrary(): string | undefined {
  const folders = [
    '/usr/lib',
    ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`) : []),
  ];
  return folders.map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1')).find((path) => existsSync(path));
}
