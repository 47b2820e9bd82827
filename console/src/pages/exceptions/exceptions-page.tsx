import { LeftOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useExceptions } from '../../api/exception-queries.ts';
import type { Exception } from '../../api/shapes.ts';
import { Blank } from '../../parts/blank.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { isOver } from '../alert/exception/scope.ts';
import { ExceptionTable } from './exception-table.tsx';
import './exceptions.css';
import { MaintenanceDrawer } from './maintenance-drawer.tsx';

/** What is not to be told: what is hidden now, who said so and why, and until when; and what is planned. */
export function ExceptionsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useExceptions();
  // The browser’s clock may be wrong, and would call over what still hides something.
  const now = data?.nowMs ?? 0;
  const [edited, setEdited] = useState<Exception | 'new'>();
  const current = data?.items.filter((exception) => !isOver(exception, now)) ?? [];
  const planned = current.filter(({ startsMs }) => startsMs > now);
  const live = current.filter(({ startsMs }) => startsMs <= now);
  const over = data?.items.filter((exception) => isOver(exception, now)) ?? [];
  return (
    <>
      <Link to="/alerts" className="back-link">
        <LeftOutlined /> {t('alert.back')}
      </Link>
      <PageHead title={t('exceptions.title')} lead={t('exceptions.lead')}>
        <Button icon={<PlusOutlined />} onClick={() => setEdited('new')} data-testid="maintenance-plan">
          {t('maintenance.plan')}
        </Button>
      </PageHead>
      {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {!data && !error ? <Waiting rows={8} /> : undefined}
      {data?.items.length === 0 ? (
        <div className="sheet">
          <Blank title={t('exceptions.empty')} hint={t('exceptions.emptyHint')} />
        </div>
      ) : undefined}
      {planned.length > 0 ? (
        <Section title={t('exceptions.planned')}>
          <ExceptionTable label={t('exceptions.planned')} exceptions={planned} canEnd onChange={setEdited} />
        </Section>
      ) : undefined}
      {live.length > 0 ? (
        <Section title={t('exceptions.live')}>
          <ExceptionTable label={t('exceptions.live')} exceptions={live} canEnd onChange={setEdited} />
        </Section>
      ) : undefined}
      {over.length > 0 ? (
        <Section title={t('exceptions.over')}>
          <ExceptionTable label={t('exceptions.over')} exceptions={over} />
        </Section>
      ) : undefined}
      {edited ? (
        <MaintenanceDrawer
          nowMs={now}
          before={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      ) : undefined}
    </>
  );
}
