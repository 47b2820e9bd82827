import { scalarText } from '../match/fields.ts';

/**
 * The same text in memory of its own. What came out of a larger text may be a slice that keeps all of it alive:
 * concatenating builds a new string, slicing flattens it.
 */
export function ownCopy(text: string): string {
  return ` ${text}`.slice(1);
}

const MAX_LENGTH = 256;
const MAX_VALUES = 100;

/** A field as the text that groups are told apart by; a list as its values, joined. Undefined when nothing is there. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return bounded(value);
  if (Array.isArray(value)) {
    const texts = textsOf(value);
    return texts.length === 0 ? undefined : bounded(texts.join(', '));
  }
  return scalarText(value);
}

/** Each value of a field. */
export function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value))
    return value.slice(0, MAX_VALUES).flatMap((item) => (Array.isArray(item) ? [] : textsOf(item)));
  const text = scalarText(value);
  return text === undefined ? [] : [bounded(text)];
}

/** Long texts are kept by their beginning, length and a hash: memory stays small and different ones stay different. */
function bounded(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `${text.slice(0, MAX_LENGTH - 32)}… ${text.length} ${(hash >>> 0).toString(16)}`;
}
