import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useFrameworks, useScore } from '../../api/posture-queries.ts';
import type { FrameworkEntry } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { PostureTabs } from '../../parts/posture-tabs.tsx';
import { ScanHint } from '../../parts/scan-hint.tsx';
import { Section } from '../../parts/section.tsx';
import { StandingBar, StandingLegend } from '../../parts/standing-bar.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import './frameworks.css';
import { Templates } from './templates.tsx';

/** How the latest scans stand against each standard, and the choices for industries. */
export function FrameworksPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useFrameworks();
  const score = useScore();
  return (
    <>
      <PageHead title={t('frameworks.title')} lead={t('frameworks.lead')}>
        <PostureTabs />
      </PageHead>
      {score.data?.targets.length === 0 ? (
        <div className="sheet">
          <p className="no-scan">{t('frameworks.noScan')}</p>
          <ScanHint />
        </div>
      ) : undefined}
      {isPending ? <Waiting rows={10} /> : undefined}
      {error && !data ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {data ? (
        <>
          <Section title={t('frameworks.list')}>
            <StandingLegend />
            <FrameworkTable items={data.items.filter(({ kind }) => kind === 'framework')} />
          </Section>
          <Templates items={data.items} />
        </>
      ) : undefined}
    </>
  );
}

function FrameworkTable({ items }: { readonly items: readonly FrameworkEntry[] }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const navigate = useNavigate();
  const columns: readonly Column<FrameworkEntry>[] = [
    {
      key: 'name',
      title: t('frameworks.name'),
      kind: 'main',
      width: '44%',
      cell: ({ id, title }) => (
        <Link to={`/posture/frameworks/${encodeURIComponent(id)}`} className="alert-link" tabIndex={-1}>
          {say(title)}
        </Link>
      ),
    },
    { key: 'clauses', title: t('frameworks.clauses'), kind: 'number', width: '80px', cell: ({ clauses }) => clauses },
    {
      key: 'standing',
      title: t('frameworks.standing'),
      cell: ({ standing, clauses }) => (
        <>
          <StandingBar standing={standing} />
          <small className="muted">{t('frameworks.openOf', { open: standing.not_satisfied ?? 0, all: clauses })}</small>
        </>
      ),
    },
  ];
  return (
    <DataTable
      label={t('frameworks.list')}
      columns={columns}
      rows={items}
      keyOf={({ id }) => id}
      onOpen={({ id }) => void navigate(`/posture/frameworks/${encodeURIComponent(id)}`)}
      rowData={({ id }) => ({ 'data-testid': 'framework-row', 'data-framework': id })}
    />
  );
}
