import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consistencyProof, inclusionProof, type Subtree, verifyConsistency, verifyInclusion } from './proof.ts';
import { leafHash, rootOf } from './tree.ts';

const LEAVES = Array.from({ length: 300 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
const subtree: Subtree = (height, index) => rootOf(LEAVES.slice(index * 2 ** height, (index + 1) * 2 ** height));
const root = (size: number) => rootOf(LEAVES.slice(0, size));
const leaf = (index: number) => LEAVES[index] ?? new Uint8Array();

const indexAndSize = fc
  .integer({ min: 1, max: LEAVES.length })
  .chain((size) => fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.constant(size)));
const twoSizes = fc
  .integer({ min: 1, max: LEAVES.length })
  .chain((size) => fc.tuple(fc.integer({ min: 1, max: size }), fc.constant(size)));

/** Inclusion paths of the reference leaves, as in the Certificate Transparency reference tests. */
const REFERENCE = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => leafHash(Buffer.from(hex, 'hex')));
const referenceSubtree: Subtree = (height, index) =>
  rootOf(REFERENCE.slice(index * 2 ** height, (index + 1) * 2 ** height));

describe('inclusion proofs', () => {
  it('are the published ones for the reference tree', async () => {
    expect((await inclusionProof(0, 8, referenceSubtree)).map(hex)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect((await inclusionProof(5, 8, referenceSubtree)).map(hex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('verify for every leaf of every tree', async () => {
    await fc.assert(
      fc.asyncProperty(indexAndSize, async ([index, size]) => {
        const proof = await inclusionProof(index, size, subtree);
        expect(verifyInclusion(leaf(index), index, size, proof, root(size))).toBe(true);
      }),
    );
  });

  it('do not verify with any byte flipped, a hash more or less, or for another index', async () => {
    await fc.assert(
      fc.asyncProperty(indexAndSize, fc.nat(), fc.integer({ min: 1, max: 255 }), async ([index, size], at, flip) => {
        const proof = await inclusionProof(index, size, subtree);
        const parts = [leaf(index), root(size), ...proof];
        const [wrongLeaf = leaf(index), wrongRoot = root(size), ...wrongProof] = flipByte(parts, at, flip);
        expect(verifyInclusion(wrongLeaf, index, size, wrongProof, wrongRoot)).toBe(false);
        expect(verifyInclusion(leaf(index), index, size, [...proof, leaf(0)], root(size))).toBe(false);
        if (proof.length > 0) {
          expect(verifyInclusion(leaf(index), index, size, proof.slice(1), root(size))).toBe(false);
          expect(verifyInclusion(leaf(index), (index + 1) % size, size, proof, root(size))).toBe(false);
        }
        expect(verifyInclusion(leaf(index), size, size, proof, root(size))).toBe(false);
      }),
    );
  });

  it('are refused for an entry that the tree does not have', async () => {
    await expect(inclusionProof(8, 8, subtree)).rejects.toMatchObject({ code: 'TLOG_OUT_OF_RANGE' });
    await expect(inclusionProof(-1, 8, subtree)).rejects.toMatchObject({ code: 'TLOG_OUT_OF_RANGE' });
  });
});

describe('consistency proofs', () => {
  it('are the published ones for the reference tree', async () => {
    expect((await consistencyProof(2, 5, referenceSubtree)).map(hex)).toEqual([
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ]);
    expect((await consistencyProof(6, 8, referenceSubtree)).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('verify between any two sizes of one log', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, async ([oldSize, newSize]) => {
        const proof = await consistencyProof(oldSize, newSize, subtree);
        expect(verifyConsistency(oldSize, newSize, proof, root(oldSize), root(newSize))).toBe(true);
      }),
    );
  });

  it('do not verify with any byte flipped or a hash more', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, fc.nat(), fc.integer({ min: 1, max: 255 }), async ([oldSize, newSize], at, flip) => {
        const proof = await consistencyProof(oldSize, newSize, subtree);
        const parts = [root(oldSize), root(newSize), ...proof];
        const [oldRoot = root(oldSize), newRoot = root(newSize), ...wrongProof] = flipByte(parts, at, flip);
        expect(verifyConsistency(oldSize, newSize, wrongProof, oldRoot, newRoot)).toBe(false);
        expect(verifyConsistency(oldSize, newSize, [...proof, leaf(0)], root(oldSize), root(newSize))).toBe(false);
      }),
    );
  });

  it('cannot be made for a log that was rewritten', async () => {
    const rewritten = LEAVES.with(3, leafHash(Buffer.from('forged')));
    const other: Subtree = (height, index) => rootOf(rewritten.slice(index * 2 ** height, (index + 1) * 2 ** height));
    const proof = await consistencyProof(10, 20, other);
    expect(verifyConsistency(10, 20, proof, root(10), rootOf(rewritten.slice(0, 20)))).toBe(false);
  });

  it('are refused towards a shorter log', async () => {
    await expect(consistencyProof(9, 8, subtree)).rejects.toMatchObject({ code: 'TLOG_OUT_OF_RANGE' });
    expect(verifyConsistency(9, 8, [], root(9), root(8))).toBe(false);
  });
});

function flipByte(parts: readonly Uint8Array[], at: number, flip: number): Uint8Array[] {
  const bytes = Buffer.concat(parts);
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ flip;
  return parts.map((_, index) => bytes.subarray(index * 32, index * 32 + 32));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
