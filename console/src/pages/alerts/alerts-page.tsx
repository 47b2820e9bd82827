import { SearchOutlined } from '@ant-design/icons';
import { Button, Input, type InputRef, Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useAlerts } from '../../api/queries.ts';
import { ALERT_STATUSES, LEVELS, PUT_AWAY_STATUSES, type ShownStatus } from '../../api/shapes.ts';
import { Blank } from '../../parts/blank.tsx';
import { LevelFilter } from '../../parts/level-filter.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pager } from '../../parts/pager.tsx';
import { VisibleText } from '../../parts/raw-text.tsx';
import { useSearchKey } from '../../parts/search-key.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useFilters } from '../../parts/use-filters.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { AlertTable } from './alert-table.tsx';
import './alerts.css';
import { PutAway } from './put-away.tsx';

const PER_PAGE = 50;
const PUT_AWAY = 'put_away';
const TYPING_MS = 300;

/** The list of alerts. What is looked for stands in the address, so that it can be kept and sent. */
export function AlertsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { query, change, clear } = useFilters();
  const shownStatus = ALERT_STATUSES.find((known) => known === query.get('status'));
  const status = shownStatus ?? PUT_AWAY_STATUSES.find((known) => known === query.get('status'));
  const rule = query.get('rule')?.slice(0, 200) || undefined;
  const exception = query.get('exception')?.slice(0, 100) || undefined;
  const minLevel = LEVELS.find((known) => known === query.get('level'));
  const text = (query.get('text') ?? '').slice(0, 200);
  const page = Math.max(1, Math.floor(Number(query.get('page')) || 1));
  const alerts = useAlerts({
    status,
    minLevel,
    text: text || undefined,
    rule,
    exception,
    limit: PER_PAGE,
    offset: (page - 1) * PER_PAGE,
  });

  const isFiltered = status !== undefined || minLevel !== undefined || text !== '' || rule !== undefined;

  return (
    <>
      <PageHead title={t('alerts.title')} lead={t('alerts.lead')}>
        <Link to="/alerts/exceptions">{t('exceptions.title')}</Link>
      </PageHead>
      <search className="filters">
        <Segmented<ShownStatus | '' | typeof PUT_AWAY>
          // None of them while what was put away is looked at.
          value={status === undefined ? '' : (shownStatus ?? PUT_AWAY)}
          onChange={(value) =>
            change({ status: value === PUT_AWAY ? undefined : value, rule: undefined, exception: undefined })
          }
          aria-label={t('alerts.status')}
          options={[
            { value: '', label: t('alerts.anyStatus') },
            ...ALERT_STATUSES.map((value) => ({ value, label: t(`words.alertStatus.${value}`) })),
          ]}
        />
        <LevelFilter minLevel={minLevel} onChange={(value) => change({ level: value })} />
        <TextFilter text={text} onText={(value) => change({ text: value })} />
        <span className="key-hint">{t('common.keys')}</span>
      </search>
      {alerts.data ? <PutAway list={alerts.data} status={status} /> : undefined}
      {rule !== undefined && status === undefined ? (
        <p className="put-away" data-testid="alerts-of-rule">
          <span>
            <VisibleText text={t('alerts.ofRule', { rule })} />
          </span>
          <Link to={`/rules/${encodeURIComponent(rule)}`}>{t('alert.rule')}</Link>
          <Link to="/alerts">{t('alert.back')}</Link>
        </p>
      ) : undefined}
      {alerts.isPending ? <Waiting rows={10} /> : undefined}
      {alerts.error && !alerts.data ? (
        <Trouble thrown={alerts.error} onRetry={() => void alerts.refetch()} />
      ) : undefined}
      {alerts.data?.items.length === 0 ? (
        <div className="sheet">
          {isFiltered ? (
            <Blank title={t('alerts.emptyFilter')}>
              <Button onClick={clear}>{t('alerts.clear')}</Button>
            </Blank>
          ) : (
            <Blank title={t('alerts.empty')} hint={t('alerts.emptyHint')} />
          )}
        </div>
      ) : undefined}
      {alerts.data && alerts.data.items.length > 0 ? (
        <div className="sheet table-sheet">
          <AlertTable
            alerts={alerts.data.items}
            onOpen={({ id }) => void navigate(`/alerts/${encodeURIComponent(id)}`)}
          />
          <Pager
            page={page}
            perPage={PER_PAGE}
            total={alerts.data.total}
            onPage={(next) => change({ page: next === 1 ? undefined : String(next) })}
          />
        </div>
      ) : undefined}
    </>
  );
}

function TextFilter({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const { t } = useTranslation();
  const field = useRef<InputRef>(null);
  const [typed, setTyped] = useState(text);
  useSearchKey(field);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onText(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, text, onText]);
  return (
    <Input
      ref={field}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onPressEnter={() => onText(typed)}
      placeholder={t('alerts.search')}
      aria-label={t('alerts.search')}
      prefix={<SearchOutlined />}
      maxLength={200}
      allowClear
      className="filter-text"
      data-testid="alerts-text"
    />
  );
}
