import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  decodeBundle,
  encodeBundle,
  encodeVerifierKey,
  generateSigner,
  leafHash,
  openLog,
  rootOf,
} from '@bartizan/tlog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Evidence } from '#model/evidence.ts';

import { logVerify } from '../cli/log-verify.ts';
import { addToHistory } from './history.ts';
import { encodeLeaf } from './leaf.ts';
import { verifyEvidence } from './verify.ts';

const SIZE = 700;
const BUNDLES = ['000', '001', '002.p/188'] as const;
const signer = generateSigner('bartizan/test');
let home: string;
/** A log of 700 leaves, signed after 1, 300, 699 and 700. */
let original: string;
let copies = 0;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'btz-verify-'));
  original = join(home, 'original');
  await writeLog(
    original,
    Array.from({ length: SIZE }, (_, index) => leafAt(index)),
    [1, 299, 399, 1],
  );
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe('verifying a copied log', () => {
  it('finds nothing wrong with a true one', async () => {
    const report = await verifyEvidence(await copy());
    expect(report).toMatchObject({
      verdict: 'verified',
      size: SIZE,
      origin: 'bartizan/test',
      problems: [],
      keyFrom: 'folder',
    });
    expect([report.firstTimeMs, report.lastTimeMs]).toEqual([leafAt(0).timeMs, leafAt(SIZE - 1).timeMs]);
  });

  it('names the leaf in which a byte was changed', async () => {
    const folder = await copy();
    await editEntries(folder, (entries) => entries.with(311, replaceIn(entries[311], '203.0.113.55', '203.0.113.56')));
    await expectProblems(folder, [
      { kind: 'leaf_changed', index: 311, leaf: { kind: 'action.done', subject: 'action-311' } },
    ]);
  });

  it('names the leaf that was removed, with all others moved up', async () => {
    const folder = await copy();
    await editEntries(folder, (entries) => entries.toSpliced(42, 1));
    await expectProblems(folder, [{ kind: 'leaf_removed', index: 42 }]);
  });

  it('names the leaf that was removed from its bundle alone, and the last one of all', async () => {
    const folder = await copy();
    await editBundle(folder, '001', (entries) => entries.toSpliced(0, 1));
    await editBundle(folder, '002.p/188', (entries) => entries.slice(0, -1));
    await expectProblems(folder, [
      { kind: 'leaf_removed', index: 256 },
      { kind: 'leaf_removed', index: 699 },
    ]);
  });

  it('names the place where a leaf was inserted', async () => {
    const folder = await copy();
    const forged = encodeLeaf({ ...leafAt(500), subject: 'never happened' });
    await editEntries(folder, (entries) => entries.toSpliced(500, 0, forged));
    await expectProblems(folder, [{ kind: 'leaf_inserted', index: 500, leaf: { subject: 'never happened' } }]);
  });

  it('names the leaf that was inserted a second time', async () => {
    const folder = await copy();
    await editEntries(folder, (entries) => entries.toSpliced(20, 0, entries[3] ?? new Uint8Array()));
    await expectProblems(folder, [{ kind: 'leaf_inserted', index: 20, leaf: { subject: 'action-3' } }]);
  });

  it('names the leaf that was put in another place', async () => {
    const folder = await copy();
    await editEntries(folder, (entries) => {
      const [moved = new Uint8Array()] = entries.slice(100, 101);
      return entries.toSpliced(100, 1).toSpliced(400, 0, moved);
    });
    await expectProblems(folder, [{ kind: 'leaf_reordered', index: 100, leaf: { subject: 'action-100' } }]);
  });

  it('names each of several leaves', async () => {
    const folder = await copy();
    await editEntries(folder, (entries) =>
      entries
        .with(5, Buffer.from('{}'))
        .with(600, replaceIn(entries[600], 'user:owner', 'user:nobody'))
        .toSpliced(200, 2),
    );
    const kinds = (await verifyEvidence(folder)).problems.map(({ kind, index }) => `${kind} ${index}`);
    expect(kinds.sort()).toEqual(['leaf_changed 5', 'leaf_changed 600', 'leaf_removed 200', 'leaf_removed 201']);
  });

  it('finds any single flipped byte, wherever it is in the folder', async () => {
    const files = (await readdir(original, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
    for (const [turn, { parentPath, name }] of files.entries()) {
      const path = join(parentPath, name).slice(original.length + 1);
      // Neither the history nor partial tiles of older checkpoints are part of what the newest signature covers.
      if (path === 'history' || path === 'verifier.key' || /\.p\/(?!188$|2$)/.test(path)) continue;
      const folder = await copy();
      const bytes = await readFile(join(folder, path));
      const place = (turn * 7919 + 13) % bytes.length;
      await writeFile(join(folder, path), bytes.with(place, (bytes[place] ?? 0) ^ 1));
      expect((await verifyEvidence(folder)).verdict, `${path} at ${place}`).toBe('tampered');
    }
  });

  it('says which leaves cannot be read when a bundle is gone or cannot be taken apart', async () => {
    const folder = await copy();
    await rm(join(folder, 'tile/entries/001'));
    const torn = await readFile(join(folder, 'tile/entries/000'));
    await writeFile(join(folder, 'tile/entries/000'), torn.with(0, 0x7f));
    await expectProblems(folder, [
      { kind: 'bundle_unreadable', index: 0 },
      { kind: 'bundle_unreadable', index: 256 },
    ]);
  });

  it('names the leaf even when the hash tiles were made to fit, by the checkpoints of the history', async () => {
    const forged = Array.from({ length: SIZE }, (_, index) => leafAt(index)).with(699, {
      ...leafAt(699),
      actor: 'user:nobody',
    });
    const folder = await copyWithTilesOf(forged);
    await expectProblems(folder, [{ kind: 'leaf_changed', index: 699 }, { kind: 'root_differs' }]);
  });

  it('names a removed leaf by its neighbours when the hash tiles were made to fit', async () => {
    const cut = Array.from({ length: SIZE + 1 }, (_, index) => leafAt(index)).toSpliced(310, 1);
    const folder = await copyWithTilesOf(cut);
    await expectProblems(folder, [
      { kind: 'leaf_removed', index: 310 },
      { kind: 'leaf_inserted' },
      { kind: 'root_differs' },
    ]);
  });

  it('finds a hash tile that was changed though all leaves are true', async () => {
    const folder = await copy();
    const tile = await readFile(join(folder, 'tile/0/001'));
    await writeFile(join(folder, 'tile/0/001'), tile.with(77, (tile[77] ?? 0) ^ 1));
    const report = await verifyEvidence(folder);
    expect(report.verdict).toBe('tampered');
    expect(report.problems.every(({ kind }) => kind === 'tile_damaged' || kind === 'root_differs')).toBe(true);
  });

  it('finds a signed leaf that is not canonical or has another’s index', async () => {
    const folder = join(home, 'odd');
    const log = await openLog({ folder, origin: signer.name, signer });
    await log.append([encodeLeaf(leafAt(0)), Buffer.from(JSON.stringify(leafAt(1))), encodeLeaf(leafAt(3))]);
    await writeFile(join(folder, 'verifier.key'), encodeVerifierKey(signer));
    await expectProblems(folder, [
      { kind: 'leaf_malformed', index: 1 },
      { kind: 'leaf_malformed', index: 2 },
    ]);
  });
});

describe('a log that was written anew with its own key', () => {
  it('is found by an older checkpoint that was kept elsewhere', async () => {
    const trusted = join(home, 'trusted');
    await cp(join(original, 'checkpoint'), trusted);
    const leaves = Array.from({ length: SIZE + 50 }, (_, index) => leafAt(index));
    const honest = join(home, 'honest');
    await writeLog(honest, leaves, [750]);
    expect(await verifyEvidence(honest, { checkpointFile: trusted })).toMatchObject({
      verdict: 'verified',
      comparedWith: { size: SIZE },
    });
    const rewritten = join(home, 'rewritten');
    await writeLog(rewritten, leaves.with(8, { ...leafAt(8), subject: 'nothing happened' }), [750]);
    expect((await verifyEvidence(rewritten)).verdict).toBe('verified');
    const report = await verifyEvidence(rewritten, { checkpointFile: trusted });
    expect(report).toMatchObject({ verdict: 'tampered', problems: [{ kind: 'log_rewritten' }] });
  });

  it('is found by its own history where that was left', async () => {
    const folder = join(home, 'rewritten-with-history');
    await writeLog(folder, [leafAt(0), { ...leafAt(1), subject: 'nothing happened' }, leafAt(2)], [3]);
    const log = await openLog({ folder: join(home, 'before'), origin: signer.name, signer });
    await addToHistory(folder, (await log.append([leafAt(0), leafAt(1)].map(encodeLeaf))).note);
    await expectProblems(folder, [{ kind: 'log_rewritten', index: 0 }]);
  });

  it('and is shorter is found too', async () => {
    const folder = join(home, 'shorter');
    await writeLog(folder, [leafAt(0), leafAt(1)], [2]);
    const report = await verifyEvidence(folder, { checkpointFile: join(original, 'checkpoint') });
    expect(report.problems).toMatchObject([{ kind: 'log_cut_back', index: 2 }]);
  });

  it('and with another key is found by the key that was kept, and by the checkpoint', async () => {
    const folder = join(home, 'other-key');
    const other = generateSigner(signer.name);
    await writeLog(folder, [leafAt(0)], [1], other);
    expect((await verifyEvidence(folder)).verdict).toBe('verified');
    expect(await verifyEvidence(folder, { verifierKey: encodeVerifierKey(signer) })).toMatchObject({
      verdict: 'tampered',
      problems: [{ kind: 'checkpoint_invalid' }],
    });
    const report = await verifyEvidence(folder, { checkpointFile: join(original, 'checkpoint') });
    expect(report).toMatchObject({ verdict: 'tampered', problems: [{ kind: 'key_differs' }] });
  });
});

describe('what cannot be verified at all', () => {
  it.each([
    ['a folder that is not there', (folder: string) => rm(folder, { recursive: true })],
    ['a folder without a checkpoint', (folder: string) => rm(join(folder, 'checkpoint'))],
    ['a folder without a key', (folder: string) => rm(join(folder, 'verifier.key'))],
    ['a key that is none', (folder: string) => writeFile(join(folder, 'verifier.key'), 'no key')],
  ])('is %s', async (_, spoil) => {
    const folder = await copy();
    await spoil(folder);
    await expect(verifyEvidence(folder)).rejects.toMatchObject({ code: 'BTZ_INPUT_UNREADABLE' });
  });

  it('is an older checkpoint that is none', async () => {
    const checkpointFile = join(home, 'no-checkpoint');
    await writeFile(checkpointFile, 'hello\n');
    await expect(verifyEvidence(original, { checkpointFile })).rejects.toMatchObject({ code: 'BTZ_INPUT_UNREADABLE' });
  });
});

describe('bartizan log verify', () => {
  it('prints one clear result and answers 0 for a true log, 1 for a changed one', async () => {
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    expect(await logVerify(original, {}, print)).toBe(0);
    expect(lines[0]).toMatch(/^VERIFIED: 700 leaves of bartizan\/test \(2026-/);
    const folder = await copy();
    await editEntries(folder, (entries) => entries.with(1, replaceIn(entries[1], 'action-1', 'action-\u001b[31m')));
    lines.length = 0;
    expect(await logVerify(folder, {}, print)).toBe(1);
    expect(lines.join('\n')).toContain('leaf 1 was changed');
    expect(lines.join('\n')).not.toContain('\u001b');
    lines.length = 0;
    expect(await logVerify(folder, { format: 'json' }, print)).toBe(1);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ verdict: 'tampered', problemCount: 1 });
  });
});

async function expectProblems(folder: string, problems: readonly object[]): Promise<void> {
  const report = await verifyEvidence(folder);
  expect(report.problems).toMatchObject(problems);
  expect(report).toMatchObject({ verdict: 'tampered', problemCount: problems.length });
}

async function copy(): Promise<string> {
  copies += 1;
  const folder = join(home, `copy-${copies}`);
  await cp(original, folder, { recursive: true });
  return folder;
}

/** A copy with the entries and hash tiles of other leaves below the original's checkpoint. */
async function copyWithTilesOf(leaves: readonly Evidence[]): Promise<string> {
  const folder = await copy();
  const forged = join(home, `forged-${copies}`);
  await writeLog(forged, leaves, [leaves.length]);
  await rm(join(folder, 'tile'), { recursive: true });
  await cp(join(forged, 'tile'), join(folder, 'tile'), { recursive: true });
  expect(rootOf(leaves.map((leaf) => leafHash(encodeLeaf(leaf))))).toHaveLength(32);
  return folder;
}

async function writeLog(
  folder: string,
  leaves: readonly Evidence[],
  batches: readonly number[],
  key = signer,
): Promise<void> {
  const log = await openLog({ folder, origin: key.name, signer: key });
  for (const count of batches) {
    const { note } = await log.append(leaves.slice(log.size(), log.size() + count).map(encodeLeaf));
    await addToHistory(folder, note);
  }
  await writeFile(join(folder, 'verifier.key'), `${encodeVerifierKey(key)}\n`);
}

/** Edits all entries as one list and packs them anew; what is left over goes into the last bundle. */
async function editEntries(
  folder: string,
  edit: (entries: readonly Uint8Array[]) => readonly Uint8Array[],
): Promise<void> {
  const all: Uint8Array[] = [];
  for (const name of BUNDLES) all.push(...decodeBundle(await readFile(join(folder, 'tile/entries', name))).entries);
  const edited = edit(all);
  for (const [index, name] of BUNDLES.entries()) {
    const end = index === BUNDLES.length - 1 ? undefined : (index + 1) * 256;
    await writeFile(join(folder, 'tile/entries', name), encodeBundle(edited.slice(index * 256, end)));
  }
}

async function editBundle(
  folder: string,
  name: string,
  edit: (entries: readonly Uint8Array[]) => readonly Uint8Array[],
) {
  const path = join(folder, 'tile/entries', name);
  await writeFile(path, encodeBundle(edit(decodeBundle(await readFile(path)).entries)));
}

function replaceIn(entry: Uint8Array | undefined, from: string, to: string): Uint8Array {
  const text = Buffer.from(entry ?? []).toString();
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to));
}

function leafAt(index: number): Evidence {
  return {
    index,
    timeMs: 1_790_000_000_000 + index * 1_000,
    kind: 'action.done',
    actor: 'user:owner',
    subject: `action-${index}`,
    details: { verb: 'block', target: `203.0.113.${index % 256}` },
  };
}
