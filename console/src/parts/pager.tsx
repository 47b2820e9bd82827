import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { count } from './figures.ts';

interface PagerProps {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}

/** `51–100 of 312`, with a step back and a step on. */
export function Pager({ page, perPage, total, onPage }: PagerProps) {
  const { t, i18n } = useTranslation();
  const shown = (value: number) => count(value, i18n.language);
  return (
    <nav className="pager" aria-label={t('common.range', { from: '', to: '', total: shown(total) })}>
      <span>
        {t('common.range', {
          from: shown((page - 1) * perPage + 1),
          to: shown(Math.min(page * perPage, total)),
          total: shown(total),
        })}
      </span>
      {total > perPage ? (
        <>
          <Button
            size="small"
            icon={<LeftOutlined />}
            disabled={page <= 1}
            onClick={() => onPage(page - 1)}
            aria-label={t('common.previous')}
          />
          <Button
            size="small"
            icon={<RightOutlined />}
            disabled={page * perPage >= total}
            onClick={() => onPage(page + 1)}
            aria-label={t('common.next')}
          />
        </>
      ) : undefined}
    </nav>
  );
}
