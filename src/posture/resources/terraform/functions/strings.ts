import { type Cell, failed, isList, objectOf, textOf } from '../evaluate/value.ts';
import { deep, type FunctionTable, onTexts } from './define.ts';
import { format, formatList } from './format.ts';

const MAX_TEXT = 1_000_000;

/** Functions on texts. */
export const STRING_FUNCTIONS: FunctionTable = {
  chomp: onTexts((text = '') => text.replace(/(?:\r?\n)+$/, '')),
  endswith: onTexts((text = '', end = '') => text.endsWith(end)),
  format: deep((args) => format(args)),
  formatlist: deep((args) => formatList(args)),
  indent: deep(([spaces, text]) => indent(Number(spaces), textOf(text ?? null))),
  join: deep(([separator, ...lists]) => join(textOf(separator ?? null), lists)),
  lower: onTexts((text = '') => text.toLowerCase()),
  regex: onTexts((pattern = '', text = '') => matched(expressionOf(pattern)?.exec(text))),
  regexall: onTexts((pattern = '', text = '') => all(pattern, text)),
  replace: onTexts((text = '', what = '', by = '') => replace(text, what, by)),
  split: onTexts((separator = '', text = '') => (text === '' && separator !== '' ? [''] : text.split(separator))),
  startswith: onTexts((text = '', start = '') => text.startsWith(start)),
  strcontains: onTexts((text = '', part = '') => text.includes(part)),
  strrev: onTexts((text = '') =>
    [...new Intl.Segmenter().segment(text)]
      .map(({ segment }) => segment)
      .reverse()
      .join(''),
  ),
  substr: deep(([text, from, length]) => substring(textOf(text ?? null), Number(from), Number(length))),
  title: onTexts((text = '') =>
    text.replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  ),
  trim: onTexts((text = '', chars = '') => trimmed(text, chars, true, true)),
  trimleft: onTexts((text = '', chars = '') => trimmed(text, chars, true, false)),
  trimright: onTexts((text = '', chars = '') => trimmed(text, chars, false, true)),
  trimprefix: onTexts((text = '', prefix = '') =>
    prefix !== '' && text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  trimsuffix: onTexts((text = '', suffix = '') =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  trimspace: onTexts((text = '') => text.trim()),
  upper: onTexts((text = '') => text.toUpperCase()),
  tostring: deep(([value]) =>
    value === null || value === undefined ? null : (textOf(value) ?? failed('this has no text')),
  ),
};

function indent(spaces: number, text: string | undefined): Cell {
  if (text === undefined || !(spaces >= 0 && spaces <= 1_000)) return failed('indent needs a number and a text');
  const made = text.replaceAll('\n', `\n${' '.repeat(spaces)}`);
  return made.length > MAX_TEXT ? failed('the text is too long') : made;
}

function join(separator: string | undefined, lists: readonly Cell[]): Cell {
  if (separator === undefined || !lists.every(isList)) return failed('join needs a text and lists');
  const texts = (lists as readonly (readonly Cell[])[]).flat().map(textOf);
  if (!texts.every((text) => text !== undefined)) return failed('join needs lists of texts');
  const size = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
  return size > MAX_TEXT ? failed('the text is too long') : texts.join(separator);
}

function substring(text: string | undefined, from: number, length: number): Cell {
  if (text === undefined) return failed('substr needs a text');
  const letters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  const start = from < 0 ? Math.max(0, letters.length + from) : from;
  return letters.slice(start, length < 0 ? undefined : start + length).join('');
}

function trimmed(text: string, chars: string, left: boolean, right: boolean): string {
  const set = new Set(chars);
  const letters = [...text];
  let [from, to] = [0, letters.length];
  if (left) while (from < to && set.has(letters[from] as string)) from++;
  if (right) while (to > from && set.has(letters[to - 1] as string)) to--;
  return letters.slice(from, to).join('');
}

function replace(text: string, what: string, by: string): Cell {
  const pattern =
    what.length > 1 && what.startsWith('/') && what.endsWith('/') ? expressionOf(what.slice(1, -1)) : undefined;
  const made = pattern
    ? text.replace(
        new RegExp(pattern.source, `${pattern.flags}g`),
        by.replace(/\$\{(\w+)\}/g, (_, name) => (/^\d+$/.test(name) ? `$${name}` : `$<${name}>`)),
      )
    : text.replaceAll(what, () => by);
  return made.length > MAX_TEXT ? failed('the text is too long') : made;
}

const POSIX: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: '\\s',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
  punct: '!-\\/:-@\\[-`{-~',
};

/** RE2’s syntax in JavaScript’s, for what both can do. What is hostile ends in the linear engine (the launcher’s flag). */
function expressionOf(pattern: string): RegExp | undefined {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const source = pattern
    .slice(flags?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
    .replace(/\[:(\w+):\]/g, (all, name) => POSIX[name] ?? all);
  return new RegExp(source, flags?.[1] ?? '');
}

function matched(found: RegExpExecArray | null | undefined): Cell {
  if (!found) return failed('the pattern does not match');
  if (found.groups) return objectOf(Object.entries(found.groups).map(([name, text]) => [name, text ?? null] as const));
  return found.length > 1 ? found.slice(1).map((text) => text ?? null) : found[0];
}

function all(pattern: string, text: string): Cell {
  const expression = expressionOf(pattern);
  if (!expression) return failed('the pattern is not understood');
  return [...text.matchAll(new RegExp(expression.source, `${expression.flags}g`))].map(matched);
}
