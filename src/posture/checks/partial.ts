import { isUnknown, type Unknown, UNKNOWN_PART, unknown, type Value } from '#model/resource.ts';
import type { ValueTest } from './condition.ts';

/** JSON of at most 1 MB; `null` members are left out, as they are in attributes. `undefined` for what is none. */
export function readJson(text: string): Value | undefined {
  if (text.length > 1_000_000) return;
  try {
    return JSON.parse(text, (_key, member: Value | null) => (member === null ? undefined : member)) as Value;
  } catch {
    return;
  }
}

/** What is known of a JSON text with unknown parts: the document, with an unknown wherever such a part is. */
export function readPartialJson(value: Unknown): Value | undefined {
  if (value.partial === undefined || value.partial === UNKNOWN_PART) return;
  const read = readJson(value.partial);
  return read === undefined ? undefined : withUnknown(read, value);
}

function withUnknown(value: Value, whole: Unknown): Value {
  if (typeof value === 'string') {
    return value.includes(UNKNOWN_PART) ? unknown(whole.reason, whole.references, value) : value;
  }
  if (Array.isArray(value)) return (value as readonly Value[]).map((one) => withUnknown(one, whole));
  if (typeof value !== 'object' || isUnknown(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withUnknown(one as Value, whole)]));
}

const COMPARISONS = new Set(['is', 'is_not', 'in', 'not_in', 'any_case', 'default']);

/**
 * A text that stands for a partly known one in a test that only compares it with whole texts, when its known beginning
 * and end already tell it from each of them: `acs:oss:*:*:<bucket>/*` is not `*`, whatever the bucket.
 */
export function tellApart(value: Unknown, test: ValueTest): string | undefined {
  const { partial } = value;
  if (partial === undefined || Object.keys(test).some((word) => !COMPARISONS.has(word))) return;
  const fold = (text: string): string => (test.any_case === true ? text.toLowerCase() : text);
  const parts = fold(partial).split(UNKNOWN_PART);
  const [start, end] = [parts[0] ?? '', parts.at(-1) ?? ''];
  const wanted = [test.is, test.is_not, ...(test.in ?? []), ...(test.not_in ?? [])].filter((one) => one !== undefined);
  const couldBe = (text: string): boolean =>
    text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
  return wanted.some((one) => couldBe(fold(String(one)))) ? undefined : partial;
}

/** A list with each partly known text replaced that can be told apart from what the test compares it with. */
export function toldApart(list: readonly Value[], test: ValueTest): readonly Value[] {
  if (!list.some(isUnknown)) return list;
  return list.map((one) => (isUnknown(one) ? (tellApart(one, test) ?? one) : one));
}
