import { useTranslation } from 'react-i18next';
import { useActions } from '../../api/queries.ts';
import type { Action } from '../../api/shapes.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { RespondWarning } from '../../parts/respond/respond-warning.tsx';
import { Section } from '../../parts/section.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { ActionTable } from './action-table.tsx';
import { BlockByHand } from './block-by-hand.tsx';
import { phaseOf } from './phase.ts';

/** What waits for a decision, what is in force, what is over; and blocking by hand. */
export function ResponsesPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useActions();
  const inPhase = (phase: ReturnType<typeof phaseOf>): readonly Action[] =>
    (data?.items ?? []).filter((action) => phaseOf(action) === phase);
  return (
    <>
      <PageHead title={t('responses.title')} lead={t('responses.lead')} />
      <RespondWarning />
      {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {!data && !error ? <Waiting rows={10} /> : undefined}
      {data ? (
        <>
          {inPhase('asked').length > 0 ? (
            <Section title={t('responses.asked')} className="is-asked">
              <ActionTable label={t('responses.asked')} actions={inPhase('asked')} />
            </Section>
          ) : undefined}
          <Section title={t('responses.live')}>
            {inPhase('live').length > 0 ? (
              <ActionTable label={t('responses.live')} actions={inPhase('live')} />
            ) : (
              <p className="muted">{t('responses.liveNone')}</p>
            )}
          </Section>
          <BlockByHand />
          <Section title={t('responses.ended')}>
            {inPhase('ended').length > 0 ? (
              <ActionTable label={t('responses.ended')} actions={inPhase('ended')} />
            ) : (
              <p className="muted">{t('responses.endedNone')}</p>
            )}
          </Section>
        </>
      ) : undefined}
    </>
  );
}
