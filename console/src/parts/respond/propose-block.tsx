import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlan } from '../../api/queries.ts';
import { Trouble } from '../trouble.tsx';
import { BlockDialog } from './block-dialog.tsx';
import { PlanView } from './plan-view.tsx';

interface ProposeBlockProps {
  readonly target: string;
  readonly alertId?: string;
  readonly isRehearsal?: boolean;
  readonly onDone?: () => void;
}

/** First the dry run, then the block: two buttons, and what the first one found. */
export function ProposeBlock({ target, alertId, isRehearsal, onDone }: ProposeBlockProps) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <PlanFirst target={target}>
        <Button
          type="primary"
          danger
          disabled={target === ''}
          onClick={() => setAsking(true)}
          data-testid="block-button"
        >
          {t('respond.block')}
        </Button>
      </PlanFirst>
      {isAsking ? (
        <BlockDialog
          target={target}
          alertId={alertId}
          isRehearsal={isRehearsal}
          onClose={() => setAsking(false)}
          onDone={onDone}
        />
      ) : undefined}
    </>
  );
}

/** The button of the dry run beside others, with its result below. */
export function PlanFirst({ target, children }: { readonly target: string; readonly children?: React.ReactNode }) {
  const { t } = useTranslation();
  const plan = usePlan();
  const isCurrent = plan.variables === target;
  return (
    <>
      <div className="button-row">
        <Button
          loading={plan.isPending}
          disabled={target === ''}
          onClick={() => plan.mutate(target)}
          data-testid="plan-button"
        >
          {t('respond.plan')}
        </Button>
        {children}
      </div>
      {isCurrent && plan.error ? <Trouble thrown={plan.error} /> : undefined}
      {isCurrent && plan.data ? <PlanView plan={plan.data} /> : undefined}
    </>
  );
}
