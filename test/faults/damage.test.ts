import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/journal/sqlite/index.ts';
import { packRecords } from '../../src/kit/records.ts';
import { command, ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';
import { everyEvent } from './every-event.ts';

interface Overview {
  todo: { kind: string; level: string; subject: string }[];
  events: { searchable: number };
}

describe('damaged files', () => {
  const root = mkdtempSync(join(tmpdir(), 'btz-damage-'));
  const folder = join(root, 'data');
  const evidence = join(folder, 'evidence');
  const journal = join(folder, 'journal.db');
  let centre: RunningCentre | undefined;
  let token = '';

  beforeAll(async () => {
    await start();
    token = await ingestToken(running());
    await ingest('before-all');
    await stop();
  });

  afterAll(async () => {
    await stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('a batch of the journal whose bytes are damaged is named and left out, and stops nothing behind it', {
    timeout: 60_000,
  }, async () => {
    await journalWithDamage(['damage-one', bruteForce('203.0.113.51'), 'damage-last']);
    await start();
    await until(() => /batch \d+ is damaged/.test(running().said()), 'the damage is named');
    await until(
      async () => (await find('damage-last')) === 1,
      () => `what came after is found; ${running().said()}`,
    );
    expect(await find('damage-one')).toBe(1);
    await expectDetection('203.0.113.52');
    await stop();
  });

  it('a journal that is none: one clear line, exit 2, and after the remedy old events are found and new ones too', {
    timeout: 60_000,
  }, async () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${journal}${suffix}.aside`, { force: true });
    renameSync(journal, `${journal}.aside`);
    for (const suffix of ['-wal', '-shm']) rmSync(`${journal}${suffix}`, { force: true });
    writeFileSync(journal, 'this is no journal, '.repeat(1_000));
    const { status, stderr, stdout } = command('up', '--only', '--data', folder, '--listen', '127.0.0.1:0');
    expect(stderr.trim().split('\n'), stderr).toHaveLength(1);
    expect(stderr).toMatch(/^BTZ_JOURNAL_UNREADABLE: .*Move the file away/);
    expect([stdout, status]).toEqual(['', 2]);

    rmSync(journal);
    await start();
    await ingest('after-remedy');
    await expectDetection('203.0.113.53');
    expect(await find('before-all'), 'the lake has kept what it had').toBe(1);
    const ids = (await everyEvent(running())).map(({ id }) => id);
    expect(new Set(ids).size, 'an id was given twice').toBe(ids.length);
    await stop();
    await start();
    await ingest('after-another-start');
    await stop();
  });

  it('a state database that is none: one clear line, exit 2', () => {
    const state = join(folder, 'state.db');
    renameSync(state, `${state}.aside`);
    writeFileSync(state, 'this is no database, '.repeat(1_000));
    const { status, stderr, stdout } = command('up', '--only', '--data', folder, '--listen', '127.0.0.1:0');
    expect(stderr.trim().split('\n'), stderr).toHaveLength(1);
    expect(stderr).toMatch(/^BTZ_STATE_UNAVAILABLE: .*state\.db/);
    expect([stdout, status]).toEqual(['', 2]);
    renameSync(`${state}.aside`, state);
  });

  it.each([
    ['a leaf was changed', () => changeByte(newestFile(join(evidence, 'tile', 'entries')))],
    ['a hash was changed', () => changeByte(newestFile(join(evidence, 'tile', '0')))],
    ['the checkpoint was changed', () => changeByte(join(evidence, 'checkpoint'))],
    ['the leaves were removed', () => rmSync(join(evidence, 'tile'), { recursive: true })],
    ['the key was removed', () => rmSync(join(folder, 'evidence.key'))],
  ] as const)(
    'evidence, %s: the centre watches, says so first of all, keeps recording, and signs on once it is put right',
    { timeout: 60_000 },
    async (what, tamper) => {
      const copy = join(root, 'copy');
      cpSync(evidence, join(copy, 'evidence'), { recursive: true });
      cpSync(join(folder, 'evidence.key'), join(copy, 'evidence.key'));
      tamper();
      const isSeenOffline = what !== 'the key was removed';
      if (isSeenOffline) expect(command('log', 'verify', evidence).status).not.toBe(0);

      await start();
      await until(() => /BTZ_EVIDENCE|evidence/i.test(running().said()), 'it says so at the start');
      const { todo } = await running().ask<Overview>('/overview');
      expect(todo[0]).toMatchObject({ kind: 'evidence', level: 'critical' });
      expect(todo[0]?.subject).toMatch(/证据.*\n.*evidence/s);
      await running().ask('/settings', 'PUT', { retentionDays: 100 + Math.floor(Math.random() * 1_000) });
      expect((await send(running(), token, 'syslog', 'web-1 app[1]: taken all the same')).status).toBe(200);
      const { items } = await running().ask<{ items: { kind: string }[] }>('/evidence');
      expect(items.some(({ kind }) => kind === 'setting.changed')).toBe(true);
      await stop();
      if (isSeenOffline) expect(command('log', 'verify', evidence).status, 'it is not made good silently').not.toBe(0);

      rmSync(evidence, { recursive: true });
      cpSync(join(copy, 'evidence'), evidence, { recursive: true });
      cpSync(join(copy, 'evidence.key'), join(folder, 'evidence.key'));
      rmSync(copy, { recursive: true });
      await start();
      await sleep(1_500);
      expect((await running().ask<Overview>('/overview')).todo.some(({ kind }) => kind === 'evidence')).toBe(false);
      await stop();
      const { status, stdout } = command('log', 'verify', evidence);
      expect(stdout).toMatch(/^VERIFIED/);
      expect(status).toBe(0);
    },
  );

  function running(): RunningCentre {
    if (!centre) throw new Error('no centre runs');
    return centre;
  }

  async function start(): Promise<void> {
    centre = await runCentre({ folder, argv: ['--only'] });
  }

  async function stop(): Promise<void> {
    await centre?.stop();
    if (centre) expect(centre.process.exitCode, centre.said()).toBe(0);
    centre = undefined;
  }

  async function ingest(word: string): Promise<void> {
    expect((await send(running(), token, 'syslog', `web-1 app[1]: ${word}`)).status).toBe(200);
    await until(
      async () => (await find(word)) === 1,
      () => `${word} is found; ${running().said()}`,
    );
  }

  async function find(word: string): Promise<number> {
    return (await everyEvent(running(), word).catch(() => [])).length;
  }

  async function expectDetection(address: string): Promise<void> {
    expect((await send(running(), token, 'syslog', bruteForce(address))).status).toBe(200);
    await until(
      async () => {
        const { items } = await running().ask<{ items: { entities: Record<string, string> }[] }>('/alerts?limit=200');
        return items.some(({ entities }) => entities['src_ip'] === address);
      },
      () => `an alert about ${address}; ${running().said()}`,
    );
  }

  /** While no centre runs: batches are appended, and the bytes of the second are damaged on the disk. */
  async function journalWithDamage(texts: readonly string[]): Promise<void> {
    const writer = openJournal(journal);
    const sequences: number[] = [];
    for (const text of texts) {
      const records = packRecords(text.split('\n').map((line) => `web-1 app[1]: ${line}`));
      sequences.push(
        await writer.append({ stream: 'http:sender', format: 'syslog', receivedMs: Date.now(), ...records }),
      );
    }
    writer.close();
    const database = new DatabaseSync(journal);
    database.prepare('UPDATE batch SET body = zeroblob(length(body)) WHERE sequence = ?').run(sequences[1] ?? 0);
    database.close();
  }
});

/** The one that was written last: older tiles stand beside it and count no more. */
function newestFile(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const files = paths.filter((path) => statSync(path).isFile());
  const [newest] = files.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (newest === undefined) throw new Error(`${folder} is empty`);
  return newest;
}

function changeByte(file: string): void {
  const bytes = readFileSync(file);
  const place = Math.floor(bytes.length / 2);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

function bruteForce(address: string): string {
  return Array.from({ length: 30 }, (_, index) => {
    const time = new Date(Date.now() - (30 - index) * 100).toISOString();
    return `${time} web-1 sshd[8]: Failed password for root from ${address} port ${4_000 + index} ssh2`;
  }).join('\n');
}
