import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Evidence } from '#model/evidence.ts';

import { decodeLeaf, encodeLeaf, tidyLeaf } from './leaf.ts';

const LEAF: Evidence = {
  index: 7,
  timeMs: 1_790_000_000_000,
  kind: 'action.done',
  actor: 'user:owner',
  subject: 'action-1',
  details: { verb: 'block', target: '203.0.113.9' },
};

describe('a leaf of evidence', () => {
  it('is canonical JSON with its index in it', () => {
    expect(Buffer.from(encodeLeaf(LEAF)).toString()).toBe(
      '{"actor":"user:owner","details":{"target":"203.0.113.9","verb":"block"},"index":7,"kind":"action.done","subject":"action-1","timeMs":1790000000000}',
    );
  });

  it('always fits a bundle and reads back canonical, whatever is in it', () => {
    const text = fc.string({ maxLength: 70_000, unit: 'binary' });
    fc.assert(
      fc.property(text, text, fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (subject, long, details, index) => {
        const leaf: Evidence = { ...LEAF, index, subject, actor: long, details: { ...details, long } };
        const entry = encodeLeaf(leaf);
        expect(entry.length).toBeLessThanOrEqual(65_535);
        expect(decodeLeaf(entry)).toMatchObject({ isCanonical: true, leaf: { index } });
        expect(Buffer.compare(encodeLeaf({ ...tidyLeaf(leaf), index }), entry)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('of which the details are too long keeps their beginning, length and hash', () => {
    const details = { line: '\u0000'.repeat(60_000) };
    expect(tidyLeaf({ ...LEAF, details }).details).toMatchObject({ shortened: { bytes: 360_011 } });
    expect(encodeLeaf({ ...LEAF, details, subject: '\u0000'.repeat(5_000) }).length).toBeLessThan(65_535);
  });

  it.each([
    ['other bytes for the same value', '{ "actor":"a","details":{},"index":0,"kind":"k","subject":"s","timeMs":1}'],
    ['members in another order', '{"index":0,"actor":"a","details":{},"kind":"k","subject":"s","timeMs":1}'],
    ['a member twice', '{"actor":"b","actor":"a","details":{},"index":0,"kind":"k","subject":"s","timeMs":1}'],
    ['a member too many', '{"actor":"a","details":{},"index":0,"kind":"k","more":1,"subject":"s","timeMs":1}'],
  ])('with %s is not canonical', (_, text) => {
    expect(decodeLeaf(Buffer.from(text))).toMatchObject({ isCanonical: false });
  });

  it.each([
    ['no JSON', '{"actor":'],
    ['no index', '{"actor":"a","details":{},"kind":"k","subject":"s","timeMs":1}'],
    ['a negative index', '{"actor":"a","details":{},"index":-1,"kind":"k","subject":"s","timeMs":1}'],
    ['details that are a list', '{"actor":"a","details":[],"index":0,"kind":"k","subject":"s","timeMs":1}'],
    ['nesting without end', '['.repeat(65_000)],
  ])('with %s is none', (_, text) => {
    expect(decodeLeaf(Buffer.from(text))).toBeUndefined();
  });
});
