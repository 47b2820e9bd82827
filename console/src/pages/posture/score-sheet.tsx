import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ScoredTarget } from '../../api/shapes.ts';
import { count } from '../../parts/figures.ts';
import { RawCell } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { findingsLink } from './findings-link.ts';
import { gradeOf, points } from './grade.ts';
import { ScoreHistory } from './score-history.tsx';
import { ScoreRing } from './score-ring.tsx';
import { Unread } from './unread.tsx';

/** The score of what was scanned, what it is made of, and how it went. */
export function ScoreSheet({ target }: { readonly target: ScoredTarget }) {
  const { t, i18n } = useTranslation();
  const { scan, history } = target;
  const { counts } = scan;
  const link = (verdict: 'fail' | 'unknown') => findingsLink({ target: scan.target, verdict });
  return (
    <div className="score-sheet">
      <Section title={t('posture.score')} help={t('posture.scoreHelp')}>
        <div className="score-line">
          <ScoreRing score={scan.score} />
          <div className="score-words">
            <strong data-testid="posture-grade">{t(`posture.grade.${gradeOf(scan.score)}`)}</strong>
            <p className="score-counts">
              <Link to={link('fail')} data-testid="count-fail">
                {t('posture.fail', { count: counts.fail ?? 0 })}
              </Link>
              {counts.unknown ? (
                <Link to={link('unknown')}>{t('posture.unknown', { count: counts.unknown })}</Link>
              ) : undefined}
              <span className="muted">{t('posture.pass', { count: counts.pass ?? 0 })}</span>
            </p>
            <div className="muted">
              {t(`posture.kind.${scan.kind}`)} <RawCell text={scan.target} limit={300} />
            </div>
            <div className="muted">
              {t('posture.checked', { count: scan.checks, resources: count(scan.resources, i18n.language) })} ·{' '}
              <Time ms={scan.endedMs} only="clock" />
            </div>
          </div>
        </div>
        {scan.capped > 0 ? (
          <p className="score-note is-warning" data-testid="score-capped">
            {t('posture.capped', { points: points(scan.capped, i18n.language) })}
          </p>
        ) : undefined}
        {scan.atWorst < scan.score ? (
          <p className="score-note">{t('posture.atWorst', { score: points(scan.atWorst, i18n.language) })}</p>
        ) : undefined}
        {scan.problemCount > 0 ? <Unread scanId={scan.id} count={scan.problemCount} /> : undefined}
      </Section>
      <Section title={t('posture.history')}>
        <ScoreHistory history={history} />
      </Section>
    </div>
  );
}
