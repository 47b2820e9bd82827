import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import {
  encodeSignerKey,
  encodeVerifierKey,
  generateSigner,
  openNote,
  parseSignerKey,
  parseVerifierKey,
  signNote,
} from './note.ts';

/** Vectors of golang.org/x/mod/sumdb/note (note_test.go), the package that the format comes from. */
const SIGNER_KEY = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const VERIFIER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const OTHER_VERIFIER_KEY = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const OTHER_SIGNATURE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

const verifier = parseVerifierKey(VERIFIER_KEY);

describe('a signed note', () => {
  it('is the published one, byte for byte', () => {
    expect(signNote(TEXT, [parseSignerKey(SIGNER_KEY)])).toBe(`${TEXT}\n${SIGNATURE}`);
    expect(encodeVerifierKey(parseSignerKey(SIGNER_KEY))).toBe(VERIFIER_KEY);
    expect(encodeSignerKey(parseSignerKey(SIGNER_KEY))).toBe(SIGNER_KEY);
  });

  it('is believed when a known key signed it, whoever else did', () => {
    const note = `${TEXT}\n${SIGNATURE}${OTHER_SIGNATURE}`;
    expect(openNote(note, [verifier])).toEqual({ text: TEXT, signedBy: [verifier] });
    expect(openNote(note, [verifier, parseVerifierKey(OTHER_VERIFIER_KEY)]).signedBy).toHaveLength(2);
  });

  it('is not believed without a signature of a known key', () => {
    expect(() => openNote(`${TEXT}\n${OTHER_SIGNATURE}`, [verifier])).toThrow(
      expect.objectContaining({ code: 'TLOG_SIGNATURE_MISSING' }),
    );
  });

  it('is refused as a whole when the signature of a known key does not fit', () => {
    expect(() => openNote(`${TEXT.replace('answer', 'Answer')}\n${SIGNATURE}`, [verifier])).toThrow(
      expect.objectContaining({ code: 'TLOG_SIGNATURE_INVALID' }),
    );
  });

  it.each([
    ['no signatures', TEXT],
    ['an empty signature block', `${TEXT}\n`],
    ['a last line that does not end', `${TEXT}\n${SIGNATURE.slice(0, -1)}`],
    ['a control character', `\u0001${TEXT}\n${SIGNATURE}`],
    ['bytes that are no UTF-8', `${Buffer.from([0xff]).toString('utf8')}${TEXT}\n${SIGNATURE}`],
    ['a space in the key name', `${TEXT}\n${SIGNATURE.replace('PeterNeumann', 'Peter Neumann')}`],
    ['a line after the signatures', `${TEXT}\n${SIGNATURE}Unexpected line.\n`],
    ['a hundred and one signatures', `${TEXT}\n${SIGNATURE.repeat(101)}`],
  ])('is refused with %s', (_, note) => {
    expect(() => openNote(note, [verifier])).toThrow(expect.objectContaining({ code: 'TLOG_NOTE_MALFORMED' }));
  });

  it('never opens to another text, whichever byte is flipped', () => {
    const note = Buffer.from(`${TEXT}\n${SIGNATURE}`);
    fc.assert(
      fc.property(fc.nat({ max: note.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const flipped = Buffer.from(note);
        flipped[place] = (flipped[place] ?? 0) ^ flip;
        expect(() => openNote(flipped.toString('utf8'), [verifier])).toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

describe('a verifier key', () => {
  it('is refused when any part of it is missing or changed', () => {
    for (let place = 0; place < VERIFIER_KEY.length; place += 1) {
      const next = String.fromCharCode(VERIFIER_KEY.charCodeAt(place) + 1);
      expect(() => parseVerifierKey(VERIFIER_KEY.slice(0, place) + next + VERIFIER_KEY.slice(place + 1))).toThrow();
      expect(() => parseVerifierKey(VERIFIER_KEY.slice(0, place))).toThrow();
    }
  });

  it.each([
    ['a key of the wrong length', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['another algorithm', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  ])('is refused with %s', (_, key) => {
    expect(() => parseVerifierKey(key)).toThrow(expect.objectContaining({ code: 'TLOG_KEY_MALFORMED' }));
  });

  it('is refused a name with a space or a plus in it', () => {
    expect(() => generateSigner('a b')).toThrow(expect.objectContaining({ code: 'TLOG_KEY_MALFORMED' }));
    expect(() => generateSigner('a+b')).toThrow(expect.objectContaining({ code: 'TLOG_KEY_MALFORMED' }));
  });
});

describe('a checkpoint', () => {
  /** The example of C2SP tlog-checkpoint. */
  const EXAMPLE = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

  it('is read and written as in the specification', () => {
    const checkpoint = parseCheckpoint(EXAMPLE);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
    expect(formatCheckpoint(checkpoint)).toBe(EXAMPLE);
    expect(parseCheckpoint(`${EXAMPLE}an extension\n`)).toEqual(checkpoint);
  });

  it('of another log is not taken for this one', () => {
    const signer = generateSigner('example.com/a');
    const note = signCheckpoint({ ...parseCheckpoint(EXAMPLE), origin: 'example.com/a' }, signer);
    expect(openCheckpoint(note, [signer], 'example.com/a').size).toBe(20852163);
    expect(() => openCheckpoint(note, [signer], 'example.com/b')).toThrow(
      expect.objectContaining({ code: 'TLOG_ORIGIN_DIFFERS' }),
    );
  });

  it.each([
    ['a leading zero', EXAMPLE.replace('20852163', '020852163')],
    ['a negative size', EXAMPLE.replace('20852163', '-1')],
    ['a size past 2^53', EXAMPLE.replace('20852163', '9007199254740993')],
    ['a short root', EXAMPLE.replace('CsUY', '')],
    ['no root', 'origin\n1\n'],
    ['an empty origin', EXAMPLE.replace('example.com/behind-the-sofa', '')],
    ['an empty extension line', `${EXAMPLE}\n`],
  ])('is refused with %s', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(expect.objectContaining({ code: 'TLOG_CHECKPOINT_MALFORMED' }));
  });
});
