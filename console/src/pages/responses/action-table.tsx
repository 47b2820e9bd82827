import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Action } from '../../api/shapes.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Actor } from '../../parts/entities.tsx';
import { problemText } from '../../parts/failure-text.ts';
import { DecisionButtons } from '../../parts/respond/decision-buttons.tsx';
import { ChangesLine } from '../../parts/respond/repair-view.tsx';
import { ActionStateTag } from '../../parts/tags.tsx';
import { Time } from '../../parts/time.tsx';

export function ActionTable({ label, actions }: { readonly label: string; readonly actions: readonly Action[] }) {
  const { t, i18n } = useTranslation();
  const columns: readonly Column<Action>[] = [
    {
      key: 'target',
      title: t('responses.address'),
      kind: 'main',
      cell: (action) => (
        <>
          <b className="mono">{action.repair?.resource.name ?? action.target}</b>
          {action.repair ? <ChangesLine repair={action.repair} /> : undefined}
          {action.problem ? <div className="muted">{problemText(action.problem, { t, i18n }).message}</div> : undefined}
        </>
      ),
    },
    { key: 'state', title: t('responses.state'), cell: (action) => <ActionStateTag action={action} /> },
    { key: 'who', title: t('responses.who'), cell: (action) => <Actor name={action.requestedBy} /> },
    { key: 'when', title: t('responses.when'), cell: ({ requestedMs }) => <Time ms={requestedMs} /> },
    {
      key: 'ends',
      title: t('responses.ends'),
      cell: ({ state, dryRun, endedMs, expiresMs }) => {
        const ms = endedMs ?? (state === 'done' && !dryRun ? expiresMs : undefined);
        return ms === undefined ? undefined : <Time ms={ms} />;
      },
    },
    {
      key: 'alert',
      title: t('responses.alert'),
      cell: ({ alertId }) =>
        alertId === undefined ? undefined : (
          <Link to={`/alerts/${encodeURIComponent(alertId)}`} className="nowrap">
            {t('responses.openAlert')}
          </Link>
        ),
    },
    {
      key: 'do',
      title: '',
      kind: 'actions',
      cell: (action) => <DecisionButtons action={action} size="small" />,
    },
  ];
  return (
    <DataTable
      label={label}
      columns={columns.filter(({ key }) => key !== 'ends' || actions.some(({ state }) => state !== 'asked'))}
      rows={actions}
      keyOf={({ id }) => id}
      rowData={({ id }) => ({ 'data-testid': 'action-row', 'data-action-id': id })}
    />
  );
}
