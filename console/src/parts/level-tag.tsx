import { useTranslation } from 'react-i18next';
import { LEVELS, type Level } from '../api/shapes.ts';

/** How bad it is: a word, a colour, and as many bars as it is bad. */
export function LevelTag({ level }: { readonly level: Level }) {
  const { t } = useTranslation();
  const bars = LEVELS.indexOf(level);
  return (
    <span className={`tag level-${level}`} data-level={level}>
      <svg viewBox="0 0 16 12" width="14" height="11" aria-hidden="true">
        {[0, 1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 4}
            y={9 - bar * 3}
            width="3"
            height={3 + bar * 3}
            rx=".8"
            fill="currentColor"
            opacity={bar < bars ? 1 : 0.25}
          />
        ))}
      </svg>
      {t(`words.level.${level}`)}
    </span>
  );
}
