import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundlePath, decodeBundle, encodeBundle, tilePath, tileWidthAt } from './tiles.ts';

describe('tile paths', () => {
  it('are those of the specification', () => {
    expect(tilePath(0, 1234067)).toBe('tile/0/x001/x234/067');
    expect(tilePath(2, 0, 1)).toBe('tile/2/000.p/1');
    expect(tilePath(1, 999)).toBe('tile/1/999');
    expect(bundlePath(1000, 255)).toBe('tile/entries/x001/000.p/255');
  });
});

describe('the tiles of a tree', () => {
  it('of 70,000 entries are those that the specification counts', () => {
    expect([tileWidthAt(0, 272, 70_000), tileWidthAt(0, 273, 70_000), tileWidthAt(0, 274, 70_000)]).toEqual([
      256, 112, 0,
    ]);
    expect([tileWidthAt(1, 0, 70_000), tileWidthAt(1, 1, 70_000)]).toEqual([256, 17]);
    expect([tileWidthAt(2, 0, 70_000), tileWidthAt(3, 0, 70_000)]).toEqual([1, 0]);
  });
});

describe('an entry bundle', () => {
  it('gives back any entries that were put in', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 }), (entries) => {
        const { entries: read, whole } = decodeBundle(encodeBundle(entries));
        expect(whole).toBe(true);
        expect(read.map(plain)).toEqual(entries.map(plain));
      }),
    );
  });

  it('says when it ends within an entry, and leaves that one out', () => {
    const bundle = encodeBundle([Buffer.from('first'), Buffer.from('second')]);
    const { entries, whole } = decodeBundle(bundle.subarray(0, bundle.length - 1));
    expect(whole).toBe(false);
    expect(entries.map(plain)).toEqual([plain(Buffer.from('first'))]);
  });

  it('holds an entry of 65,535 bytes and refuses a longer one', () => {
    expect(decodeBundle(encodeBundle([Buffer.alloc(65_535)])).entries[0]).toHaveLength(65_535);
    expect(() => encodeBundle([Buffer.alloc(65_536)])).toThrow(
      expect.objectContaining({ code: 'TLOG_ENTRY_TOO_LARGE' }),
    );
  });
});

function plain(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
