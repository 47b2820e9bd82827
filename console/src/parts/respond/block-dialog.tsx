import { App, Modal, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlock, useDecision, usePlan, useSettings } from '../../api/queries.ts';
import type { Action } from '../../api/shapes.ts';
import { useDurationText } from '../time.tsx';
import { Trouble } from '../trouble.tsx';
import { Waiting } from '../waiting.tsx';
import { ActionProblem } from './action-problem.tsx';
import { PlanView } from './plan-view.tsx';

const HOUR_MS = 3_600_000;
const DURATIONS_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS, 30 * 24 * HOUR_MS] as const;

interface BlockDialogProps {
  readonly target: string;
  readonly alertId?: string;
  readonly isRehearsal?: boolean;
  /** The open question that is answered by this block; its duration is settled already. */
  readonly asked?: Action;
  readonly onClose: () => void;
  readonly onDone?: () => void;
}

/** The last look before a block: what it does, for how long, and the button that does it. */
export function BlockDialog({ target, alertId, isRehearsal = false, asked, onClose, onDone }: BlockDialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const plan = usePlan();
  const block = useBlock();
  const decide = useDecision();
  const settings = useSettings();
  const durationText = useDurationText();
  const [chosenMs, setChosenMs] = useState<number>();
  const defaultMs = settings.data?.blockDurationMs;
  const durationMs = chosenMs ?? defaultMs;
  const isDryRun = isRehearsal || asked?.dryRun === true;
  const failed = block.error ?? decide.error;

  const { mutate: makePlan } = plan;
  useEffect(() => makePlan(target), [makePlan, target]);

  const confirm = () => {
    const onSuccess = (action: Action) => {
      if (action.state === 'refused' || action.state === 'failed') return;
      message.success(isDryRun ? t('respond.dryRun') : t('respond.done', { target }));
      onDone?.();
      onClose();
    };
    if (asked) decide.mutate({ id: asked.id, verb: 'approve' }, { onSuccess });
    else block.mutate({ target, alertId, durationMs, dryRun: isRehearsal }, { onSuccess });
  };
  const answered = block.data ?? decide.data;
  const options = [...new Set([...(defaultMs ? [defaultMs] : []), ...DURATIONS_MS])]
    .sort((a, b) => a - b)
    .map((value) => ({
      value,
      label: value === defaultMs ? t('respond.untilDefault', { duration: durationText(value) }) : durationText(value),
    }));

  return (
    <Modal
      open
      title={t('respond.blockTitle', { target })}
      onCancel={onClose}
      onOk={confirm}
      okText={t('respond.confirm')}
      cancelText={t('common.cancel')}
      confirmLoading={block.isPending || decide.isPending}
      okButtonProps={{
        danger: true,
        disabled: plan.data?.allowed !== true,
        'data-testid': 'block-confirm',
      }}
    >
      <p>{isDryRun ? t('respond.rehearsalText') : t('respond.blockText')}</p>
      <div className="block-duration">
        {t('respond.duration')}
        {asked ? (
          <b>{durationText((asked.expiresMs ?? asked.requestedMs) - asked.requestedMs)}</b>
        ) : (
          <Select<number>
            value={durationMs}
            onChange={setChosenMs}
            options={options}
            aria-label={t('respond.duration')}
            data-testid="block-duration"
          />
        )}
      </div>
      {plan.isPending ? <Waiting rows={3} /> : undefined}
      {plan.error ? <Trouble thrown={plan.error} onRetry={() => plan.mutate(target)} /> : undefined}
      {plan.data ? <PlanView plan={plan.data} /> : undefined}
      {failed ? <Trouble thrown={failed} /> : undefined}
      {answered?.problem ? <ActionProblem action={answered} /> : undefined}
    </Modal>
  );
}
