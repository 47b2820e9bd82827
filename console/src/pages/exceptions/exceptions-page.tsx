import { LeftOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useExceptions } from '../../api/queries.ts';
import { Blank } from '../../parts/blank.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { useNow } from '../../parts/time.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { isOver } from '../alert/exception/scope.ts';
import { ExceptionTable } from './exception-table.tsx';

/** What people called false positives: what is hidden now, who said so and why, and until when. */
export function ExceptionsPage() {
  const { t } = useTranslation();
  const now = useNow();
  const { data, error, refetch } = useExceptions();
  const live = data?.items.filter((exception) => !isOver(exception, now)) ?? [];
  const over = data?.items.filter((exception) => isOver(exception, now)) ?? [];
  return (
    <>
      <Link to="/alerts" className="back-link">
        <LeftOutlined /> {t('alert.back')}
      </Link>
      <PageHead title={t('exceptions.title')} lead={t('exceptions.lead')} />
      {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {!data && !error ? <Waiting rows={8} /> : undefined}
      {data?.items.length === 0 ? (
        <div className="sheet">
          <Blank title={t('exceptions.empty')} hint={t('exceptions.emptyHint')} />
        </div>
      ) : undefined}
      {live.length > 0 ? (
        <Section title={t('exceptions.live')}>
          <ExceptionTable label={t('exceptions.live')} exceptions={live} canEnd />
        </Section>
      ) : undefined}
      {over.length > 0 ? (
        <Section title={t('exceptions.over')}>
          <ExceptionTable label={t('exceptions.over')} exceptions={over} />
        </Section>
      ) : undefined}
    </>
  );
}
