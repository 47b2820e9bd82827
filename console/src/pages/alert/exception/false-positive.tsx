import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '../../../api/shapes.ts';
import { ExceptionDrawer } from './exception-drawer.tsx';

/** The way from an alert that is none to an exception for its like. */
export function FalsePositive({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  if (alert.status === 'hidden') return undefined;
  return (
    <>
      <Button onClick={() => setOpen(true)} data-testid="false-positive">
        {t('exception.mark')}
      </Button>
      {isOpen ? <ExceptionDrawer alert={alert} onClose={() => setOpen(false)} /> : undefined}
    </>
  );
}
