import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AlertPage } from '../../../api/shapes.ts';
import { Actor } from '../../../parts/entities.tsx';
import { dateTime } from '../../../parts/figures.ts';
import { VisibleText } from '../../../parts/raw-text.tsx';

/** Why this alert is put away, by whom; or what of it is folded in here, until when. */
export function Known({ page: { alert, exception, quiet } }: { readonly page: AlertPage }) {
  const { t, i18n } = useTranslation();
  const at = (ms: number) => dateTime(ms, i18n.language);
  const { repeats } = alert;
  return (
    <>
      {alert.status === 'hidden' ? (
        <p className="put-away" data-testid="alert-hidden">
          <span>{exception ? t(`exception.hiddenAs.${exception.kind}`) : t('exception.hiddenHere')}</span>
          {exception ? (
            <span>
              <Actor name={exception.owner} />: <VisibleText text={exception.reason} />
            </span>
          ) : undefined}
          {exception?.kind === 'quiet' && exception.alertId ? (
            <Link to={`/alerts/${encodeURIComponent(exception.alertId)}`}>{t('exception.seeRepeated')}</Link>
          ) : undefined}
          <Link to="/alerts/exceptions">{t('exceptions.title')}</Link>
        </p>
      ) : undefined}
      {quiet || repeats ? (
        <p className="put-away" data-testid="alert-quiet">
          {quiet ? (
            <span>
              {t('quiet.here', { time: at(quiet.expiresMs) })} <VisibleText text={quiet.reason} />
            </span>
          ) : undefined}
          {repeats ? <span>{t('quiet.repeats', { count: repeats.count, time: at(repeats.lastMs) })}</span> : undefined}
          {quiet && repeats ? (
            <Link to={`/alerts?status=hidden&exception=${encodeURIComponent(quiet.id)}`}>{t('quiet.seeThem')}</Link>
          ) : undefined}
          <Link to="/alerts/exceptions">{t('exceptions.title')}</Link>
        </p>
      ) : undefined}
    </>
  );
}
