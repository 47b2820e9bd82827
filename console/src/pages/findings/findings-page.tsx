import { SearchOutlined } from '@ant-design/icons';
import { Button, Input, type InputRef, Select } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFindings, useFrameworks, useScore } from '../../api/posture-queries.ts';
import { type Finding, OPEN_VERDICTS } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { Blank } from '../../parts/blank.tsx';
import { LevelFilter } from '../../parts/level-filter.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pager } from '../../parts/pager.tsx';
import { PostureTabs } from '../../parts/posture-tabs.tsx';
import { VisibleText } from '../../parts/raw-text.tsx';
import { ScanHint } from '../../parts/scan-hint.tsx';
import { useSearchKey } from '../../parts/search-key.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useFilters } from '../../parts/use-filters.ts';
import { Waiting } from '../../parts/waiting.tsx';
import '../alerts/alerts.css';
import '../posture/posture.css';
import '../rules/rules.css';
import { FindingDrawer } from './finding-drawer.tsx';
import { isNarrowed, PER_PAGE, searchOf } from './finding-filters.ts';
import { FindingTable } from './finding-table.tsx';
import './findings.css';

/** What the latest scans found. What is looked for stands in the address, so that it can be kept and sent. */
export function FindingsPage() {
  const { t } = useTranslation();
  const { query, change, clear } = useFilters();
  const { page, ...search } = searchOf(query);
  const { data, error, isPending, refetch } = useFindings(search);
  const score = useScore();
  const [opened, setOpened] = useState<Finding>();
  const field = useRef<InputRef>(null);
  useSearchKey(field);
  const targets = score.data?.targets.map(({ scan }) => scan.target) ?? [];
  const wasScanned = score.data === undefined || targets.length > 0;
  const narrowed = isNarrowed(search) || page > 1;

  return (
    <>
      <PageHead title={t('findings.title')} lead={t('findings.lead')}>
        <PostureTabs />
      </PageHead>
      {wasScanned ? (
        <search className="filters">
          <Input
            ref={field}
            value={search.text ?? ''}
            onChange={(event) => change({ text: event.target.value })}
            placeholder={t('findings.search')}
            aria-label={t('findings.search')}
            prefix={<SearchOutlined />}
            maxLength={200}
            allowClear
            className="filter-text"
            data-testid="findings-text"
          />
          <LevelFilter minLevel={search.minLevel} onChange={(value) => change({ level: value })} />
          <Select<string>
            value={search.verdict ?? ''}
            onChange={(value) => change({ verdict: value })}
            aria-label={t('findings.verdict')}
            className="filter-level"
            data-testid="findings-verdict"
            options={[
              { value: '', label: t('findings.anyVerdict') },
              ...OPEN_VERDICTS.map((value) => ({ value, label: t(`findings.verdictIs.${value}`) })),
            ]}
          />
          {targets.length > 1 || search.target ? (
            <Select<string>
              value={search.target ?? ''}
              onChange={(value) => change({ target: value })}
              aria-label={t('findings.target')}
              className="filter-source"
              options={[
                { value: '', label: t('findings.anyTarget') },
                ...[...new Set([...targets, ...(search.target ? [search.target] : [])])].map((value) => ({
                  value,
                  label: value,
                })),
              ]}
            />
          ) : undefined}
        </search>
      ) : undefined}
      <OnlyOne search={search} onClear={clear} />
      {isPending ? <Waiting rows={10} /> : undefined}
      {error && !data ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {data && data.items.length === 0 ? (
        <div className="sheet">
          {wasScanned ? (
            <Blank
              title={t(narrowed ? 'findings.emptyFilter' : 'findings.empty')}
              {...(narrowed ? {} : { hint: t('findings.emptyHint') })}
            >
              {narrowed ? <Button onClick={clear}>{t('findings.clear')}</Button> : undefined}
            </Blank>
          ) : (
            <Blank title={t('posture.noScan')} hint={t('posture.noScanHint')}>
              <ScanHint />
            </Blank>
          )}
        </div>
      ) : undefined}
      {data && data.items.length > 0 ? (
        <div className="sheet table-sheet">
          <FindingTable findings={data.items} onOpen={setOpened} />
          <Pager
            page={page}
            perPage={PER_PAGE}
            total={data.total}
            onPage={(next) => change({ page: next === 1 ? undefined : String(next) })}
          />
        </div>
      ) : undefined}
      {opened ? <FindingDrawer finding={opened} onClose={() => setOpened(undefined)} /> : undefined}
    </>
  );
}

/** What a link led here for: one check, or one clause. */
function OnlyOne({
  search: { check, framework, clause },
  onClear,
}: {
  readonly search: Omit<ReturnType<typeof searchOf>, 'page'>;
  readonly onClear: () => void;
}) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { data } = useFrameworks();
  if (check === undefined && (framework === undefined || clause === undefined)) return undefined;
  const found = data?.items.find(({ id }) => id === framework);
  const number = (clause ?? '').replace(/^c-/, '');
  const text =
    check === undefined
      ? t('findings.ofClause', { framework: found ? say(found.title) : (framework ?? ''), clause: number })
      : t('findings.ofCheck', { check });
  return (
    <p className="put-away">
      <span>
        <VisibleText text={text} />
      </span>
      <button type="button" className="plain-link" onClick={onClear}>
        {t('findings.clear')}
      </button>
    </p>
  );
}
