import { App, Button, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useExceptionProposal, useMakeException } from '../../../api/queries.ts';
import type { Alert } from '../../../api/shapes.ts';
import { problemText } from '../../../parts/failure-text.ts';
import { useDurationText } from '../../../parts/time.tsx';
import { Trouble, TroubleBox } from '../../../parts/trouble.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import './exception.css';
import { DEFAULT_EXCEPTION_MS, EXCEPTION_DURATIONS_MS, MAX_REASON_LENGTH, scopeWithout } from './scope.ts';
import { ScopeChoice } from './scope-choice.tsx';
import { WouldHide } from './would-hide.tsx';

/** What shall not be raised any more, why, until when; and what that would have hidden. */
export function ExceptionDrawer({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const durationText = useDurationText();
  const [unticked, setUnticked] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const [durationMs, setDurationMs] = useState<number>(DEFAULT_EXCEPTION_MS);
  const narrowest = useExceptionProposal(alert.id);
  const choices = narrowest.data?.choices ?? {};
  const scope = scopeWithout(choices, unticked);
  const proposal = useExceptionProposal(alert.id, unticked.size === 0 ? undefined : scope);
  const make = useMakeException();
  const refusal = proposal.data?.refusal;

  const confirm = () =>
    make.mutate(
      { alertId: alert.id, scope, reason: reason.trim(), durationMs },
      {
        onSuccess: () => {
          void message.success(t('exception.made'));
          onClose();
        },
      },
    );
  const canMake = proposal.data && !proposal.isPlaceholderData && !refusal && reason.trim() !== '';

  return (
    <Drawer
      open
      size={560}
      title={t('exception.title')}
      onClose={onClose}
      rootClassName="exception-drawer"
      footer={
        <span className="button-row">
          <Button
            type="primary"
            disabled={!canMake}
            loading={make.isPending}
            onClick={confirm}
            data-testid="exception-confirm"
          >
            {t('exception.confirm')}
          </Button>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
        </span>
      }
    >
      <p>{t('exception.lead')}</p>
      {narrowest.isPending ? <Waiting rows={6} /> : undefined}
      {narrowest.error ? <Trouble thrown={narrowest.error} onRetry={() => void narrowest.refetch()} /> : undefined}
      {narrowest.data ? (
        <>
          <ScopeChoice choices={choices} unticked={unticked} onChange={setUnticked} />
          {refusal ? <TroubleBox text={problemText(refusal, { t, i18n })} /> : undefined}
          {proposal.error ? <Trouble thrown={proposal.error} /> : undefined}
          {proposal.data && proposal.data.wouldHide.count > 0 ? (
            <WouldHide
              proposal={proposal.data}
              narrowestCount={narrowest.data.wouldHide.count}
              isStale={proposal.isPlaceholderData}
            />
          ) : undefined}
          <label className="exception-field">
            <span>{t('exception.reason')}</span>
            <Input.TextArea
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              placeholder={t('exception.reasonHint')}
              maxLength={MAX_REASON_LENGTH}
              autoSize={{ minRows: 2, maxRows: 6 }}
              data-testid="exception-reason"
            />
          </label>
          <div className="exception-field">
            <span>{t('exception.duration')}</span>
            <Select<number>
              value={durationMs}
              onChange={setDurationMs}
              aria-label={t('exception.duration')}
              options={EXCEPTION_DURATIONS_MS.map((value) => ({ value, label: durationText(value) }))}
            />
            <small className="muted">{t('exception.durationHint')}</small>
          </div>
          {make.error ? <Trouble thrown={make.error} /> : undefined}
        </>
      ) : undefined}
    </Drawer>
  );
}
