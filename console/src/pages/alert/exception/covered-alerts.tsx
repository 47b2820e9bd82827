import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ExceptionProposal } from '../../../api/shapes.ts';
import { useBilingual } from '../../../parts/bilingual.ts';
import { Entities } from '../../../parts/entities.tsx';
import { LevelTag } from '../../../parts/level-tag.tsx';
import { AlertStatusTag } from '../../../parts/tags.tsx';
import { Time } from '../../../parts/time.tsx';

/** Shown in the drawer; the answer has more. */
const LISTED = 5;

interface CoveredAlertsProps {
  readonly alerts: ExceptionProposal['wouldHide']['alerts'];
  readonly count: number;
  /** They are of several rules. */
  readonly withTitle?: boolean;
}

/** The alerts that would have been hidden, the latest few. */
export function CoveredAlerts({ alerts, count, withTitle = false }: CoveredAlertsProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  return (
    <>
      <ul>
        {alerts.slice(0, LISTED).map(({ id, title, entities, level, status, lastMs }) => (
          <li key={id}>
            <span className="would-hide-head">
              <LevelTag level={level} />
              <AlertStatusTag status={status} />
              <Link to={`/alerts/${encodeURIComponent(id)}`} target="_blank">
                {withTitle ? say(title) : <Time ms={lastMs} only="clock" />}
              </Link>
            </span>
            <Entities entities={entities} limit={4} />
          </li>
        ))}
      </ul>
      {count > LISTED ? <p className="muted">{t('exception.wouldHideRest', { count: count - LISTED })}</p> : undefined}
    </>
  );
}
