import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDecision } from '../../api/queries.ts';
import type { Action } from '../../api/shapes.ts';
import { Trouble } from '../trouble.tsx';
import { ActionProblem } from './action-problem.tsx';
import { RepairView } from './repair-view.tsx';

interface RepairButtonsProps {
  readonly action: Action & { readonly repair: NonNullable<Action['repair']> };
  readonly size: 'small' | 'middle';
}

/** What a person may do about a repair of a cloud account now: answer the question, or put the old setting back. */
export function RepairButtons({ action, size }: RepairButtonsProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const decide = useDecision();
  const [asking, setAsking] = useState<'approve' | 'undo'>();
  const { id, state, repair } = action;
  const { name } = repair.resource;
  const isUndoable = state === 'done' || (state === 'failed' && repair.begunMs !== undefined);
  const refuse = () =>
    decide.mutate({ id, verb: 'refuse' }, { onSuccess: () => void message.info(t('repair.refused', { name })) });
  const confirm = (verb: 'approve' | 'undo') =>
    decide.mutate(
      { id, verb },
      {
        onSuccess: (answered) => {
          if (answered.problem) return;
          message.success(t(verb === 'approve' ? 'repair.done' : 'repair.undone', { name }));
          setAsking(undefined);
        },
      },
    );
  return (
    <>
      {state === 'asked' ? (
        <span className="button-row">
          <Button type="primary" size={size} onClick={() => setAsking('approve')} data-testid="repair-button">
            {t('repair.approve')}
          </Button>
          <Button size={size} loading={decide.isPending} onClick={refuse} data-testid="refuse-button">
            {t('repair.refuse')}
          </Button>
        </span>
      ) : undefined}
      {isUndoable ? (
        <Button size={size} onClick={() => setAsking('undo')} data-testid="undo-button">
          {t('repair.undo')}
        </Button>
      ) : undefined}
      {asking ? (
        <Modal
          open
          title={t(asking === 'approve' ? 'repair.approveTitle' : 'repair.undoTitle', { name })}
          onCancel={() => setAsking(undefined)}
          onOk={() => confirm(asking)}
          okText={t(asking === 'approve' ? 'repair.approve' : 'repair.undo')}
          cancelText={t('common.cancel')}
          confirmLoading={decide.isPending}
          okButtonProps={{ 'data-testid': 'repair-confirm' }}
        >
          <p>{t(asking === 'approve' ? 'repair.approveText' : 'repair.undoText')}</p>
          {asking === 'approve' ? <RepairView repair={repair} /> : undefined}
          {decide.data ? <ActionProblem action={decide.data} /> : undefined}
          {decide.error ? <Trouble thrown={decide.error} /> : undefined}
        </Modal>
      ) : decide.error ? (
        <Trouble thrown={decide.error} />
      ) : undefined}
    </>
  );
}
