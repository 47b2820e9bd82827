import { useTranslation } from 'react-i18next';
import type { ExceptionProposal } from '../../../api/shapes.ts';
import { CoveredAlerts } from './covered-alerts.tsx';

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
      <CoveredAlerts alerts={alerts} count={count} />
    </section>
  );
}
