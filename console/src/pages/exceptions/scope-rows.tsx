import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { NO_ROW, type ScopeRow } from './scope-text.ts';

/** Of an alert’s entities, those that people plan work by, the commonest first. */
const NAMES = ['host', 'src_ip', 'user', 'account', 'actor', 'service', 'site', 'resource', 'process', 'path'] as const;

interface ScopeRowsProps {
  readonly rows: readonly ScopeRow[];
  readonly onChange: (rows: ScopeRow[]) => void;
}

/** What an alert has to be about, one line for each. */
export function ScopeRows({ rows, onChange }: ScopeRowsProps) {
  const { t, i18n } = useTranslation();
  const change = (at: number, to: Partial<ScopeRow>) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, ...to } : row)));
  const known = [...new Set([...NAMES, ...rows.map(({ name }) => name)])];
  const free = known.find((name) => !rows.some((row) => row.name === name));
  const word = (name: string) => (i18n.exists(`words.entity.${name}`) ? t(`words.entity.${name as 'user'}`) : name);
  return (
    <fieldset className="scope-rows">
      <legend>{t('maintenance.scope')}</legend>
      {rows.map((row, at) => (
        <div key={at} className="scope-row">
          <Select<string>
            value={row.name}
            onChange={(name) => change(at, { name })}
            aria-label={t('maintenance.scopeName')}
            options={known.map((value) => ({ value, label: word(value) }))}
          />
          <Input
            value={row.value}
            onChange={(event) => change(at, { value: event.target.value })}
            placeholder={t('maintenance.scopeValue')}
            aria-label={t('maintenance.scopeValue')}
            maxLength={256}
            className="mono"
            spellCheck={false}
            autoComplete="off"
            data-testid="maintenance-value"
          />
          <Button
            type="text"
            icon={<CloseOutlined />}
            disabled={rows.length === 1}
            onClick={() => onChange(rows.filter((_, index) => index !== at))}
            aria-label={t('maintenance.removeScope')}
          />
        </div>
      ))}
      {free ? (
        <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...rows, { ...NO_ROW, name: free }])}>
          {t('maintenance.addScope')}
        </Button>
      ) : undefined}
    </fieldset>
  );
}
