import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ListedAlert } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Entities } from '../../parts/entities.tsx';
import { count } from '../../parts/figures.ts';
import { LevelTag } from '../../parts/level-tag.tsx';
import { AlertStatusTag, DemoTag } from '../../parts/tags.tsx';
import { Time } from '../../parts/time.tsx';

export function AlertTable({
  alerts,
  onOpen,
}: {
  readonly alerts: readonly ListedAlert[];
  readonly onOpen: (alert: ListedAlert) => void;
}) {
  const { t, i18n } = useTranslation();
  const say = useBilingual();
  const columns = useMemo<readonly Column<ListedAlert>[]>(
    () => [
      {
        key: 'level',
        title: t('alerts.level'),
        width: '88px',
        cell: ({ rule }) => <LevelTag level={rule.level} />,
      },
      {
        key: 'what',
        title: t('alerts.what'),
        kind: 'main',
        width: '50%',
        cell: ({ id, rule, entities, demo, repeats }) => (
          <>
            <Link to={`/alerts/${encodeURIComponent(id)}`} className="alert-link" tabIndex={-1}>
              {say(rule.title)}
            </Link>
            {demo ? <DemoTag /> : undefined}
            {repeats ? (
              <span className="tag tone-calm" data-testid="alert-repeats">
                {t('alerts.repeats', { count: repeats.count })}
              </span>
            ) : undefined}
            <Entities entities={entities} limit={3} />
          </>
        ),
      },
      {
        key: 'count',
        title: t('alerts.count'),
        kind: 'number',
        cell: (alert) => count(alert.count, i18n.language),
      },
      { key: 'first', title: t('alerts.first'), cell: ({ firstMs }) => <Time ms={firstMs} /> },
      { key: 'last', title: t('alerts.last'), cell: ({ lastMs }) => <Time ms={lastMs} /> },
      { key: 'status', title: t('alerts.status'), cell: ({ status }) => <AlertStatusTag status={status} /> },
    ],
    [t, say, i18n.language],
  );
  return (
    <DataTable
      label={t('alerts.title')}
      columns={columns}
      rows={alerts}
      keyOf={({ id }) => id}
      onOpen={onOpen}
      rowData={({ id }) => ({ 'data-testid': 'alert-row', 'data-alert-id': id })}
    />
  );
}
