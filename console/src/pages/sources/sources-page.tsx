import { useTranslation } from 'react-i18next';
import { useSources } from '../../api/queries.ts';
import { Blank } from '../../parts/blank.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { IngestTokens } from './ingest-tokens.tsx';
import { SourceTable } from './source-table.tsx';
import './sources.css';

/** What is watched, where every line went, and who else may send. */
export function SourcesPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useSources();
  return (
    <>
      <PageHead title={t('sources.title')} lead={t('sources.lead')} />
      {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {!data && !error ? <Waiting rows={8} /> : undefined}
      {data ? (
        <div className="sheet table-sheet">
          {data.items.length === 0 ? (
            <Blank title={t('sources.empty')} hint={t('sources.emptyHint')} />
          ) : (
            <SourceTable sources={data.items} />
          )}
        </div>
      ) : undefined}
      <IngestTokens />
    </>
  );
}
