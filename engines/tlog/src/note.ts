import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { TlogError } from './errors.ts';

/** Signature type 0x01: Ed25519 over the note text (C2SP signed-note, “Ed25519 signatures”). */
const ED25519 = 0x01;
const SEED_BYTES = 32;
const SIGNATURE_BYTES = 64;
const MAX_NOTE_CHARACTERS = 1_000_000;
const MAX_SIGNATURES = 100;
/** DER around a raw Ed25519 key (RFC 8410, section 7 and 4). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export interface NoteVerifier {
  readonly name: string;
  /** The first four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key), as 8 hex digits. */
  readonly keyId: string;
  readonly publicKey: Uint8Array;
  verify(text: string, signature: Uint8Array): boolean;
}

export interface NoteSigner extends NoteVerifier {
  /** The private key's 32 bytes; never to be shown. */
  readonly seed: Uint8Array;
  sign(text: string): Uint8Array;
}

export interface Note {
  /** With its final line feed. */
  readonly text: string;
  /** The known keys whose signatures fit. */
  readonly signedBy: readonly NoteVerifier[];
}

/** A new key. @throws TlogError TLOG_KEY_MALFORMED when the name is empty or has a space or `+` in it. */
export function generateSigner(name: string): NoteSigner {
  const { privateKey } = generateKeyPairSync('ed25519');
  return signerOf(name, privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8_PREFIX.length));
}

/** `name+keyId+base64(0x01 ‖ public key)`: what a stranger needs to verify. */
export function encodeVerifierKey(verifier: NoteVerifier): string {
  return `${verifier.name}+${verifier.keyId}+${base64(Buffer.from([ED25519, ...verifier.publicKey]))}`;
}

/** `PRIVATE+KEY+name+keyId+base64(0x01 ‖ seed)`, as Go's note package writes it. */
export function encodeSignerKey(signer: NoteSigner): string {
  return `PRIVATE+KEY+${signer.name}+${signer.keyId}+${base64(Buffer.from([ED25519, ...signer.seed]))}`;
}

/** @throws TlogError TLOG_KEY_MALFORMED */
export function parseVerifierKey(text: string): NoteVerifier {
  const { name, keyId, key } = parseKey(text);
  return withKeyId(verifierOf(name, key), keyId);
}

/** @throws TlogError TLOG_KEY_MALFORMED */
export function parseSignerKey(text: string): NoteSigner {
  if (!text.startsWith('PRIVATE+KEY+')) throw malformedKey('it does not begin with PRIVATE+KEY');
  const { name, keyId, key } = parseKey(text.slice('PRIVATE+KEY+'.length));
  return withKeyId(signerOf(name, key), keyId);
}

/**
 * Signs a text (C2SP signed-note, “Format”).
 *
 * @throws TlogError TLOG_NOTE_MALFORMED when the text does not end in a line feed or has control characters.
 */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const problem = textProblem(text);
  if (problem) throw malformedNote(problem);
  const lines = signers.map(
    (signer) =>
      `— ${signer.name} ${base64(Buffer.from([...Buffer.from(signer.keyId, 'hex'), ...signer.sign(text)]))}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

/**
 * Reads a signed note. Signatures of unknown keys are ignored; one of a known key that does not fit refuses the note.
 *
 * @throws TlogError TLOG_NOTE_MALFORMED, TLOG_SIGNATURE_INVALID, TLOG_SIGNATURE_MISSING
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): Note {
  if (note.length > MAX_NOTE_CHARACTERS) throw malformedNote('it is too long');
  const separator = note.lastIndexOf('\n\n');
  if (separator < 0) throw malformedNote('no empty line before the signatures');
  const text = note.slice(0, separator + 1);
  const problem = textProblem(text);
  if (problem) throw malformedNote(problem);
  const lines = note.slice(separator + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0) throw malformedNote('no signature line that ends');
  if (lines.length > MAX_SIGNATURES) throw malformedNote('too many signatures');
  const signedBy = new Set<NoteVerifier>();
  for (const { name, keyId, signature } of lines.map(parseSignatureLine)) {
    const verifier = verifiers.find((known) => known.name === name && known.keyId === keyId);
    if (!verifier || signedBy.has(verifier)) continue;
    if (!verifier.verify(text, signature)) throw new TlogError('TLOG_SIGNATURE_INVALID', { key: `${name}+${keyId}` });
    signedBy.add(verifier);
  }
  if (signedBy.size === 0) throw new TlogError('TLOG_SIGNATURE_MISSING');
  return { text, signedBy: [...signedBy] };
}

function parseSignatureLine(line: string): { name: string; keyId: string; signature: Uint8Array } {
  const match = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line);
  const [, name = '', encoded = ''] = match ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (!isKeyName(name) || bytes.length < 5 || base64(bytes) !== encoded) throw malformedNote('a bad signature line');
  return { name, keyId: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) };
}

function textProblem(text: string): string | undefined {
  if (!text.endsWith('\n')) return 'the text does not end in a line feed';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) return 'control characters';
  return text.isWellFormed() && !text.includes('\ufffd') ? undefined : 'it is not UTF-8';
}

function parseKey(text: string): { name: string; keyId: string; key: Uint8Array } {
  const [, name = '', keyId = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (base64(bytes) !== encoded) throw malformedKey('its parts cannot be read');
  if (bytes[0] !== ED25519 || bytes.length !== 1 + SEED_BYTES) throw malformedKey('it is of another algorithm');
  return { name, keyId, key: bytes.subarray(1) };
}

function signerOf(name: string, seed: Uint8Array): NoteSigner {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  return {
    ...verifierOf(name, publicKey),
    seed,
    sign: (text) => sign(null, Buffer.from(text), privateKey),
  };
}

function verifierOf(name: string, publicKey: Uint8Array): NoteVerifier {
  if (!isKeyName(name)) throw malformedKey('its name is empty or has a space or + in it');
  const key: KeyObject = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return {
    name,
    keyId: hash('sha256', Buffer.from([...Buffer.from(`${name}\n`), ED25519, ...publicKey])).slice(0, 8),
    publicKey,
    verify: (text, signature) =>
      signature.length === SIGNATURE_BYTES && verify(null, Buffer.from(text), key, signature),
  };
}

function withKeyId<Key extends NoteVerifier>(key: Key, keyId: string): Key {
  if (key.keyId !== keyId) throw malformedKey('its id does not fit its name and bytes');
  return key;
}

function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+\u0000-\u001f\u0085]/u.test(name) && name.isWellFormed();
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function malformedNote(problem: string): TlogError {
  return new TlogError('TLOG_NOTE_MALFORMED', { problem });
}

function malformedKey(problem: string): TlogError {
  return new TlogError('TLOG_KEY_MALFORMED', { problem });
}
