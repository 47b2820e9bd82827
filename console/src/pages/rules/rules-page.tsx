import { SearchOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input, type InputRef, Select } from 'antd';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useRules } from '../../api/rule-queries.ts';
import { LEVELS } from '../../api/shapes.ts';
import { Blank } from '../../parts/blank.tsx';
import { LevelFilter } from '../../parts/level-filter.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useSearchKey } from '../../parts/search-key.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useFilters } from '../../parts/use-filters.ts';
import { Waiting } from '../../parts/waiting.tsx';
import '../alerts/alerts.css';
import { filterRules, sourcesOf } from './rule-filter.ts';
import { RuleProblems } from './rule-problems.tsx';
import { RuleTable } from './rule-table.tsx';
import './rules.css';

const PER_PAGE = 50;

/** The rules that run. What is looked for stands in the address, so that it can be kept and sent. */
export function RulesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { query, change, clear } = useFilters();
  const { data, error, isPending, refetch } = useRules();
  const field = useRef<InputRef>(null);
  useSearchKey(field);
  const text = (query.get('text') ?? '').slice(0, 200);
  const minLevel = LEVELS.find((known) => known === query.get('level'));
  const source = query.get('source') || undefined;
  const onlyFired = query.has('fired');
  const onlyOwn = query.has('own');
  const all = useMemo(() => data?.items ?? [], [data]);
  const found = useMemo(
    () => filterRules(all, { text, minLevel, source, onlyFired, onlyOwn }),
    [all, text, minLevel, source, onlyFired, onlyOwn],
  );
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const page = Math.min(pages, Math.max(1, Math.floor(Number(query.get('page')) || 1)));

  return (
    <>
      <PageHead title={t('rules.title')} lead={t('rules.lead')}>
        <Link to="/hunts">{t('rules.toHunts')}</Link>
      </PageHead>
      <RuleProblems />
      <search className="filters">
        <Input
          ref={field}
          value={text}
          onChange={(event) => change({ text: event.target.value })}
          placeholder={t('rules.search')}
          aria-label={t('rules.search')}
          prefix={<SearchOutlined />}
          maxLength={200}
          allowClear
          className="filter-text"
          data-testid="rules-text"
        />
        <LevelFilter minLevel={minLevel} onChange={(value) => change({ level: value })} />
        <Select<string>
          value={source ?? ''}
          onChange={(value) => change({ source: value })}
          aria-label={t('rules.source')}
          className="filter-source"
          showSearch
          options={[
            { value: '', label: t('rules.anySource') },
            ...sourcesOf(all).map((value) => ({ value, label: value })),
          ]}
        />
        <Checkbox
          checked={onlyFired}
          onChange={(event) => change({ fired: event.target.checked ? '1' : undefined })}
          data-testid="rules-fired"
        >
          {t('rules.onlyFired')}
        </Checkbox>
        <Checkbox checked={onlyOwn} onChange={(event) => change({ own: event.target.checked ? '1' : undefined })}>
          {t('rules.onlyOwn')}
        </Checkbox>
      </search>
      {isPending ? <Waiting rows={10} /> : undefined}
      {error && !data ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {data ? (
        <p className="muted rules-count" data-testid="rules-count">
          {t('rules.count', { shown: found.length, count: all.length })}
        </p>
      ) : undefined}
      {data && found.length === 0 ? (
        <div className="sheet">
          <Blank title={t('rules.empty')}>
            <Button onClick={clear}>{t('rules.clear')}</Button>
          </Blank>
        </div>
      ) : undefined}
      {found.length > 0 ? (
        <div className="sheet table-sheet">
          <RuleTable
            rules={found.slice((page - 1) * PER_PAGE, page * PER_PAGE)}
            onOpen={({ id }) => void navigate(`/rules/${encodeURIComponent(id)}`)}
          />
          <Pager
            page={page}
            perPage={PER_PAGE}
            total={found.length}
            onPage={(next) => change({ page: next === 1 ? undefined : String(next) })}
          />
        </div>
      ) : undefined}
      {data ? <p className="muted">{t('rules.cap', { cap: data.capPerHour })}</p> : undefined}
    </>
  );
}
