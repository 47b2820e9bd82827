import { App, Button, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type OfAlert, useExceptionProposal, useMakeException } from '../../../api/exception-queries.ts';
import type { Alert } from '../../../api/shapes.ts';
import { problemText } from '../../../parts/failure-text.ts';
import { useDurationText } from '../../../parts/time.tsx';
import { Trouble, TroubleBox } from '../../../parts/trouble.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import './exception.css';
import {
  DEFAULT_EXCEPTION_MS,
  DEFAULT_QUIET_MS,
  EXCEPTION_DURATIONS_MS,
  MAX_REASON_LENGTH,
  QUIET_DURATIONS_MS,
  scopeWithout,
} from './scope.ts';
import { ScopeChoice } from './scope-choice.tsx';
import { WouldHide } from './would-hide.tsx';

const DURATIONS = {
  false_positive: { choices: EXCEPTION_DURATIONS_MS, first: DEFAULT_EXCEPTION_MS },
  quiet: { choices: QUIET_DURATIONS_MS, first: DEFAULT_QUIET_MS },
} as const;

interface ExceptionDrawerProps {
  readonly alert: Alert;
  readonly kind: OfAlert;
  readonly onClose: () => void;
}

/** What shall not be told any more, why, until when; and what that would have hidden. */
export function ExceptionDrawer({ alert, kind, onClose }: ExceptionDrawerProps) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const durationText = useDurationText();
  const words = kind === 'quiet' ? 'quiet' : 'exception';
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  const [reason, setReason] = useState('');
  const [durationMs, setDurationMs] = useState<number>(DURATIONS[kind].first);
  const narrowest = useExceptionProposal(alert.id, kind);
  const choices = narrowest.data?.choices ?? {};
  // What is quiet begins with the cause of the alert; the rest of what is known of it is there to be ticked.
  const proposed = narrowest.data?.scope ?? {};
  const unticked = chosen ?? new Set(Object.keys(choices).filter((name) => !Object.hasOwn(proposed, name)));
  const scope = scopeWithout(choices, unticked);
  const proposal = useExceptionProposal(alert.id, kind, chosen === undefined ? undefined : scope);
  const make = useMakeException();
  const refusal = proposal.data?.refusal;

  const confirm = () =>
    make.mutate(
      { alertId: alert.id, kind, scope, reason: reason.trim(), durationMs },
      {
        onSuccess: () => {
          void message.success(t(`${words}.made`));
          onClose();
        },
      },
    );
  const canMake = proposal.data && !proposal.isPlaceholderData && !refusal && reason.trim() !== '';

  return (
    <Drawer
      open
      size={560}
      title={t(`${words}.title`)}
      onClose={onClose}
      rootClassName="exception-drawer"
      footer={
        <>
          {make.error ? <Trouble thrown={make.error} /> : undefined}
          <span className="button-row">
            <Button
              type="primary"
              disabled={!canMake}
              loading={make.isPending}
              onClick={confirm}
              data-testid="exception-confirm"
            >
              {t(`${words}.confirm`)}
            </Button>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
          </span>
        </>
      }
    >
      <p>{t(`${words}.lead`)}</p>
      {narrowest.isPending ? <Waiting rows={6} /> : undefined}
      {narrowest.error ? <Trouble thrown={narrowest.error} onRetry={() => void narrowest.refetch()} /> : undefined}
      {narrowest.data ? (
        <>
          <ScopeChoice label={t(`${words}.scope`)} choices={choices} unticked={unticked} onChange={setChosen} />
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
            <span>{t(`${words}.reason`)}</span>
            <Input.TextArea
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              placeholder={t(`${words}.reasonHint`)}
              maxLength={MAX_REASON_LENGTH}
              autoSize={{ minRows: 2, maxRows: 6 }}
              data-testid="exception-reason"
            />
          </label>
          <div className="exception-field">
            <span>{t(`${words}.duration`)}</span>
            <Select<number>
              value={durationMs}
              onChange={setDurationMs}
              aria-label={t(`${words}.duration`)}
              options={DURATIONS[kind].choices.map((value) => ({ value, label: durationText(value) }))}
            />
            <small className="muted">{t(`${words}.durationHint`)}</small>
          </div>
        </>
      ) : undefined}
    </Drawer>
  );
}
