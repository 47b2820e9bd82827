import { useTranslation } from 'react-i18next';
import type { Source } from '../../api/shapes.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { bytes, count } from '../../parts/figures.ts';
import { Help } from '../../parts/help.tsx';
import { RawCell, VisibleText } from '../../parts/raw-text.tsx';
import { DemoTag, SourceStatusTag } from '../../parts/tags.tsx';
import { Time } from '../../parts/time.tsx';
import { droppedOf, isRehearsal } from './counting.ts';

const NEEDS_HELP: ReadonlySet<Source['status']> = new Set(['no_permission', 'error', 'waiting']);

export function SourceTable({ sources }: { readonly sources: readonly Source[] }) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => count(value, i18n.language);
  const columns: readonly Column<Source>[] = [
    {
      key: 'name',
      title: t('sources.name'),
      kind: 'main',
      width: '42%',
      cell: ({ stream, format, status, detail }) => (
        <>
          <b className="source-name">
            <RawCell text={stream} limit={200} />
          </b>{' '}
          <span className="muted">{format}</span> {isRehearsal(stream) ? <DemoTag /> : undefined}
          {NEEDS_HELP.has(status) ? <p className="source-help">{t(`words.sourceStatusHelp.${status}`)}</p> : undefined}
          {detail ? (
            <p className="source-detail">
              <VisibleText text={detail} />
            </p>
          ) : undefined}
        </>
      ),
    },
    { key: 'status', title: t('sources.status'), cell: ({ status }) => <SourceStatusTag status={status} /> },
    { key: 'received', title: t('sources.received'), kind: 'number', cell: ({ received }) => number(received) },
    { key: 'stored', title: t('sources.stored'), kind: 'number', cell: ({ stored }) => number(stored) },
    { key: 'dropped', title: t('sources.dropped'), kind: 'number', cell: (source) => <Dropped source={source} /> },
    { key: 'size', title: t('sources.size'), kind: 'number', cell: (source) => bytes(source.bytes) },
    {
      key: 'last',
      title: t('sources.last'),
      cell: ({ lastReceivedMs }) => (lastReceivedMs > 0 ? <Time ms={lastReceivedMs} /> : t('common.never')),
    },
  ];
  return (
    <DataTable
      label={t('sources.title')}
      columns={columns}
      rows={sources}
      keyOf={({ stream }) => stream}
      rowData={({ stream }) => ({ 'data-testid': 'source-row', 'data-stream': stream })}
    />
  );
}

function Dropped({ source }: { readonly source: Source }) {
  const { t, i18n } = useTranslation();
  const { total, reasons } = droppedOf(source);
  if (total === 0) return '0';
  return (
    <div className="dropped">
      <b>{count(total, i18n.language)}</b>
      {reasons.map(({ reason, lines }) => (
        <div key={reason}>
          {t(`words.drop.${reason}`)} {count(lines, i18n.language)}
          <Help text={t(`words.dropHelp.${reason}`)} />
        </div>
      ))}
    </div>
  );
}
