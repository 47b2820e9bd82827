import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ExceptionProposal } from '../../../api/shapes.ts';
import { Entities } from '../../../parts/entities.tsx';
import { LevelTag } from '../../../parts/level-tag.tsx';
import { AlertStatusTag } from '../../../parts/tags.tsx';
import { Time } from '../../../parts/time.tsx';

/** Shown in the drawer; the answer has more. */
const LISTED = 5;

interface WouldHideProps {
  readonly proposal: ExceptionProposal;
  /** With everything ticked. */
  readonly narrowestCount: number;
  readonly isStale: boolean;
}

/** The alerts of the last 30 days that the exception would have hidden: the test of a scope is what it swallows. */
export function WouldHide({ proposal: { wouldHide }, narrowestCount, isStale }: WouldHideProps) {
  const { t } = useTranslation();
  const { count, isWhole, ofRule, alerts } = wouldHide;
  const more = count - narrowestCount;
  return (
    <section className={`would-hide${isStale ? ' is-stale' : ''}`} aria-live="polite">
      <p data-testid="would-hide" data-count={count}>
        <b>{t(isWhole ? 'exception.wouldHide' : 'exception.wouldHideAtLeast', { count, of: ofRule })}</b>
        {more > 0 ? <span className="tag tone-warn">{t('exception.wouldHideMore', { count: more })}</span> : undefined}
      </p>
      <ul>
        {alerts.slice(0, LISTED).map(({ id, entities, level, status, lastMs }) => (
          <li key={id}>
            <span className="would-hide-head">
              <LevelTag level={level} />
              <AlertStatusTag status={status} />
              <Link to={`/alerts/${encodeURIComponent(id)}`} target="_blank">
                <Time ms={lastMs} only="clock" />
              </Link>
            </span>
            <Entities entities={entities} limit={4} />
          </li>
        ))}
      </ul>
      {count > LISTED ? <p className="muted">{t('exception.wouldHideRest', { count: count - LISTED })}</p> : undefined}
    </section>
  );
}
