import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AlertList, AlertStatus } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { count, dateTime } from '../../parts/figures.ts';
import { VisibleText } from '../../parts/raw-text.tsx';

/** What the list leaves out, and the way to it: nothing is put away without a word. */
export function PutAway({ list, status }: { readonly list: AlertList; readonly status: AlertStatus | undefined }) {
  const { t, i18n } = useTranslation();
  const say = useBilingual();
  const { hidden, heldBack, maintenance } = list;
  if (status === 'hidden' || status === 'held_back')
    return (
      <p className="put-away" data-testid="put-away">
        <span>{t(status === 'hidden' ? 'alerts.showingHidden' : 'alerts.showingHeldBack')}</span>
        <Link to="/alerts">{t('alert.back')}</Link>
        {status === 'hidden' ? <Link to="/alerts/exceptions">{t('exceptions.title')}</Link> : undefined}
      </p>
    );
  return (
    <>
      {hidden > 0 ? (
        <p className="put-away" data-testid="hidden-alerts">
          <span>{t('alerts.hidden', { count: hidden })}</span>
          <Link to="/alerts?status=hidden">{t('alerts.seeThem')}</Link>
          <Link to="/alerts/exceptions">{t('exceptions.title')}</Link>
        </p>
      ) : undefined}
      {maintenance.map(({ id, reason, hidden: held, endsMs, isOver }) => (
        <p key={id} className="put-away" data-testid="maintenance-note">
          <span>
            <VisibleText
              text={t(isOver ? 'alerts.afterMaintenance' : 'alerts.underMaintenance', {
                count: held,
                reason,
                time: dateTime(endsMs, i18n.language),
              })}
            />
          </span>
          <Link to={`/alerts?status=hidden&exception=${encodeURIComponent(id)}`}>{t('alerts.seeThem')}</Link>
        </p>
      ))}
      {heldBack.map(({ ruleId, title, count: held, sinceMs }) => (
        <p key={ruleId} className="put-away" data-testid="held-back">
          <span>
            {t('alerts.heldBack', {
              rule: say(title),
              held: count(held, i18n.language),
              since: dateTime(sinceMs, i18n.language),
            })}
          </span>
          <Link to={`/alerts?status=held_back&rule=${encodeURIComponent(ruleId)}`}>{t('alerts.seeThem')}</Link>
        </p>
      ))}
    </>
  );
}
