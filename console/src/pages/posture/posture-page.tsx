import { useTranslation } from 'react-i18next';
import { useRoadMap, useScore } from '../../api/posture-queries.ts';
import { Blank } from '../../parts/blank.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { PostureTabs } from '../../parts/posture-tabs.tsx';
import { ScanHint } from '../../parts/scan-hint.tsx';
import '../rules/rules.css';
import { Trouble } from '../../parts/trouble.tsx';
import { useFilters } from '../../parts/use-filters.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { Deductions } from './deductions.tsx';
import './posture.css';
import { Questions } from './questions.tsx';
import { LaterSteps, Today } from './road-map.tsx';
import { ScoreSheet } from './score-sheet.tsx';
import { TargetChoice } from './target-choice.tsx';

/** How safe it is, what to do today and later, and where the points went. */
export function PosturePage() {
  const { t } = useTranslation();
  const { query, change } = useFilters();
  const score = useScore();
  const map = useRoadMap();
  const targets = score.data?.targets ?? [];
  const target = targets.find(({ scan }) => scan.target === query.get('target')) ?? targets[0];
  return (
    <>
      <PageHead title={t('posture.title')} lead={t('posture.lead')}>
        <PostureTabs />
      </PageHead>
      {score.isPending ? <Waiting rows={8} /> : undefined}
      {score.error && !score.data ? <Trouble thrown={score.error} onRetry={() => void score.refetch()} /> : undefined}
      {score.data && !target ? (
        <div className="sheet">
          <Blank title={t('posture.noScan')} hint={t('posture.noScanHint')}>
            <ScanHint />
          </Blank>
        </div>
      ) : undefined}
      {target ? (
        <>
          <TargetChoice targets={targets} chosen={target} onChoose={(name) => change({ target: name })} />
          <ScoreSheet key={target.scan.target} target={target} />
        </>
      ) : undefined}
      {map.error && !map.data ? <Trouble thrown={map.error} onRetry={() => void map.refetch()} /> : undefined}
      {map.data ? (
        <>
          <Today steps={map.data.today} />
          {map.data.answers ? undefined : <Questions answers={undefined} />}
          <LaterSteps map={map.data} />
        </>
      ) : undefined}
      {target ? <Deductions key={target.scan.target} target={target} /> : undefined}
      {map.data?.answers ? <Questions answers={map.data.answers} /> : undefined}
    </>
  );
}
