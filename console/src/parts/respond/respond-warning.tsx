import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useOverview } from '../../api/queries.ts';

/** Why a block would not happen now: responses are off, or the firewall cannot be used. */
export function RespondWarning() {
  const { t } = useTranslation();
  const { data } = useOverview();
  if (!data) return undefined;
  if (data.respond === 'off')
    return (
      <p className="respond-warning" role="status">
        {t('respond.off')} <Link to="/settings">{t('respond.offLink')}</Link>
      </p>
    );
  if (!data.firewall.available)
    return (
      <p className="respond-warning" role="status">
        {t('respond.noFirewall', { problem: data.firewall.problem ?? '' })}
      </p>
    );
  return undefined;
}
