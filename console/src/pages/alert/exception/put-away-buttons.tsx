import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfAlert } from '../../../api/exception-queries.ts';
import type { Alert } from '../../../api/shapes.ts';
import { ExceptionDrawer } from './exception-drawer.tsx';

/** The ways from an alert that need not be told again to that: it is known, or it is none. */
export function PutAwayButtons({ alert, isQuiet }: { readonly alert: Alert; readonly isQuiet: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<OfAlert>();
  if (alert.status === 'hidden') return undefined;
  return (
    <>
      {isQuiet ? undefined : (
        <Button onClick={() => setOpen('quiet')} data-testid="keep-quiet">
          {t('quiet.mark')}
        </Button>
      )}
      <Button onClick={() => setOpen('false_positive')} data-testid="false-positive">
        {t('exception.mark')}
      </Button>
      {open ? <ExceptionDrawer alert={alert} kind={open} onClose={() => setOpen(undefined)} /> : undefined}
    </>
  );
}
