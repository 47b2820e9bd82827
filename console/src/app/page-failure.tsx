import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';
import { Blank } from '../parts/blank.tsx';

/** A page that threw: said plainly, with a way on. */
export function PageFailure() {
  const { t } = useTranslation();
  const thrown = useRouteError();
  return (
    <main className="page">
      <Blank title={t('common.broken')} hint={thrown instanceof Error ? thrown.message : String(thrown)}>
        <Button type="primary" onClick={() => location.reload()}>
          {t('common.retry')}
        </Button>
      </Blank>
    </main>
  );
}

export function PageMissing() {
  const { t } = useTranslation();
  return (
    <Blank title={t('common.pageMissing')} hint={t('common.pageMissingHint')}>
      <Link to="/">{t('common.backHome')}</Link>
    </Blank>
  );
}
