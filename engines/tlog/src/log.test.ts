import { fork } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCheckpoint } from './checkpoint.ts';
import { openLog } from './log.ts';
import { generateSigner, type NoteSigner, openNote, parseSignerKey } from './note.ts';
import { verifyConsistency, verifyInclusion } from './proof.ts';
import { leafHash, rootOf } from './tree.ts';

const ORIGIN = 'log.example/test';
const SIGNER_KEY = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const signer = parseSignerKey(SIGNER_KEY);
const folders: string[] = [];

describe('a log on disk', () => {
  it('gives back what was appended, proves it, and goes on after being opened again', async () => {
    const folder = await newFolder();
    let log = await openTestLog(folder);
    const sizes = [1, 254, 1, 1, 600, 3];
    for (const count of sizes) {
      await log.append(entries(log.size(), count));
      if (count === 600) log = await openTestLog(folder);
    }
    expect(log.size()).toBe(860);
    const { checkpoint } = log.checkpoint();
    expect(hex(checkpoint.rootHash)).toBe(hex(rootOf(entries(0, 860).map(leafHash))));
    for (const index of [0, 255, 256, 511, 859]) {
      const entry = await log.entry(index);
      expect(entry.toString()).toBe(entryAt(index).toString());
      const proof = await log.inclusionProof(index);
      expect(verifyInclusion(leafHash(entry), index, 860, proof, checkpoint.rootHash)).toBe(true);
    }
    const old = rootOf(entries(0, 255).map(leafHash));
    expect(verifyConsistency(255, 860, await log.consistencyProof(255), old, checkpoint.rootHash)).toBe(true);
  });

  it('has the files of the C2SP layout, and no partial tile where the full one stands', async () => {
    const folder = await newFolder();
    const log = await openTestLog(folder);
    for (let round = 0; round < 70; round += 1) await log.append(entries(log.size(), 1000));
    expect(await readdir(join(folder, 'tile'))).toEqual(['0', '1', '2', 'entries']);
    expect((await readdir(join(folder, 'tile/0'))).at(-1)).toBe('273.p');
    expect(await readdir(join(folder, 'tile/0'))).toHaveLength(274);
    expect(await readdir(join(folder, 'tile/0/273.p'))).toContain('112');
    expect(await readdir(join(folder, 'tile/1'))).toEqual(['000', '001.p']);
    expect(await readdir(join(folder, 'tile/2'))).toEqual(['000.p']);
    const { text } = openNote(await readFile(join(folder, 'checkpoint'), 'utf8'), [signer]);
    expect(parseCheckpoint(text).size).toBe(70_000);
  });

  it('lets appends that come at once take turns', async () => {
    const log = await openTestLog(await newFolder());
    const results = await Promise.all([1, 2, 3, 4].map((count) => log.append(entries(0, count))));
    expect(results.map(({ firstIndex }) => firstIndex)).toEqual([0, 1, 3, 6]);
    expect(log.size()).toBe(10);
  });

  it('adds nothing when one of the entries is too long', async () => {
    const log = await openTestLog(await newFolder());
    await log.append(entries(0, 2));
    await expect(log.append([entryAt(2), Buffer.alloc(65_536)])).rejects.toMatchObject({
      code: 'TLOG_ENTRY_TOO_LARGE',
    });
    expect(log.size()).toBe(2);
    await expect(log.entry(2)).rejects.toMatchObject({ code: 'TLOG_OUT_OF_RANGE' });
  });

  it('is not opened with another key, under another name, or with a tile changed', async () => {
    const folder = await newFolder();
    await (await openTestLog(folder)).append(entries(0, 10));
    await expect(openTestLog(folder, generateSigner('other'))).rejects.toMatchObject({
      code: 'TLOG_SIGNATURE_MISSING',
    });
    await expect(openLog({ folder, origin: 'other', signer })).rejects.toMatchObject({ code: 'TLOG_ORIGIN_DIFFERS' });
    const tile = await readFile(join(folder, 'tile/0/000.p/10'));
    await writeFile(join(folder, 'tile/0/000.p/10'), tile.with(5, (tile[5] ?? 0) ^ 1));
    await expect(openTestLog(folder)).rejects.toMatchObject({ code: 'TLOG_ROOT_DIFFERS' });
  });

  it('notices a second writer instead of forking the log', async () => {
    const folder = await newFolder();
    const [first, second] = [await openTestLog(folder), await openTestLog(folder)];
    await first.append(entries(0, 1));
    await expect(second.append([Buffer.from('forked')])).rejects.toMatchObject({ code: 'TLOG_CHANGED_UNDERNEATH' });
    expect((await openTestLog(folder)).size()).toBe(1);
  });

  it('goes on after a write that failed, without a gap', async () => {
    const folder = await newFolder();
    const { diskFiles } = await import('./files.ts');
    const real = diskFiles(folder);
    let isFull = false;
    const full = async () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    const log = await openLog({
      folder,
      origin: ORIGIN,
      signer,
      files: { ...real, replace: (path, bytes) => (isFull ? full() : real.replace(path, bytes)) },
    });
    await log.append(entries(0, 300));
    isFull = true;
    await expect(log.append(entries(300, 300))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(log.size()).toBe(300);
    isFull = false;
    await log.append(entries(300, 5));
    expect(hex(log.checkpoint().checkpoint.rootHash)).toBe(hex(rootOf(entries(0, 305).map(leafHash))));
  });
});

/** How many file operations one append of the child can have; the matrix kills it before, in and after each. */
const KILL_POINTS = 14;

describe('kill -9', () => {
  it.each(Array.from({ length: KILL_POINTS }, (_, point) => [point]))(
    'at file operation %i of an append leaves a consistent log that goes on',
    async (point) => {
      const folder = await newFolder();
      await (await openTestLog(folder)).append(entries(0, 250));
      const acknowledged = await appendUntilKilled(folder, point);
      const log = await openTestLog(folder);
      const size = log.size();
      expect(size).toBeGreaterThanOrEqual(acknowledged);
      expect(hex(log.checkpoint().checkpoint.rootHash)).toBe(hex(rootOf(entries(0, size).map(leafHash))));
      await log.append(entries(size, 600));
      for (const index of [0, 249, 250, size - 1, size, size + 599]) {
        expect((await log.entry(index)).toString()).toBe(entryAt(index).toString());
      }
      expect(hex(log.checkpoint().checkpoint.rootHash)).toBe(hex(rootOf(entries(0, size + 600).map(leafHash))));
    },
  );
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Runs a writer that dies by SIGKILL at the given operation, half-way through the bytes; answers what it acknowledged. */
async function appendUntilKilled(folder: string, point: number): Promise<number> {
  const child = fork(new URL('./log.crash.ts', import.meta.url), [folder, ORIGIN, SIGNER_KEY, String(point)]);
  let acknowledged = 0;
  child.on('message', (size) => {
    acknowledged = Number(size);
  });
  const signal = await new Promise((resolve) => child.on('exit', (_, name) => resolve(name)));
  expect(signal).toBe('SIGKILL');
  return acknowledged;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tlog-'));
  folders.push(folder);
  return folder;
}

function openTestLog(folder: string, key: NoteSigner = signer) {
  return openLog({ folder, origin: ORIGIN, signer: key });
}

function entries(from: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, place) => entryAt(from + place));
}

function entryAt(index: number): Uint8Array {
  return Buffer.from(`{"index":${index},"kind":"test"}`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
