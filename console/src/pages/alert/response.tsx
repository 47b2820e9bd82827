import { useTranslation } from 'react-i18next';
import type { Action, AlertPage } from '../../api/shapes.ts';
import { Actor } from '../../parts/entities.tsx';
import { dateTime } from '../../parts/figures.ts';
import { ActionProblem } from '../../parts/respond/action-problem.tsx';
import { DecisionButtons } from '../../parts/respond/decision-buttons.tsx';
import { PlanFirst, ProposeBlock } from '../../parts/respond/propose-block.tsx';
import { RespondWarning } from '../../parts/respond/respond-warning.tsx';
import { Section } from '../../parts/section.tsx';
import { ActionStateTag } from '../../parts/tags.tsx';

const OPEN_STATES: ReadonlySet<Action['state']> = new Set(['asked', 'approved', 'running', 'done']);

/** What can be done with one click, and what was done so. */
export function Response({ page: { alert, actions } }: { readonly page: AlertPage }) {
  const { t } = useTranslation();
  const newestFirst = [...actions].sort((a, b) => b.requestedMs - a.requestedMs);
  const open = newestFirst.find((action) => OPEN_STATES.has(action.state));
  const [latest] = newestFirst;
  const shown = open ?? latest;
  const canPropose = alert.proposal !== undefined && open === undefined;
  return (
    <Section title={t('alert.respond')} className="response place-response">
      {alert.proposal ? <RespondWarning /> : undefined}
      {alert.proposal && alert.forgeable ? <p className="alert-text">{t('alert.forgeable')}</p> : undefined}
      {shown ? <OneAction action={shown} /> : undefined}
      {canPropose && alert.proposal ? (
        <>
          <p className="alert-text">{t('alert.proposal', { target: alert.proposal.target })}</p>
          <ProposeBlock target={alert.proposal.target} alertId={alert.id} isRehearsal={alert.demo} />
        </>
      ) : undefined}
      {!alert.proposal && !shown ? <p className="muted">{t('alert.noProposal')}</p> : undefined}
    </Section>
  );
}

function OneAction({ action }: { readonly action: Action }) {
  const { t, i18n } = useTranslation();
  const { state, target, requestedBy, approvedBy, doneMs, expiresMs } = action;
  const isAsked = state === 'asked';
  return (
    <div className="one-action">
      <p className="action-line">
        <b className="mono">{target}</b> <ActionStateTag action={action} />
      </p>
      {isAsked ? <p className="alert-text">{t('respond.askedText', { target })}</p> : undefined}
      {state === 'done' && !action.dryRun && doneMs !== undefined ? (
        <p className="muted">
          {t('respond.since', { time: dateTime(doneMs, i18n.language) })}
          {expiresMs === undefined ? '' : ` · ${t('respond.until', { time: dateTime(expiresMs, i18n.language) })}`}
        </p>
      ) : undefined}
      <p className="muted">
        <Actor name={requestedBy} />
        {approvedBy === undefined || approvedBy === requestedBy ? undefined : (
          <>
            {' → '}
            <Actor name={approvedBy} />
          </>
        )}
      </p>
      <ActionProblem action={action} />
      {isAsked ? (
        <PlanFirst target={target}>
          <DecisionButtons action={action} />
        </PlanFirst>
      ) : (
        <DecisionButtons action={action} />
      )}
    </div>
  );
}
