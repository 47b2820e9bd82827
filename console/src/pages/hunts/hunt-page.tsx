import { ExperimentOutlined, LeftOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useHunt } from '../../api/rule-queries.ts';
import type { Hunt } from '../../api/shapes.ts';
import { Blank } from '../../parts/blank.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { HuntProgress, HuntStateTag } from './hunt-state.tsx';
import { HuntPeriod, HuntRules } from './hunt-what.tsx';
import './hunts.css';
import { FoundTable } from './found-table.tsx';

/** One hunt: how far it is, and what the rules would have found. */
export function HuntPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { data, error, refetch } = useHunt(id);
  return (
    <>
      <Link to="/hunts" className="back-link">
        <LeftOutlined /> {t('hunts.title')}
      </Link>
      <PageHead title={t('hunts.resultTitle')} />
      {data ? <OneHunt hunt={data} /> : undefined}
      {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {!data && !error ? <Waiting rows={8} /> : undefined}
    </>
  );
}

function OneHunt({ hunt }: { readonly hunt: Hunt }) {
  const { t } = useTranslation();
  const { found, state } = hunt;
  return (
    <>
      <p className="hunt-note" data-testid="hunt-note">
        <ExperimentOutlined aria-hidden="true" /> {t('hunts.resultNote')}
      </p>
      <div className="sheet">
        <p className="hunt-head">
          <HuntStateTag hunt={hunt} /> <HuntPeriod hunt={hunt} />
        </p>
        <HuntRules hunt={hunt} />
        <HuntProgress hunt={hunt} />
      </div>
      {found.length > 0 ? (
        <Section
          title={t('hunts.found')}
          hint={hunt.count > found.length ? t('hunts.first', { count: found.length }) : undefined}
        >
          <FoundTable found={found} />
        </Section>
      ) : undefined}
      {state === 'done' && found.length === 0 ? (
        <div className="sheet">
          <Blank title={t('hunts.resultNone')} />
        </div>
      ) : undefined}
    </>
  );
}
