import { ExperimentOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hunt } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Entities } from '../../parts/entities.tsx';
import { count, dateTime } from '../../parts/figures.ts';
import { LevelTag } from '../../parts/level-tag.tsx';
import { Pager } from '../../parts/pager.tsx';
import { RawText, VisibleText } from '../../parts/raw-text.tsx';
import { DemoTag } from '../../parts/tags.tsx';
import { Time } from '../../parts/time.tsx';

type Found = Hunt['found'][number];

const PER_PAGE = 50;

/** What a hunt found, each marked as that; opened, it shows why and the lines. */
export function FoundTable({ found }: { readonly found: readonly Found[] }) {
  const { t, i18n } = useTranslation();
  const say = useBilingual();
  const [page, setPage] = useState(1);
  const columns: readonly Column<Found>[] = [
    { key: 'level', title: t('rules.level'), width: '88px', cell: ({ rule }) => <LevelTag level={rule.level} /> },
    {
      key: 'what',
      title: t('alerts.what'),
      kind: 'main',
      width: '52%',
      cell: ({ rule, entities, demo }) => (
        <>
          <b className="found-title">{say(rule.title)}</b>
          <span className="tag tone-demo">
            <ExperimentOutlined />
            {t('hunts.foundIn')}
          </span>{' '}
          {demo ? <DemoTag /> : undefined}
          <Entities entities={entities} limit={4} />
        </>
      ),
    },
    { key: 'count', title: t('alerts.count'), kind: 'number', cell: (one) => count(one.count, i18n.language) },
    { key: 'first', title: t('alerts.first'), cell: ({ firstMs }) => <Time ms={firstMs} /> },
    { key: 'last', title: t('alerts.last'), cell: ({ lastMs }) => <Time ms={lastMs} /> },
  ];
  return (
    <>
      <DataTable
        label={t('hunts.found')}
        columns={columns}
        rows={found.slice((page - 1) * PER_PAGE, page * PER_PAGE)}
        keyOf={({ id }) => id}
        rowData={() => ({ 'data-testid': 'found-row' })}
        detail={({ reason, events }) => (
          <>
            <p>
              <VisibleText text={say(reason)} />
            </p>
            <ol className="found-lines">
              {events.map(({ id, time, raw }) => (
                <li key={id}>
                  <time className="muted">{dateTime(time, i18n.language)}</time>
                  <RawText text={raw} />
                </li>
              ))}
            </ol>
          </>
        )}
      />
      <Pager page={page} perPage={PER_PAGE} total={found.length} onPage={setPage} />
    </>
  );
}
