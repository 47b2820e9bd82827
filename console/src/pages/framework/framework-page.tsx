import { LeftOutlined } from '@ant-design/icons';
import { Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useFramework, useFrameworks, useScore } from '../../api/posture-queries.ts';
import { CLAUSE_STATUSES, type ClauseStatus, type FrameworkPage as FrameworkPageShape } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { Blank } from '../../parts/blank.tsx';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { StandingBar, StandingLegend } from '../../parts/standing-bar.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useFilters } from '../../parts/use-filters.ts';
import { Waiting } from '../../parts/waiting.tsx';
import '../alerts/alerts.css';
import '../posture/posture.css';
import { clauseGroups } from './clause-groups.ts';
import { ClauseView } from './clause-view.tsx';
import './framework.css';
import { webLink } from './web-link.ts';

/** One standard, or a choice for an industry, clause by clause. */
export function FrameworkPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { data, error, refetch } = useFramework(id);
  return (
    <>
      <Link to="/posture/frameworks" className="back-link">
        <LeftOutlined /> {t('framework.back')}
      </Link>
      {data ? <OneFramework key={id} framework={data} /> : undefined}
      {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {!data && !error ? <Waiting rows={12} /> : undefined}
    </>
  );
}

function OneFramework({ framework }: { readonly framework: FrameworkPageShape }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { query, change } = useFilters();
  const { id, title, version, source, note, standing, clauses } = framework;
  const status = CLAUSE_STATUSES.find((known) => known === query.get('status'));
  const groups = useMemo(
    () => clauseGroups(clauses.filter((clause) => status === undefined || clause.status === status)),
    [clauses, status],
  );
  const frameworks = useFrameworks();
  const score = useScore();
  const targetOf = (scanId: string) => score.data?.targets.find(({ scan }) => scan.id === scanId)?.scan.target;
  const link = webLink(source);
  const isMixed = clauses.some((clause) => clause.framework !== id);
  const titleOf = (one: string) => {
    const found = frameworks.data?.items.find((entry) => entry.id === one);
    return found ? say(found.title) : one;
  };
  return (
    <>
      <PageHead title={say(title)} {...(note ? { lead: say(note) } : {})}>
        <Select<ClauseStatus | ''>
          value={status ?? ''}
          onChange={(value) => change({ status: value })}
          aria-label={t('framework.filter')}
          className="clause-filter"
          data-testid="clause-filter"
          options={[
            { value: '', label: `${t('framework.all')} · ${clauses.length}` },
            ...CLAUSE_STATUSES.map((value) => ({
              value,
              label: `${t(`frameworks.status.${value}`)} · ${standing[value] ?? 0}`,
            })),
          ]}
        />
      </PageHead>
      <div className="sheet">
        <StandingBar standing={standing} />
        <div className="standing-words">
          <StandingLegend standing={standing} />
        </div>
        <p className="muted">
          {t('framework.version', { version })} · {t('framework.ownWords')}{' '}
          {link ? (
            <a href={link} target="_blank" rel="noreferrer noopener">
              {t('framework.source')}
            </a>
          ) : undefined}
        </p>
      </div>
      {groups.length === 0 ? (
        <div className="sheet">
          <Blank title={t('framework.none')} />
        </div>
      ) : undefined}
      {groups.map((group) => (
        <Section
          key={group.key}
          title={group.groups.length > 0 ? group.groups.map(say).join(' · ') : titleOf(group.framework)}
          {...(isMixed ? { hint: titleOf(group.framework) } : {})}
        >
          <div className="clauses">
            {group.clauses.map((clause) => (
              <ClauseView key={`${clause.framework} ${clause.key}`} clause={clause} targetOf={targetOf} />
            ))}
          </div>
        </Section>
      ))}
      <Section title={t('framework.report')} hint={t('framework.reportHint')}>
        <CopyBlock text={`./bartizan report ${id} --out ${id}.html`} testId="report-command" />
      </Section>
    </>
  );
}
