import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { encodeSignerKey, encodeVerifierKey, generateSigner, type NoteSigner, parseSignerKey } from '@bartizan/tlog';

import { BartizanError, toBartizanError } from '#kit/errors.ts';

const PRIVATE = 0o600;
const PUBLIC = 0o644;

/**
 * The key that signs the evidence log, made at the first start (Ed25519, file mode 0600). Its public half stands beside the
 * log as `verifier.key`. The log keeps the name it was born with: `origin` counts only when the key is made.
 *
 * @throws BTZ_EVIDENCE_KEY_MISSING when there is a log and no key, BTZ_EVIDENCE_KEY_INVALID, BTZ_DATA_UNWRITABLE
 */
export async function openLogKey(keyFile: string, folder: string, origin: string): Promise<NoteSigner> {
  const text = await readIfThere(keyFile);
  const signer = text === undefined ? await makeKey(keyFile, folder, origin) : parseKey(text, keyFile);
  await keepPrivate(keyFile);
  const verifierFile = join(folder, 'verifier.key');
  const verifierKey = `${encodeVerifierKey(signer)}\n`;
  if ((await readIfThere(verifierFile)) !== verifierKey) await writeDurable(verifierFile, verifierKey, PUBLIC);
  return signer;
}

async function makeKey(keyFile: string, folder: string, origin: string): Promise<NoteSigner> {
  if ((await readIfThere(join(folder, 'checkpoint'))) !== undefined) {
    throw new BartizanError('BTZ_EVIDENCE_KEY_MISSING', { keyFile, folder });
  }
  const signer = generateSigner(origin.replace(/[\s+\p{C}]/gu, '-') || 'bartizan');
  await writeDurable(keyFile, `${encodeSignerKey(signer)}\n`, PRIVATE);
  return signer;
}

function parseKey(text: string, keyFile: string): NoteSigner {
  try {
    return parseSignerKey(text.trim());
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_EVIDENCE_KEY_INVALID', { keyFile });
  }
}

async function keepPrivate(keyFile: string): Promise<void> {
  const { mode } = await stat(keyFile);
  if ((mode & 0o077) !== 0) await chmod(keyFile, PRIVATE);
}

/** A key that is signed with but lost in a crash would orphan the log, so it is on disk before it is used. */
async function writeDurable(place: string, text: string, mode: number): Promise<void> {
  const folder = dirname(place);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(`${place}.new`, 'w', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${place}.new`, place);
    const directory = await open(folder, 'r');
    await directory.sync().finally(() => directory.close());
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_DATA_UNWRITABLE', { directory: folder });
  }
}

async function readIfThere(place: string): Promise<string | undefined> {
  try {
    return await readFile(place, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path: place });
  }
}
