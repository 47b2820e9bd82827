/** A piece of text that may be shown as it is, or the name of characters that must be made visible. */
export interface TextPiece {
  readonly kind: 'text' | 'control';
  readonly text: string;
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'NUL',
  7: 'BEL',
  8: 'BS',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
};

/**
 * C0 and C1 controls, line and paragraph separators, zero-width characters, and the marks that turn the direction of
 * writing (Unicode TR 36: they make text read as other than it is), the replacement character of bytes that were no UTF-8.
 */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Splits log text so that nothing in it can hide, move the cursor, or turn the line around. Loses no character. */
export function visiblePieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let shownTo = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > shownTo) pieces.push({ kind: 'text', text: text.slice(shownTo, match.index) });
    pieces.push({ kind: 'control', text: controlName(match[0]) });
    shownTo = match.index + match[0].length;
  }
  if (shownTo < text.length) pieces.push({ kind: 'text', text: text.slice(shownTo) });
  return pieces;
}

/** `ESC`, `LF` … or `U+202E`. */
export function controlName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
