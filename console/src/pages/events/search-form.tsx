import { SearchOutlined } from '@ant-design/icons';
import { Button, DatePicker, Input, type InputRef, Select } from 'antd';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LOG_SOURCES, type LogSource } from '../../api/shapes.ts';
import { useSearchKey } from '../../parts/search-key.ts';
import { ConditionBuilder } from './condition-builder.tsx';
import { RECENT, type RecentName, timesOf, type Wanted } from './search-address.ts';

interface SearchFormProps {
  readonly wanted: Wanted;
  readonly isBusy: boolean;
  readonly onSearch: (wanted: Wanted) => void;
}

/** Time, kind, words and conditions. Choices search at once, words when Enter is pressed. */
export function SearchForm({ wanted, isBusy, onSearch }: SearchFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(wanted.text);
  const field = useRef<InputRef>(null);
  useSearchKey(field);
  const search = (changes: Partial<Wanted>) => onSearch({ ...wanted, text, ...changes });
  const recent = Object.keys(RECENT) as RecentName[];
  const isCustom = typeof wanted.range !== 'string';
  return (
    <search className="sheet search-form">
      <form
        className="search-line"
        onSubmit={(event) => {
          event.preventDefault();
          search({});
        }}
      >
        <Select<RecentName | 'custom'>
          value={isCustom ? 'custom' : (wanted.range as RecentName)}
          onChange={(range) => search({ range: range === 'custom' ? timesOf(wanted.range, Date.now()) : range })}
          aria-label={t('events.range')}
          className="search-range"
          options={[...recent, 'custom' as const].map((value) => ({ value, label: t(`events.${value}`) }))}
        />
        {typeof wanted.range === 'string' ? undefined : (
          <DatePicker.RangePicker
            showTime
            allowClear={false}
            value={[dayjs(wanted.range.from), dayjs(wanted.range.to)]}
            onChange={(dates) => {
              const [from, to] = dates ?? [];
              if (from && to) search({ range: { from: from.valueOf(), to: to.valueOf() } });
            }}
            aria-label={t('events.range')}
            className="search-dates"
          />
        )}
        <Select<LogSource | ''>
          value={wanted.source ?? ''}
          onChange={(source) => search({ source: source === '' ? undefined : source })}
          aria-label={t('events.source')}
          className="search-source"
          options={[
            { value: '', label: t('events.anySource') },
            ...LOG_SOURCES.map((value) => ({ value, label: t(`words.logSource.${value}`) })),
          ]}
        />
        <Input
          ref={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={t('events.textHint')}
          aria-label={t('events.text')}
          prefix={<SearchOutlined />}
          maxLength={500}
          spellCheck={false}
          allowClear
          className="search-text"
          data-testid="events-text"
        />
        <Button type="primary" htmlType="submit" loading={isBusy} data-testid="events-search">
          {t('events.search')}
        </Button>
      </form>
      <ConditionBuilder where={wanted.where} onChange={(where) => search({ where })} />
    </search>
  );
}
