import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useHunts } from '../../api/rule-queries.ts';
import type { HuntSummary } from '../../api/shapes.ts';
import { Blank } from '../../parts/blank.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Actor } from '../../parts/entities.tsx';
import { count } from '../../parts/figures.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { HuntForm } from './hunt-form.tsx';
import { HuntStateTag } from './hunt-state.tsx';
import { HuntPeriod, HuntRules } from './hunt-what.tsx';
import './hunts.css';

/** Rules over the stored past: start one, and what those before found. */
export function HuntsPage() {
  const { t } = useTranslation();
  const [query] = useSearchParams();
  const { data, error, refetch } = useHunts();
  const isBusy = data?.items.some(({ state }) => state === 'running') ?? false;
  return (
    <>
      <PageHead title={t('hunts.title')} lead={t('hunts.lead')} />
      <HuntForm rule={query.get('rule')?.slice(0, 200) || undefined} isBusy={isBusy} />
      <Section title={t('hunts.past')}>
        {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
        {!data && !error ? <Waiting rows={4} /> : undefined}
        {data?.items.length === 0 ? <Blank title={t('hunts.none')} hint={t('hunts.noneHint')} /> : undefined}
        {data && data.items.length > 0 ? <HuntTable hunts={data.items} /> : undefined}
      </Section>
    </>
  );
}

function HuntTable({ hunts }: { readonly hunts: readonly HuntSummary[] }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const columns: readonly Column<HuntSummary>[] = [
    {
      key: 'what',
      title: t('hunts.what'),
      kind: 'main',
      width: '40%',
      cell: (hunt) => (
        <>
          <Link to={`/hunts/${hunt.id}`} className="alert-link" tabIndex={-1}>
            <HuntPeriod hunt={hunt} />
          </Link>
          <HuntRules hunt={hunt} />
        </>
      ),
    },
    { key: 'state', title: t('hunts.state'), cell: (hunt) => <HuntStateTag hunt={hunt} /> },
    {
      key: 'found',
      title: t('hunts.found'),
      kind: 'number',
      cell: (hunt) => <b>{count(hunt.count, i18n.language)}</b>,
    },
    { key: 'events', title: t('hunts.events'), kind: 'number', cell: ({ events }) => count(events, i18n.language) },
    { key: 'began', title: t('hunts.began'), cell: ({ startedMs }) => <Time ms={startedMs} /> },
    { key: 'by', title: t('hunts.by'), cell: ({ startedBy }) => <Actor name={startedBy} /> },
  ];
  return (
    <DataTable
      label={t('hunts.past')}
      columns={columns}
      rows={hunts}
      keyOf={({ id }) => id}
      onOpen={({ id }) => void navigate(`/hunts/${id}`)}
      rowData={() => ({ 'data-testid': 'hunt-row' })}
    />
  );
}
