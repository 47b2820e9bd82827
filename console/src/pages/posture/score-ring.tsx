import { useTranslation } from 'react-i18next';
import { gradeOf, points } from './grade.ts';

const RADIUS = 52;
const ROUND = 2 * Math.PI * RADIUS;

/** A number of 0–100, with a ring that is as full. */
export function ScoreRing({ score }: { readonly score: number }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={`score-ring grade-${gradeOf(score)}`}>
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle cx="60" cy="60" r={RADIUS} className="score-ring-track" />
        <circle
          cx="60"
          cy="60"
          r={RADIUS}
          className="score-ring-full"
          strokeDasharray={`${(Math.max(0, score) / 100) * ROUND} ${ROUND}`}
          transform="rotate(-90 60 60)"
        />
      </svg>
      <span>
        <b data-testid="posture-score">{points(score, i18n.language)}</b>
        <small>{t('posture.outOf')}</small>
      </span>
    </div>
  );
}
