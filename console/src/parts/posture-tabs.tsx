import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import './posture-tabs.css';

/** The ways between the three pages of the health check. */
export function PostureTabs() {
  const { t } = useTranslation();
  return (
    <nav className="posture-tabs" aria-label={t('posture.tabs')}>
      <NavLink to="/posture" end data-testid="tab-posture">
        {t('posture.tabScore')}
      </NavLink>
      <NavLink to="/posture/findings" data-testid="tab-findings">
        {t('posture.tabFindings')}
      </NavLink>
      <NavLink to="/posture/frameworks" data-testid="tab-frameworks">
        {t('posture.tabFrameworks')}
      </NavLink>
    </nav>
  );
}
