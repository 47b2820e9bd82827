import { App, Button, Drawer, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type MaintenancePlan,
  useChangeException,
  useMaintenanceProposal,
  usePlanMaintenance,
} from '../../api/exception-queries.ts';
import type { Exception } from '../../api/shapes.ts';
import { problemText } from '../../parts/failure-text.ts';
import { LocalTimeInput } from '../../parts/local-time-input.tsx';
import { RuleChoice } from '../../parts/rule-choice.tsx';
import { Trouble, TroubleBox } from '../../parts/trouble.tsx';
import '../alert/exception/exception.css';
import { MAX_REASON_LENGTH } from '../alert/exception/scope.ts';
import { MaintenanceReach } from './maintenance-reach.tsx';
import { ScopeRows } from './scope-rows.tsx';
import { NO_ROW, rowsOf, scopeOf } from './scope-text.ts';

const HOUR_MS = 3_600_000;

/** Planned work: when, about what, why; with what it would have hidden. For a window there is, it is changed. */
export function MaintenanceDrawer({
  nowMs,
  before,
  onClose,
}: {
  /** By the clock of the centre. */
  readonly nowMs: number;
  readonly before: Exception | undefined;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const [firstMs] = useState(() => Math.floor(nowMs / 60_000) * 60_000);
  const [ruleIds, setRuleIds] = useState<string[]>(before?.ruleIds ?? []);
  const [rows, setRows] = useState(() => (before ? rowsOf(before.scope) : [NO_ROW]));
  const [startsMs, setStartsMs] = useState<number | undefined>(before?.startsMs ?? firstMs);
  const [expiresMs, setExpiresMs] = useState<number | undefined>(before?.expiresMs ?? firstMs + 2 * HOUR_MS);
  const [reason, setReason] = useState(before?.reason ?? '');
  const scope = scopeOf(rows);
  const hasReach = ruleIds.length > 0 || (scope !== undefined && Object.keys(scope).length > 0);
  const plan: MaintenancePlan | undefined =
    hasReach && scope && startsMs !== undefined && expiresMs !== undefined
      ? { ruleIds, scope, startsMs, expiresMs }
      : undefined;
  const proposal = useMaintenanceProposal(plan);
  const make = usePlanMaintenance();
  const change = useChangeException();
  const hasBegun = before !== undefined && before.startsMs <= nowMs;
  // That it began long ago is refused of a new one only.
  const refusal = hasBegun ? undefined : proposal.data?.refusal;
  const canSave =
    plan !== undefined && proposal.data && !proposal.isPlaceholderData && !refusal && reason.trim() !== '';

  const onSuccess = () => {
    void message.success(t(before ? 'maintenance.changed' : 'maintenance.made'));
    onClose();
  };
  const confirm = () => {
    if (!plan) return;
    const body = { ...plan, reason: reason.trim() };
    if (before) change.mutate({ ...body, id: before.id, revision: before.revision }, { onSuccess });
    else make.mutate(body, { onSuccess });
  };

  return (
    <Drawer
      open
      size={560}
      title={t(before ? 'maintenance.changeTitle' : 'maintenance.title')}
      onClose={onClose}
      rootClassName="exception-drawer"
      footer={
        <>
          {make.error ? <Trouble thrown={make.error} /> : undefined}
          {change.error ? <Trouble thrown={change.error} /> : undefined}
          <span className="button-row">
            <Button
              type="primary"
              disabled={!canSave}
              loading={make.isPending || change.isPending}
              onClick={confirm}
              data-testid="maintenance-confirm"
            >
              {before ? t('common.save') : t('maintenance.confirm')}
            </Button>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
          </span>
        </>
      }
    >
      <p>{t('maintenance.lead')}</p>
      <div className="field-pair">
        <LocalTimeInput
          label={t('maintenance.starts')}
          timeMs={startsMs}
          onTime={setStartsMs}
          isFixed={hasBegun}
          testId="maintenance-starts"
        />
        <LocalTimeInput
          label={t('maintenance.ends')}
          timeMs={expiresMs}
          onTime={setExpiresMs}
          testId="maintenance-ends"
        />
      </div>
      <p className="muted field-hint">{t(hasBegun ? 'maintenance.begun' : 'maintenance.times')}</p>
      <div className="field">
        <span>{t('maintenance.rules')}</span>
        <RuleChoice
          label={t('maintenance.rules')}
          placeholder={t('maintenance.anyRule')}
          chosen={ruleIds}
          onChoose={setRuleIds}
        />
      </div>
      <ScopeRows rows={rows} onChange={setRows} />
      {hasReach ? undefined : <p className="muted field-hint">{t('maintenance.needsScope')}</p>}
      {refusal ? <TroubleBox text={problemText(refusal, { t, i18n })} /> : undefined}
      {proposal.error ? <Trouble thrown={proposal.error} /> : undefined}
      {plan && proposal.data ? (
        <MaintenanceReach proposal={proposal.data} isStale={proposal.isPlaceholderData} />
      ) : undefined}
      <label className="field">
        <span>{t('maintenance.reason')}</span>
        <Input.TextArea
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          placeholder={t('maintenance.reasonHint')}
          maxLength={MAX_REASON_LENGTH}
          autoSize={{ minRows: 2, maxRows: 6 }}
          data-testid="maintenance-reason"
        />
      </label>
    </Drawer>
  );
}
