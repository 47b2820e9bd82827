import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { visiblePieces } from './visible-text.ts';

/** Lines longer than this open folded: a log line may be a megabyte. */
const FOLD_CHARACTERS = 2_000;

/** Text of a stranger, as text nodes only, with what is invisible made visible. */
export function RawText({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > FOLD_CHARACTERS;
  const shown = isLong && !isWhole ? text.slice(0, FOLD_CHARACTERS) : text;
  return (
    <>
      <code className="raw-text">
        <VisibleText text={shown} />
        {isLong && !isWhole ? '…' : ''}
      </code>
      {isLong ? (
        <button type="button" className="plain-link" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('common.showLess') : t('common.showMore')}
        </button>
      ) : undefined}
    </>
  );
}

/** The same for one cell of a table: cut after a line's worth, never wrapped. */
export function RawCell({ text, limit = 400 }: { readonly text: string; readonly limit?: number }) {
  if (text === '') return undefined;
  return (
    <span className="raw-cell" title={text.slice(0, 1_000)}>
      <VisibleText text={text.slice(0, limit)} />
    </span>
  );
}

/** Running text that may quote a stranger (a reason with a user's name in it), in the font around it. */
export function VisibleText({ text }: { readonly text: string }) {
  return visiblePieces(text).map((piece, index) =>
    piece.kind === 'text' ? (
      piece.text
    ) : (
      <span key={index} className="control-character" title={piece.text}>
        {piece.text}
      </span>
    ),
  );
}
