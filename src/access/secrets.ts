import { createHash, randomBytes } from 'node:crypto';

/** 192 random bits, safe in a URL. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** What is kept of a secret: it is random, so one fast hash is enough. Hex. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A short random name for a row. */
export function newId(): string {
  return randomBytes(9).toString('base64url');
}
