import { useTranslation } from 'react-i18next';
import { dateTime } from '../../parts/figures.ts';
import { gradeOf, points } from './grade.ts';
import { placesOf, type ScoredMoment } from './history-line.ts';

const WIDTH = 350;
const HEIGHT = 150;
const LEFT = 34;
const TOP = 10;
const BOTTOM = 26;
const RIGHT = 12;
const LINES = [0, 50, 100] as const;

/** The scores of the scans of one target, oldest first. */
export function ScoreHistory({ history }: { readonly history: readonly ScoredMoment[] }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last || history.length < 2) return <p className="muted">{t('posture.historyOne')}</p>;
  const places = placesOf(history, { width: WIDTH, height: HEIGHT });
  const alt = t('posture.historyAlt', {
    count: history.length,
    first: points(first.score, language),
    last: points(last.score, language),
  });
  return (
    <svg
      className="score-history"
      viewBox={`0 0 ${LEFT + WIDTH + RIGHT} ${TOP + HEIGHT + BOTTOM}`}
      role="img"
      aria-label={alt}
      data-testid="score-history"
    >
      {LINES.map((line) => {
        const y = TOP + (1 - line / 100) * HEIGHT;
        return (
          <g key={line}>
            <line x1={LEFT} x2={LEFT + WIDTH} y1={y} y2={y} className="history-grid" />
            <text x={LEFT - 8} y={y + 4} textAnchor="end">
              {line}
            </text>
          </g>
        );
      })}
      <polyline points={places.map(({ x, y }) => `${LEFT + x},${TOP + y}`).join(' ')} className="history-line" />
      {places.map(({ x, y }, at) => {
        const moment = history[at];
        return moment ? (
          <circle
            key={`${moment.endedMs} ${at}`}
            cx={LEFT + x}
            cy={TOP + y}
            r={at === places.length - 1 ? 5 : 3.5}
            className={`history-point grade-${gradeOf(moment.score)}`}
          >
            <title>{`${dateTime(moment.endedMs, language)} · ${points(moment.score, language)}`}</title>
          </circle>
        ) : undefined;
      })}
      <text x={LEFT} y={TOP + HEIGHT + 20}>
        {dateTime(first.endedMs, language)}
      </text>
      <text x={LEFT + WIDTH} y={TOP + HEIGHT + 20} textAnchor="end">
        {dateTime(last.endedMs, language)}
      </text>
    </svg>
  );
}
