import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrontier, EMPTY_ROOT, leafHash, nodeHash, rootOf } from './tree.ts';

/**
 * The eight inputs of the Certificate Transparency reference tests and the root after each, as published in
 * google/certificate-transparency (merkletree) and transparency-dev/merkle (testonly/constants.go).
 */
const REFERENCE_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const REFERENCE_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the RFC 6962 tree', () => {
  it('has the published root at every size from 0 to 8', () => {
    const frontier = createFrontier();
    const roots = [frontier.root()];
    for (const leaf of REFERENCE_LEAVES) {
      frontier.add(leafHash(leaf));
      roots.push(frontier.root());
    }
    expect(roots.map(hex)).toEqual(REFERENCE_ROOTS);
    expect(hex(EMPTY_ROOT)).toBe(REFERENCE_ROOTS[0]);
  });

  it('agrees with the recursive definition of RFC 9162, 2.1.1, for any number of leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 70 }), (entries) => {
        const hashes = entries.map(leafHash);
        expect(hex(rootOf(hashes))).toBe(hex(mth(hashes)));
      }),
    );
  });

  it('never mistakes an inner node for a leaf, or one order of leaves for another', () => {
    const [a, b] = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))];
    expect(hex(leafHash(Buffer.concat([a, b])))).not.toBe(hex(nodeHash(a, b)));
    expect(hex(rootOf([a, b]))).not.toBe(hex(rootOf([b, a])));
  });
});

function mth(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return EMPTY_ROOT;
  if (hashes.length === 1) return only;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(mth(hashes.slice(0, k)), mth(hashes.slice(k)));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
