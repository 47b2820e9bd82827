import { App, Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useEndException } from '../../api/exception-queries.ts';
import type { Exception } from '../../api/shapes.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Actor } from '../../parts/entities.tsx';
import { count } from '../../parts/figures.ts';
import { Time } from '../../parts/time.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { ExceptionWhat } from './exception-what.tsx';

interface ExceptionTableProps {
  readonly label: string;
  readonly exceptions: readonly Exception[];
  /** Not over: it can be ended, and changed if it is maintenance. */
  readonly canEnd?: boolean;
  readonly onChange?: (exception: Exception) => void;
}

export function ExceptionTable({ label, exceptions, canEnd = false, onChange }: ExceptionTableProps) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const end = useEndException();
  const columns: readonly Column<Exception>[] = [
    {
      key: 'what',
      title: t('exceptions.what'),
      kind: 'main',
      width: '44%',
      cell: (exception) => <ExceptionWhat exception={exception} />,
    },
    { key: 'owner', title: t('exceptions.owner'), cell: ({ owner }) => <Actor name={owner} /> },
    { key: 'starts', title: t('exceptions.starts'), cell: ({ startsMs }) => <Time ms={startsMs} /> },
    {
      key: 'ends',
      title: canEnd ? t('exceptions.ends') : t('exceptions.ended'),
      cell: ({ endedMs, expiresMs }) => <Time ms={endedMs ?? expiresMs} />,
    },
    {
      key: 'hidden',
      title: t('exceptions.hidden'),
      kind: 'number',
      cell: ({ id, hidden }) =>
        hidden > 0 ? (
          <Link to={`/alerts?status=hidden&exception=${encodeURIComponent(id)}`}>{count(hidden, i18n.language)}</Link>
        ) : (
          count(hidden, i18n.language)
        ),
    },
    {
      key: 'do',
      title: '',
      kind: 'actions',
      cell: (exception) => (
        <span className="button-row">
          {exception.kind === 'maintenance' && onChange ? (
            <Button size="small" onClick={() => onChange(exception)} data-testid="maintenance-change">
              {t('maintenance.change')}
            </Button>
          ) : undefined}
          <Popconfirm
            title={t('exceptions.endTitle')}
            description={t('exceptions.endText')}
            okText={t('exceptions.end')}
            cancelText={t('common.cancel')}
            onConfirm={() =>
              end.mutate(exception.id, { onSuccess: () => void message.success(t('exceptions.endedToast')) })
            }
          >
            <Button size="small" data-testid="exception-end">
              {t('exceptions.end')}
            </Button>
          </Popconfirm>
        </span>
      ),
    },
  ];
  return (
    <>
      <DataTable
        label={label}
        columns={canEnd ? columns : columns.slice(0, -1)}
        rows={exceptions}
        keyOf={({ id }) => id}
        rowData={({ id }) => ({ 'data-exception-id': id })}
      />
      {end.error ? <Trouble thrown={end.error} /> : undefined}
    </>
  );
}
