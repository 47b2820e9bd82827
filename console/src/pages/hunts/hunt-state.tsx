import { Button, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCancelHunt } from '../../api/rule-queries.ts';
import type { HuntSummary } from '../../api/shapes.ts';
import { problemText } from '../../parts/failure-text.ts';
import { count } from '../../parts/figures.ts';
import { Trouble, TroubleBox } from '../../parts/trouble.tsx';

const TONES = { running: 'tone-busy', done: 'tone-good', cancelled: 'tone-calm', failed: 'tone-bad' } as const;

export function HuntStateTag({ hunt: { state } }: { readonly hunt: HuntSummary }) {
  const { t } = useTranslation();
  return (
    <span className={`tag ${TONES[state]}`} data-testid="hunt-state" data-state={state}>
      {t(`words.huntState.${state}`)}
    </span>
  );
}

/** How far it has come, and the way to end it; or why it failed. */
export function HuntProgress({ hunt }: { readonly hunt: HuntSummary }) {
  const { t, i18n } = useTranslation();
  const cancel = useCancelHunt();
  const { id, state, share, events, count: found, isWhole, problem } = hunt;
  const shown = (value: number) => count(value, i18n.language);
  return (
    <>
      {state === 'running' || state === 'cancelled' ? (
        <Progress percent={Math.floor(share * 100)} status={state === 'running' ? 'active' : 'normal'} />
      ) : undefined}
      <p className="muted" aria-live="polite" data-testid="hunt-progress">
        {t('hunts.progress', { events: shown(events), found: shown(found) })}
        {state !== 'running' && state !== 'failed' && !isWhole ? ` ${t('hunts.partial')}` : ''}
      </p>
      {state === 'running' ? (
        <Button onClick={() => cancel.mutate(id)} loading={cancel.isPending} data-testid="hunt-cancel">
          {t('hunts.cancel')}
        </Button>
      ) : undefined}
      {problem ? <TroubleBox text={problemText(problem, { t, i18n })} /> : undefined}
      {cancel.error ? <Trouble thrown={cancel.error} /> : undefined}
    </>
  );
}
