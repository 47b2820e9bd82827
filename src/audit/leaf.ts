import { hash } from 'node:crypto';

import { MAX_ENTRY_BYTES } from '@bartizan/tlog';

import { isJsonObject } from '#kit/json.ts';
import type { Evidence, NewEvidence } from '#model/evidence.ts';

import { canonicalJson } from './canonical-json.ts';

/** Leaves as long as this and shorter are kept whole; the rest is room for the index and what surrounds the details. */
const MAX_DETAILS_BYTES = 48_000;
const MAX_NAME_CHARACTERS = 1_000;
const SHORTENED_CHARACTERS = 4_000;

/**
 * What the tree hashes: the leaf as canonical JSON, in the form that `tidyLeaf` gives it. Never longer than an entry may be,
 * whoever queued the leaf.
 */
export function encodeLeaf(leaf: Evidence): Uint8Array {
  return Buffer.from(canonicalJson({ ...tidyLeaf(leaf), index: leaf.index }));
}

/** What can be said of an entry of a log that may be forged. */
export interface ReadLeaf {
  /** Of a kind that may be unknown to this version. */
  readonly leaf: Omit<Evidence, 'kind'> & { readonly kind: string };
  /** False when other bytes would say the same: then nobody of ours wrote it. */
  readonly isCanonical: boolean;
}

/** Reads an entry; undefined when it is no leaf of evidence at all. */
export function decodeLeaf(entry: Uint8Array): ReadLeaf | undefined {
  const value = readJson(Buffer.from(entry).toString('utf8'));
  if (!isJsonObject(value)) return undefined;
  const { index, timeMs, kind, actor, subject, details } = value;
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0 || typeof timeMs !== 'number')
    return undefined;
  if (typeof kind !== 'string' || typeof actor !== 'string' || typeof subject !== 'string') return undefined;
  if (!isJsonObject(details)) return undefined;
  const isCanonical = Buffer.compare(Buffer.from(canonicalJson(value)), entry) === 0 && Object.keys(value).length === 6;
  return { leaf: { index, timeMs, kind, actor, subject, details }, isCanonical };
}

/**
 * A leaf as it will be queued and hashed: plain JSON that fits a bundle. Details that are too long are shortened to their
 * beginning with the length and SHA-256 of the whole, so that nothing an attacker writes keeps a decision from being
 * recorded.
 */
export function tidyLeaf(leaf: NewEvidence): NewEvidence {
  const text = canonicalJson(leaf.details);
  const bytes = Buffer.byteLength(text);
  const details =
    bytes <= MAX_DETAILS_BYTES
      ? text
      : canonicalJson({
          shortened: {
            bytes,
            sha256: hash('sha256', text),
            start: text.slice(0, SHORTENED_CHARACTERS).toWellFormed(),
          },
        });
  return {
    timeMs: leaf.timeMs,
    kind: leaf.kind,
    actor: shorten(leaf.actor),
    subject: shorten(leaf.subject),
    details: JSON.parse(details) as Record<string, unknown>,
  };
}

/** The longest leaf that `tidyLeaf` lets through: escapes make six bytes of a character. */
const LONGEST_LEAF_BYTES = MAX_DETAILS_BYTES + 2 * 6 * (MAX_NAME_CHARACTERS + 1) + 200;
if (LONGEST_LEAF_BYTES > MAX_ENTRY_BYTES) throw new RangeError('a leaf may outgrow its bundle');

function shorten(name: string): string {
  const text = name.toWellFormed();
  return text.length <= MAX_NAME_CHARACTERS ? text : `${text.slice(0, MAX_NAME_CHARACTERS - 1).toWellFormed()}…`;
}

/** An entry is at most 64 KB and V8 reads nesting without recursion, so any text may be tried. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
