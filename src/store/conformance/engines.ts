import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openPostgresStateStore } from '../postgres/index.ts';
import { openSqliteStateStore } from '../sqlite/index.ts';
import type { StateStore } from '../state-store.ts';
import { POSTGRES_BIN, startPostgres } from './postgres-server.ts';

/** An engine that really runs, for the suites that every engine must pass. */
export interface TestEngine {
  readonly name: string;
  /** Why it cannot run on this machine. */
  readonly missing?: string;
  start(): Promise<RunningEngine>;
}

export interface RunningEngine {
  /** A new, empty database; opening it again shows what is durable. */
  create(): Promise<{ open(): Promise<StateStore> }>;
  stop(): Promise<void>;
}

export const ENGINES: readonly TestEngine[] = [
  {
    name: 'SQLite',
    async start() {
      const folder = mkdtempSync(join(tmpdir(), 'btz-sqlite-'));
      let databases = 0;
      return {
        async create() {
          databases += 1;
          const path = join(folder, `state-${databases}.db`);
          return { open: () => openSqliteStateStore(path) };
        },
        async stop() {
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  },
  {
    name: 'PostgreSQL',
    missing:
      POSTGRES_BIN === undefined ? 'skipped: PostgreSQL is not installed (Debian: apt install postgresql)' : undefined,
    async start() {
      const server = await startPostgres();
      return {
        async create() {
          const { url } = await server.createDatabase();
          return { open: () => openPostgresStateStore(url) };
        },
        stop: () => server.stop(),
      };
    },
  },
];

export function titleOf({ name, missing }: TestEngine): string {
  return missing ? `${name} (${missing})` : name;
}
