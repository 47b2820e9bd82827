import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { AutoComplete, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { encodeCondition, isField, OPERATORS, type Operator, parseCondition } from './condition.ts';
import { KNOWN_FIELDS } from './event-fields.ts';

interface ConditionBuilderProps {
  readonly where: readonly string[];
  readonly onChange: (where: readonly string[]) => void;
}

/** Conditions as tags that can be taken away, and a line to add one. */
export function ConditionBuilder({ where, onChange }: ConditionBuilderProps) {
  const { t } = useTranslation();
  const [isAdding, setAdding] = useState(false);
  return (
    <div className="conditions">
      {where.map((text) => (
        <ConditionTag key={text} text={text} onRemove={() => onChange(where.filter((other) => other !== text))} />
      ))}
      {isAdding ? (
        <NewCondition
          onAdd={(text) => {
            setAdding(false);
            if (!where.includes(text)) onChange([...where, text]);
          }}
          onCancel={() => setAdding(false)}
        />
      ) : (
        <Button
          size="small"
          type="dashed"
          icon={<PlusOutlined />}
          onClick={() => setAdding(true)}
          data-testid="add-condition"
        >
          {t('events.addCondition')}
        </Button>
      )}
    </div>
  );
}

function ConditionTag({ text, onRemove }: { readonly text: string; readonly onRemove: () => void }) {
  const { t } = useTranslation();
  const condition = parseCondition(text);
  if (!condition) return undefined;
  return (
    <span className="condition">
      <b>{condition.field}</b> {t(`events.op.${condition.operator}`)} <span>{condition.value.slice(0, 60)}</span>
      <button type="button" onClick={onRemove} aria-label={t('events.remove', { condition: text.slice(0, 80) })}>
        <CloseOutlined />
      </button>
    </span>
  );
}

function NewCondition({ onAdd, onCancel }: { readonly onAdd: (text: string) => void; readonly onCancel: () => void }) {
  const { t } = useTranslation();
  const [field, setField] = useState('');
  const [operator, setOperator] = useState<Operator>('=');
  const [value, setValue] = useState('');
  const isWrong = field !== '' && !isField(field);
  return (
    <form
      className="new-condition"
      onSubmit={(event) => {
        event.preventDefault();
        const text = encodeCondition({ field, operator, value });
        if (text !== undefined) onAdd(text);
      }}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <AutoComplete
        value={field}
        onChange={setField}
        options={KNOWN_FIELDS.filter((known) => known.includes(field)).map((known) => ({ value: known }))}
        placeholder={t('events.field')}
        aria-label={t('events.field')}
        status={isWrong ? 'error' : undefined}
        title={isWrong ? t('events.fieldRule') : undefined}
        autoFocus
        className="condition-field"
        data-testid="condition-field"
      />
      <Select<Operator>
        value={operator}
        onChange={setOperator}
        aria-label={t('events.operator')}
        className="condition-operator"
        options={OPERATORS.map((known) => ({ value: known, label: t(`events.op.${known}`) }))}
      />
      {operator === '?' ? undefined : (
        <Input
          value={value}
          onChange={(event) => setValue(event.target.value)}
          placeholder={t('events.value')}
          aria-label={t('events.value')}
          maxLength={1000}
          spellCheck={false}
          className="condition-value"
          data-testid="condition-value"
        />
      )}
      <Button type="primary" htmlType="submit" disabled={!isField(field)} data-testid="condition-add">
        {t('events.add')}
      </Button>
      <Button onClick={onCancel}>{t('common.cancel')}</Button>
    </form>
  );
}
