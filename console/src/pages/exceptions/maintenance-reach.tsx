import { useTranslation } from 'react-i18next';
import type { MaintenanceProposal } from '../../api/shapes.ts';
import { CoveredAlerts } from '../alert/exception/covered-alerts.tsx';

/** What the window would have hidden in the last 30 days, and what it puts away at once. */
export function MaintenanceReach({
  proposal: { wouldHide, putsAway },
  isStale,
}: {
  readonly proposal: MaintenanceProposal;
  readonly isStale: boolean;
}) {
  const { t } = useTranslation();
  const { count, ofRule, isWhole, alerts } = wouldHide;
  return (
    <section className={`would-hide${isStale ? ' is-stale' : ''}`} aria-live="polite">
      <p data-testid="would-hide" data-count={count}>
        <b>{t(isWhole ? 'maintenance.would' : 'maintenance.wouldAtLeast', { count, of: ofRule })}</b>
        {putsAway > 0 ? (
          <span className="tag tone-warn">{t('maintenance.putsAway', { count: putsAway })}</span>
        ) : undefined}
      </p>
      <CoveredAlerts alerts={alerts} count={count} withTitle />
    </section>
  );
}
