import { mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decodeBundle, logReader, openCheckpoint, parseVerifierKey } from '@bartizan/tlog';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { NewEvidence } from '#model/evidence.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';

import { type EvidenceLog, openEvidenceLog } from './evidence-log.ts';
import { verifyEvidence } from './verify.ts';

let home: string;
let state: StateStore;
let log: EvidenceLog;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'btz-evidence-'));
  state = await openSqliteStateStore(join(home, 'state.db'));
  log = await openTestLog();
});

afterEach(async () => {
  await log.stop();
  await state.close();
  await rm(home, { recursive: true, force: true });
});

describe('the evidence log', () => {
  it('brings what is recorded under a signed checkpoint by itself', async () => {
    await log.start();
    await log.record([leaf('a'), leaf('b')]);
    await until(() => log.status().size === 2);
    expect(log.status().isRunning).toBe(true);
    const verifier = parseVerifierKey((await readFile(join(home, 'evidence/verifier.key'), 'utf8')).trim());
    expect(openCheckpoint(log.status().checkpoint, [verifier], 'bartizan/test').size).toBe(2);
    const { entries } = decodeBundle(await readFile(join(home, 'evidence/tile/entries/000.p/2')));
    expect(entries.map((entry) => JSON.parse(Buffer.from(entry).toString()))).toMatchObject([
      { index: 0, subject: 'a' },
      { index: 1, subject: 'b' },
    ]);
  });

  it('keeps its private key for itself, and the same one at the next start', async () => {
    expect((await stat(join(home, 'evidence.key'))).mode & 0o777).toBe(0o600);
    const { verifierKey } = log.status();
    expect((await openTestLog()).status().verifierKey).toBe(verifierKey);
  });

  it('does not begin a second log over an old one when the key is gone', async () => {
    await log.start();
    await log.record([leaf('a')]);
    await log.flush();
    await unlink(join(home, 'evidence.key'));
    await expect(openTestLog()).rejects.toMatchObject({ code: 'BTZ_EVIDENCE_KEY_MISSING' });
    await expect(stat(join(home, 'evidence.key'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes leaves with the transaction that they belong to, and none of one that was undone', async () => {
    await log.start();
    await state.transaction((queries) => log.record([leaf('kept')], queries));
    const undone = state.transaction(async (queries) => {
      await log.record([leaf('undone')], queries);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await state.evidence.append([leaf('queued by another part')]);
    await log.flush();
    expect(await subjects()).toEqual(['kept', 'queued by another part']);
  });

  it('records before it is started, and goes on where the tree ended', async () => {
    await log.record([leaf('before')]);
    await log.start();
    await log.flush();
    await log.stop();
    await state.evidence.append([leaf('while it was down')]);
    log = await openTestLog();
    await log.start();
    await log.record(Array.from({ length: 300 }, (_, place) => leaf(`${place}`)));
    await log.flush();
    expect(await subjects()).toEqual([
      'before',
      'while it was down',
      ...Array.from({ length: 300 }, (_, place) => `${place}`),
    ]);
    expect((await verifyEvidence(join(home, 'evidence'))).problems).toEqual([]);
  });

  it('brings in what is queued before it stops', async () => {
    await log.start();
    await log.record([leaf('last words')]);
    await log.stop();
    expect(await subjects()).toEqual(['last words']);
  });

  it('stands still and says so when a leaf in its folder is not the queued one, but goes on recording', async () => {
    await log.start();
    await log.record([leaf('a'), leaf('b'), leaf('c')]);
    await log.stop();
    // Another database under the same tree: its second leaf says something else.
    await state.close();
    await rm(join(home, 'state.db'));
    state = await openSqliteStateStore(join(home, 'state.db'));
    await state.evidence.append([leaf('a'), leaf('changed'), leaf('c')]);
    log = await openTestLog();
    await expect(log.start()).rejects.toMatchObject({
      code: 'BTZ_EVIDENCE_INVALID',
      details: { problem: expect.stringContaining('leaf 1') },
    });
    await log.record([leaf('d')]);
    expect(await state.evidence.count()).toBe(4);
    expect(log.status()).toMatchObject({ size: 3, isRunning: false, problem: { code: 'BTZ_EVIDENCE_INVALID' } });
    await expect(log.flush()).rejects.toMatchObject({ code: 'BTZ_EVIDENCE_INVALID' });
  });

  it('says what is wrong while it cannot write, and catches up once it can', async () => {
    await log.start();
    await log.record([leaf('a')]);
    await log.flush();
    const checkpoint = await readFile(join(home, 'evidence/checkpoint'), 'utf8');
    await writeFile(join(home, 'evidence/checkpoint'), 'someone else was here\n');
    await log.record([leaf('b')]);
    await until(() => log.status().problem !== undefined);
    expect(log.status()).toMatchObject({ size: 1, isRunning: false, problem: { code: 'BTZ_EVIDENCE_INVALID' } });
    await writeFile(join(home, 'evidence/checkpoint'), checkpoint);
    await until(() => log.status().size === 2);
    await until(() => log.status().isRunning);
  });

  it('is not stopped by a leaf that is too long for the tree, whoever queued it', async () => {
    await log.start();
    await state.evidence.append([{ ...leaf('long'), details: { line: 'x'.repeat(200_000) } }]);
    await log.record([leaf('after')]);
    await log.flush();
    expect(await subjects()).toEqual(['long', 'after']);
  });
});

function openTestLog(): Promise<EvidenceLog> {
  return openEvidenceLog({
    state,
    folder: join(home, 'evidence'),
    keyFile: join(home, 'evidence.key'),
    origin: 'bartizan/test',
    clock: Date.now,
  });
}

async function until(isSo: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 15_000, interval: 20 });
}

async function subjects(): Promise<readonly string[]> {
  const reader = logReader(join(home, 'evidence'));
  const { size } = log.status();
  const found: string[] = [];
  for (let index = 0; index * 256 < size; index += 1) {
    const { entries } = await reader.bundle(index, Math.min(256, size - index * 256));
    for (const entry of entries) found.push(JSON.parse(Buffer.from(entry).toString()).subject);
  }
  return found;
}

function leaf(subject: string): NewEvidence {
  return { timeMs: 1_790_000_000_000, kind: 'setting.changed', actor: 'user:owner', subject, details: { to: 1 } };
}
