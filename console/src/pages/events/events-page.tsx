import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useEvents } from '../../api/queries.ts';
import { Blank } from '../../parts/blank.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { EventHistogram } from './event-histogram.tsx';
import { EventTable } from './event-table.tsx';
import './events.css';
import { readAddress, timesOf, type Wanted, writeAddress } from './search-address.ts';
import { SearchForm } from './search-form.tsx';

/** Search over every log line. The search stands in the address; “now” is the moment of the last search. */
export function EventsPage() {
  const { t } = useTranslation();
  const [query, setQuery] = useSearchParams();
  const [searchedMs, setSearchedMs] = useState(Date.now);
  const address = query.toString();
  const wanted = useMemo(() => readAddress(new URLSearchParams(address)), [address]);
  const times = useMemo(() => timesOf(wanted.range, searchedMs), [wanted.range, searchedMs]);
  const events = useEvents({ ...times, source: wanted.source, text: wanted.text || undefined, where: wanted.where });
  const rows = useMemo(() => events.data?.pages.flatMap((page) => page.items) ?? [], [events.data]);

  const search = (next: Wanted) => {
    setSearchedMs(Date.now());
    setQuery(writeAddress(next));
  };
  const addCondition = (condition: string) => {
    if (!wanted.where.includes(condition)) search({ ...wanted, where: [...wanted.where, condition] });
  };

  return (
    <>
      <PageHead title={t('events.title')} lead={t('events.lead')} />
      <SearchForm key={address} wanted={wanted} isBusy={events.isFetching} onSearch={search} />
      <EventHistogram {...times} onRange={(range) => search({ ...wanted, range })} />
      <section
        className={`sheet table-sheet${events.isPlaceholderData ? ' is-old' : ''}`}
        aria-busy={events.isFetching}
      >
        {events.isPending ? <Waiting rows={10} /> : undefined}
        {events.error && !events.data ? (
          <Trouble thrown={events.error} onRetry={() => void events.refetch()} />
        ) : undefined}
        {events.data && rows.length === 0 ? (
          <Blank title={t('events.empty')} hint={t('events.emptyHint')} />
        ) : undefined}
        {rows.length > 0 ? (
          <EventTable
            events={rows}
            onCondition={addCondition}
            hasOlder={events.hasNextPage}
            isLoadingOlder={events.isFetchingNextPage}
            olderFailure={events.isFetchNextPageError ? events.error : undefined}
            onOlder={() => void events.fetchNextPage()}
          />
        ) : undefined}
      </section>
    </>
  );
}
