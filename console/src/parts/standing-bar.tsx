import { useTranslation } from 'react-i18next';
import { CLAUSE_STATUSES, type ClauseStatus } from '../api/shapes.ts';
import './standing-bar.css';

type Standing = Partial<Record<ClauseStatus, number>>;

/** How many clauses stand how, as a thin bar. */
export function StandingBar({ standing }: { readonly standing: Standing }) {
  const { t } = useTranslation();
  const there = CLAUSE_STATUSES.filter((status) => (standing[status] ?? 0) > 0);
  const alt = there.map((status) => `${t(`frameworks.status.${status}`)} ${standing[status]}`).join(', ');
  return (
    <span className="standing-bar" role="img" aria-label={alt} title={alt}>
      {there.map((status) => (
        <i key={status} className={`standing-${status}`} style={{ flexGrow: standing[status] }} />
      ))}
    </span>
  );
}

/** The words for the colours. */
export function StandingLegend({ standing }: { readonly standing?: Standing }) {
  const { t } = useTranslation();
  const shown = CLAUSE_STATUSES.filter((status) => standing === undefined || (standing[status] ?? 0) > 0);
  return (
    <p className="standing-legend">
      {shown.map((status) => (
        <span key={status}>
          <i className={`chart-mark standing-${status}`} />
          {t(`frameworks.status.${status}`)}
          {standing === undefined ? undefined : <b> {standing[status]}</b>}
        </span>
      ))}
    </p>
  );
}

export function ClauseStatusTag({ status }: { readonly status: ClauseStatus }) {
  const { t } = useTranslation();
  return (
    <span className="tag clause-status" data-status={status}>
      <i className={`chart-mark standing-${status}`} />
      {t(`frameworks.status.${status}`)}
    </span>
  );
}
