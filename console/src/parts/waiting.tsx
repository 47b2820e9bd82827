import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';

/** A place that is still loading; it appears only after a moment, so that fast pages don't flicker. */
export function Waiting({ rows = 6 }: { readonly rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className="waiting" role="status" aria-label={t('common.loading')}>
      <Skeleton active paragraph={{ rows }} />
    </div>
  );
}
