import { Button } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredEvent } from '../../api/shapes.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { dateTime, exactTime } from '../../parts/figures.ts';
import { RawCell } from '../../parts/raw-text.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { EventDetail } from './event-detail.tsx';

interface EventTableProps {
  readonly events: readonly StoredEvent[];
  readonly onCondition: (condition: string) => void;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  readonly olderFailure: unknown;
  readonly onOlder: () => void;
}

/** Results, newest first; a row opens to all its fields and its text as it arrived. */
export function EventTable({ events, onCondition, hasOlder, isLoadingOlder, olderFailure, onOlder }: EventTableProps) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const columns = useMemo<readonly Column<StoredEvent>[]>(
    () => [
      {
        key: 'time',
        title: t('events.time'),
        cell: ({ time }) => (
          <time dateTime={new Date(time).toISOString()} title={exactTime(time)} className="nowrap">
            {dateTime(time, language)}
          </time>
        ),
      },
      {
        key: 'source',
        title: t('events.source'),
        cell: ({ source }) => <span className="nowrap">{t(`words.logSource.${source}`)}</span>,
      },
      { key: 'host', title: t('events.host'), cell: ({ host }) => <RawCell text={host} limit={60} /> },
      { key: 'user', title: t('events.user'), cell: ({ user }) => <RawCell text={user} limit={60} /> },
      { key: 'srcIp', title: t('events.srcIp'), cell: ({ srcIp }) => <RawCell text={srcIp} limit={60} /> },
      {
        key: 'message',
        title: t('events.message'),
        kind: 'line',
        cell: ({ message, raw }) => <RawCell text={message || raw} />,
      },
    ],
    [t, language],
  );
  return (
    <>
      <DataTable
        label={t('events.title')}
        columns={columns}
        rows={events}
        keyOf={({ id }) => id}
        detail={(event) => <EventDetail event={event} onCondition={onCondition} />}
        rowData={({ id }) => ({ 'data-testid': 'event-row', 'data-event-id': id })}
        isDense
      />
      <div className="events-foot">
        <span className="muted">{t('events.loaded', { count: events.length })}</span>
        {hasOlder ? (
          <Button onClick={onOlder} loading={isLoadingOlder} data-testid="events-older">
            {t('events.older')}
          </Button>
        ) : (
          <span className="muted">{t('events.end')}</span>
        )}
        {olderFailure ? <Trouble thrown={olderFailure} /> : undefined}
      </div>
    </>
  );
}
