import { App, Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useEndException } from '../../api/queries.ts';
import type { Exception } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Actor, Entities } from '../../parts/entities.tsx';
import { count } from '../../parts/figures.ts';
import { VisibleText } from '../../parts/raw-text.tsx';
import { DemoTag } from '../../parts/tags.tsx';
import { Time } from '../../parts/time.tsx';
import { Trouble } from '../../parts/trouble.tsx';

interface ExceptionTableProps {
  readonly label: string;
  readonly exceptions: readonly Exception[];
  readonly canEnd?: boolean;
}

export function ExceptionTable({ label, exceptions, canEnd = false }: ExceptionTableProps) {
  const { t, i18n } = useTranslation();
  const say = useBilingual();
  const { message } = App.useApp();
  const end = useEndException();
  const columns: readonly Column<Exception>[] = [
    {
      key: 'what',
      title: t('exceptions.what'),
      kind: 'main',
      width: '46%',
      cell: ({ ruleTitle, alertId, scope, reason, demo }) => (
        <>
          <Link to={`/alerts/${encodeURIComponent(alertId)}`} className="alert-link">
            {say(ruleTitle)}
          </Link>
          {demo ? <DemoTag /> : undefined}
          <Entities entities={scope} />
          <p className="exception-reason">
            <VisibleText text={reason} />
          </p>
        </>
      ),
    },
    { key: 'owner', title: t('exceptions.owner'), cell: ({ owner }) => <Actor name={owner} /> },
    { key: 'made', title: t('exceptions.made'), cell: ({ createdMs }) => <Time ms={createdMs} /> },
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
      cell: ({ id }) =>
        canEnd ? (
          <Popconfirm
            title={t('exceptions.endTitle')}
            description={t('exceptions.endText')}
            okText={t('exceptions.end')}
            cancelText={t('common.cancel')}
            onConfirm={() => end.mutate(id, { onSuccess: () => void message.success(t('exceptions.endedToast')) })}
          >
            <Button size="small" data-testid="exception-end">
              {t('exceptions.end')}
            </Button>
          </Popconfirm>
        ) : undefined,
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
