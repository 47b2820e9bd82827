import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSetAlertStatus } from '../../api/queries.ts';
import type { Alert, AlertStatus, ShownStatus } from '../../api/shapes.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { PutAwayButtons } from './exception/put-away-buttons.tsx';

const LABELS = { open: 'alert.reopen', acknowledged: 'alert.acknowledge', closed: 'alert.closeAlert' } as const;
const NEXT: Readonly<Record<AlertStatus, readonly ShownStatus[]>> = {
  open: ['acknowledged', 'closed'],
  acknowledged: ['closed', 'open'],
  closed: ['open'],
  hidden: ['open'],
  held_back: ['open', 'closed'],
};

/** Where the alert may go from here. */
export function StatusButtons({ alert, isQuiet }: { readonly alert: Alert; readonly isQuiet: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const change = useSetAlertStatus();
  return (
    <div className="status-buttons">
      <span className="button-row">
        {NEXT[alert.status].map((status) => (
          <Button
            key={status}
            loading={change.isPending && change.variables.status === status}
            onClick={() =>
              change.mutate(
                { id: alert.id, status },
                {
                  onSuccess: () =>
                    void message.success(t('alert.statusChanged', { status: t(`words.alertStatus.${status}`) })),
                },
              )
            }
            data-testid={`status-${status}`}
          >
            {t(LABELS[status])}
          </Button>
        ))}
        <PutAwayButtons alert={alert} isQuiet={isQuiet} />
      </span>
      {change.error ? <Trouble thrown={change.error} /> : undefined}
    </div>
  );
}
