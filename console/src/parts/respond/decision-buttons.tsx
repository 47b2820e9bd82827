import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDecision } from '../../api/queries.ts';
import type { Action } from '../../api/shapes.ts';
import { Trouble } from '../trouble.tsx';
import { BlockDialog } from './block-dialog.tsx';
import { RepairButtons } from './repair-buttons.tsx';

/** What a person may do about an action now: answer the question, or take it back. */
export function DecisionButtons({
  action,
  size = 'middle',
}: {
  readonly action: Action;
  readonly size?: 'small' | 'middle';
}) {
  if (action.repair) return <RepairButtons action={{ ...action, repair: action.repair }} size={size} />;
  if (action.state === 'asked') return <AnswerButtons action={action} size={size} />;
  if (isUndoable(action)) return <UndoButton action={action} size={size} />;
  return undefined;
}

/** In force, or about to be. A dry run changed nothing, so there is nothing to take back. */
export function isUndoable({ state, dryRun }: Action): boolean {
  return !dryRun && (state === 'done' || state === 'approved' || state === 'running');
}

interface ButtonsProps {
  readonly action: Action;
  readonly size: 'small' | 'middle';
}

function AnswerButtons({ action, size }: ButtonsProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const decide = useDecision();
  const [isAsking, setAsking] = useState(false);
  const { id, target } = action;
  const refuse = () =>
    decide.mutate(
      { id, verb: 'refuse' },
      { onSuccess: () => void message.info(t('respond.refusedToast', { target })) },
    );
  return (
    <>
      <span className="button-row">
        <Button type="primary" danger size={size} onClick={() => setAsking(true)} data-testid="block-button">
          {t('respond.approve')}
        </Button>
        <Button size={size} loading={decide.isPending} onClick={refuse} data-testid="refuse-button">
          {t('respond.refuse')}
        </Button>
      </span>
      {decide.error ? <Trouble thrown={decide.error} /> : undefined}
      {isAsking ? <BlockDialog target={target} asked={action} onClose={() => setAsking(false)} /> : undefined}
    </>
  );
}

function UndoButton({ action: { id, target }, size }: ButtonsProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const decide = useDecision();
  const [isAsking, setAsking] = useState(false);
  const undo = () =>
    decide.mutate(
      { id, verb: 'undo' },
      {
        onSuccess: () => {
          message.success(t('respond.undone', { target }));
          setAsking(false);
        },
      },
    );
  return (
    <>
      <Button size={size} onClick={() => setAsking(true)} data-testid="undo-button">
        {t('respond.undo')}
      </Button>
      <Modal
        open={isAsking}
        title={t('respond.undoTitle', { target })}
        onCancel={() => setAsking(false)}
        onOk={undo}
        okText={t('respond.undo')}
        cancelText={t('common.cancel')}
        confirmLoading={decide.isPending}
        okButtonProps={{ 'data-testid': 'undo-confirm' }}
      >
        <p>{t('respond.undoText')}</p>
        {decide.error ? <Trouble thrown={decide.error} /> : undefined}
      </Modal>
    </>
  );
}
