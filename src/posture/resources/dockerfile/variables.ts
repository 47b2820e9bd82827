import { unknown, type Value } from '#model/resource.ts';

/** What `ARG` and `ENV` have set so far; `undefined` for one that is declared without a value. */
export type Variables = ReadonlyMap<string, string | undefined>;

/** `$V`, `${V}`, `${V:-default}`, `${V:+other}` replaced. Unknown where a variable has no value, and says which. */
export function expand(text: string, variables: Variables): Value {
  let missing: string | undefined;
  const made = text.replace(
    VARIABLE,
    (
      _all,
      plain: string | undefined,
      braced: string | undefined,
      sign: string | undefined,
      other: string | undefined,
    ) => {
      const name = plain ?? braced ?? '';
      const value = variables.get(name);
      const set = value !== undefined && (value !== '' || !sign?.startsWith(':'));
      if (sign?.endsWith('+')) return set ? (other ?? '') : '';
      if (set) return value;
      if (sign?.endsWith('-')) return other ?? '';
      if (!variables.has(name) || value === undefined) missing ??= name;
      return '';
    },
  );
  if (made.length > MAX_TEXT) return unknown('a text that is too long');
  return missing === undefined ? made : unknown(`build argument "${missing}" has no value`);
}

/** Each variable may name another twice. */
const MAX_TEXT = 10_000;

const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^{}]*))?\})/g;

/** `A=1 B="two words"` or the old `A some words`; one without a value (`ARG A`) has none. */
export function assignments(
  words: readonly string[],
  text: string,
  old: boolean,
): readonly { name: string; value: string | undefined }[] {
  const [first] = words;
  if (first === undefined) return [];
  if (old && !first.includes('='))
    return [{ name: first, value: text.slice(text.indexOf(first) + first.length).trim() }];
  return words.map((word) => {
    const equals = word.indexOf('=');
    return equals === -1
      ? { name: word, value: undefined }
      : { name: word.slice(0, equals), value: word.slice(equals + 1) };
  });
}
