import type { Message } from '#model/notification.ts';

const MAX_VALUE_CHARACTERS = 300;

/**
 * Text that anybody may have put into a log, as one harmless line: no control, invisible or direction-changing
 * character (nothing can look like a line of ours, or read backwards), no scheme that a client makes a link of, and the
 * signs full-width that mention people (`@`) or open a tag (`<`): DingTalk and WeCom know `<@user>`, Feishu `<at …>`.
 */
export function harmless(text: string, maxCharacters = MAX_VALUE_CHARACTERS): string {
  return defanged(oneLine(text, maxCharacters)).replaceAll('@', '＠').replaceAll('<', '＜');
}

/** The same for receivers that take text as text: nothing is replaced that a program may compare. */
export function oneLine(text: string, maxCharacters = MAX_VALUE_CHARACTERS): string {
  const line = text
    .toWellFormed()
    .slice(0, maxCharacters * 2)
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .trim();
  return cutCharacters(line, maxCharacters);
}

/** Shows an address without its being one: what is read is what it is, and nobody gets there with a tap. */
function defanged(text: string): string {
  return text.replaceAll('://', '[:]//').replace(/\bwww\./gi, 'www[.]');
}

/**
 * What fits into so many UTF-8 bytes. Never cuts a character, nor what is drawn as one (an accent from its letter, an
 * emoji from its skin): what is left out is replaced by “…”.
 */
export function cutBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const limit = maxBytes - ELLIPSIS_BYTES;
  if (limit < 0) return '';
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    end += character.length;
  }
  return `${text.slice(0, clusterStart(text, end))}…`;
}

/** The same for providers that count UTF-16 units or characters. */
export function cutCharacters(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const end = Math.max(maxCharacters - 1, 0);
  const isInside = /[\uDC00-\uDFFF]/.test(text[end] ?? '') && end > 0;
  return `${text.slice(0, clusterStart(text, isInside ? end - 1 : end))}…`;
}

const ELLIPSIS_BYTES = 3;
/** Marks stack without end in hostile text: no letter is worth more than these. */
const MAX_MARKS = 16;
const GOES_ON = /^(?:\p{M}|\u200D|\p{Emoji_Modifier})/u;

/** The last place at or before `end` where a drawn character begins. */
function clusterStart(text: string, end: number): number {
  let at = end;
  for (let steps = 0; steps < MAX_MARKS && at > 0; steps += 1) {
    if (!GOES_ON.test(text.slice(at, at + 2)) && text[at - 1] !== '\u200D') return at;
    at -= /[\uDC00-\uDFFF]/.test(text[at - 1] ?? '') && at > 1 ? 2 : 1;
  }
  return at > 0 ? at : end;
}

/**
 * The message as plain lines: title first, the link to the console last; what is between them is cut to fit. The link
 * is ours, everything else is made harmless.
 */
export function plainText(message: Message, maxBytes: number): string {
  const { title, facts, paragraphs, link } = message;
  const head = cutBytes(harmless(title), Math.floor(maxBytes / 4));
  const foot = link === undefined ? '' : `\n${link}`;
  const body = [
    ...facts.map(({ label, value }) => `${label}: ${harmless(value)}`),
    ...paragraphs.map((paragraph) => harmless(paragraph, 1_000)),
  ].join('\n');
  const left = maxBytes - Buffer.byteLength(head) - Buffer.byteLength(foot) - 1;
  return body === '' ? head + foot : `${head}\n${cutBytes(body, left)}${foot}`;
}
