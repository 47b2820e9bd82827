import { useTranslation } from 'react-i18next';
import { useEvidence } from '../../api/queries.ts';
import type { Evidence } from '../../api/shapes.ts';
import { Blank } from '../../parts/blank.tsx';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Actor } from '../../parts/entities.tsx';
import { EvidenceDetails, EvidenceWhat } from '../../parts/evidence-words.tsx';
import { count } from '../../parts/figures.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { RawCell, RawText } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import './evidence.css';

const VERIFY_COMMAND = './bartizan log verify';

/** The signed log of decisions: how much of it there is, how to check it, and its latest leaves. */
export function EvidencePage() {
  const { t, i18n } = useTranslation();
  const { data, error, refetch } = useEvidence();
  if (!data)
    return (
      <>
        <PageHead title={t('evidence.title')} lead={t('evidence.lead')} />
        {error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : <Waiting rows={10} />}
      </>
    );
  const [newest] = data.items;
  return (
    <>
      <PageHead title={t('evidence.title')} lead={t('evidence.lead')} />
      <div className="evidence-top">
        <div className="sheet evidence-figures">
          <div>
            <span className="muted">{t('evidence.size')}</span>
            <b data-testid="evidence-size">{count(data.size, i18n.language)}</b>
          </div>
          {newest ? (
            <div>
              <span className="muted">{t('evidence.newest')}</span>
              <Time ms={newest.timeMs} />
            </div>
          ) : undefined}
        </div>
        <Section title={t('evidence.verify')} hint={t('evidence.verifyHelp')}>
          <CopyBlock text={VERIFY_COMMAND} />
        </Section>
      </div>
      <Section title={t('evidence.checkpoint')} hint={t('evidence.checkpointHelp')}>
        <CopyBlock text={data.checkpoint} testId="checkpoint" />
        <CopyBlock
          label={`${t('evidence.key')}: ${t('evidence.keyHelp')}`}
          text={data.verifierKey}
          testId="verifier-key"
        />
        <p className="muted">{t('evidence.tree')}</p>
      </Section>
      <Section title={t('evidence.latest')}>
        {data.items.length === 0 ? <Blank title={t('evidence.empty')} /> : <LeafTable leaves={data.items} />}
      </Section>
    </>
  );
}

function LeafTable({ leaves }: { readonly leaves: readonly Evidence[] }) {
  const { t } = useTranslation();
  const columns: readonly Column<Evidence>[] = [
    { key: 'index', title: t('evidence.index'), kind: 'number', width: '60px', cell: ({ index }) => index },
    { key: 'time', title: t('evidence.time'), cell: ({ timeMs }) => <Time ms={timeMs} /> },
    {
      key: 'kind',
      title: t('evidence.kind'),
      cell: (leaf) => (
        <b className="nowrap">
          <EvidenceWhat leaf={leaf} />
        </b>
      ),
    },
    { key: 'actor', title: t('evidence.actor'), cell: ({ actor }) => <Actor name={actor} /> },
    {
      key: 'subject',
      title: t('evidence.details'),
      kind: 'line',
      cell: ({ subject, details }) => (
        <>
          <RawCell text={subject} limit={100} /> <EvidenceDetails details={details} />
        </>
      ),
    },
  ];
  return (
    <DataTable
      label={t('evidence.latest')}
      columns={columns}
      rows={leaves}
      keyOf={({ index }) => index}
      detail={(leaf) => <LeafDetail leaf={leaf} />}
      rowData={({ index, kind }) => ({ 'data-testid': 'evidence-row', 'data-index': index, 'data-kind': kind })}
      isDense
    />
  );
}

/** The whole leaf: what the tree hashes, field by field. */
function LeafDetail({ leaf: { kind, subject, details } }: { readonly leaf: Evidence }) {
  const fields = Object.entries({ kind, subject, ...details });
  return (
    <dl className="leaf-detail">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <RawText text={typeof value === 'string' ? value : JSON.stringify(value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
