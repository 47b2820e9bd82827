import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { migrate } from '../state/migrate.ts';
import { MIGRATIONS } from '../state/migrations.ts';
import type { StateSchema } from '../state/schema.ts';
import { nodeSqliteDialect } from './dialect.ts';
import { openSqliteStateStore } from './index.ts';

const CHILD = fileURLToPath(new URL('crash-child.ts', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'btz-sqlite-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the state in a SQLite file', () => {
  test('killed again and again, it has every pair that was reported, no half pair and no gap', async () => {
    const path = join(folder, 'killed.db');
    let reported = -1;
    for (let kill = 0; kill < 5; kill += 1) {
      reported = Math.max(reported, await lastReported(path, 40 + kill * 35));
      const store = await openSqliteStateStore(path);
      const count = await store.evidence.count();
      const indexes = (await store.evidence.read(0, 100_000)).map((leaf) => leaf.index);
      expect(indexes).toEqual(indexes.map((_, place) => place));
      expect(count % 2).toBe(0);
      expect(count).toBeGreaterThan(reported);
      expect((await store.checkpoints.get('pairs'))?.sequence).toBe(count - 1);
      await store.close();
    }
    expect(reported).toBeGreaterThan(100);
  });

  test('is in write-ahead mode, so that readers never wait for the writer', async () => {
    const path = join(folder, 'settings.db');
    const store = await openSqliteStateStore(path);
    const database = new DatabaseSync(path);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
    await store.close();
  });

  test('of a newer program is refused, and nothing in it is touched', async () => {
    const path = join(folder, 'newer.db');
    await (await openSqliteStateStore(path)).close();
    const database = new DatabaseSync(path);
    database.exec(`INSERT INTO schema_version VALUES (${MIGRATIONS.length + 1}, 'from the future', 1)`);
    database.close();
    await expect(openSqliteStateStore(path)).rejects.toMatchObject({ code: 'BTZ_STATE_TOO_NEW' });
  });

  test('a migration that fails halfway leaves the old schema', async () => {
    const database = new DatabaseSync(':memory:');
    const db = new Kysely<StateSchema>({ dialect: nodeSqliteDialect(database, ':memory:') });
    expect(await migrate(db, async () => {})).toBe(MIGRATIONS.length);
    const broken = {
      name: 'broken',
      up: async (inside: Kysely<StateSchema>) => {
        await sql`create table half (id integer)`.execute(inside);
        await sql`insert into nowhere values (1)`.execute(inside);
      },
    };
    await expect(migrate(db, async () => {}, [...MIGRATIONS, broken])).rejects.toMatchObject({ code: 'BTZ_INTERNAL' });
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE name = 'half'`).all();
    expect(tables).toEqual([]);
    expect(await migrate(db, async () => {})).toBe(MIGRATIONS.length);
    await db.destroy();
  });

  test('a file that is no database, and a folder that is not there, are said so', async () => {
    const path = join(folder, 'not.db');
    writeFileSync(path, 'this is not a database, but it is long enough to look like one'.repeat(50));
    await expect(openSqliteStateStore(path)).rejects.toMatchObject({ code: 'BTZ_STATE_UNAVAILABLE' });
    await expect(openSqliteStateStore(join(folder, 'nowhere', 'x.db'))).rejects.toMatchObject({
      code: 'BTZ_STATE_UNAVAILABLE',
    });
  });

  test('held by another process for too long, it says so without stopping this one', async () => {
    const path = join(folder, 'held.db');
    const store = await openSqliteStateStore(path);
    const rival = new DatabaseSync(path);
    rival.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const clock = setInterval(() => {
      turns += 1;
    }, 10);
    await expect(store.settings.set('a', 1, 1)).rejects.toMatchObject({ code: 'BTZ_STATE_UNAVAILABLE' });
    clearInterval(clock);
    expect(turns).toBeGreaterThan(20);
    rival.exec('COMMIT');
    rival.close();
    await store.settings.set('a', 2, 1);
    expect(await store.settings.get('a')).toBe(2);
    await store.close();
  });
});

/** Runs the child for a while after its first report, kills it, and answers the last index that it reported. */
async function lastReported(path: string, killAfterMs: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (text === '') setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    text += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  const whole = text.slice(0, text.lastIndexOf('\n')).split('\n').map(Number);
  return Math.max(...whole);
}
