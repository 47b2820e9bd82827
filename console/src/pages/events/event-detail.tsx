import { MinusOutlined, PlusOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { StoredEvent } from '../../api/shapes.ts';
import { Help } from '../../parts/help.tsx';
import { RawCell, RawText } from '../../parts/raw-text.tsx';
import { encodeCondition } from './condition.ts';
import { flatten } from './event-fields.ts';

interface EventDetailProps {
  readonly event: StoredEvent;
  readonly onCondition: (condition: string) => void;
}

/** Kept apart from the other fields: shown above, or known from the row. */
const SHOWN_ELSEWHERE = new Set(['raw', 'id', 'time']);

/** The text as it arrived, and every field with buttons that search for it or leave it out. */
export function EventDetail({ event, onCondition }: EventDetailProps) {
  const { t } = useTranslation();
  const fields = flatten(event.event).filter(({ path }) => !SHOWN_ELSEWHERE.has(path));
  return (
    <div className="event-detail">
      <h3>{t('events.raw')}</h3>
      <div className="event-raw">
        <RawText text={event.raw} />
      </div>
      <p className="muted">
        {t('events.stream')}: <RawCell text={event.stream} /> · id <RawCell text={String(event.id)} />
      </p>
      <h3>
        {t('events.fields')}
        <Help text={t('events.fieldsHint')} />
      </h3>
      <dl className="event-fields">
        {fields.map(({ path, value }) => (
          <div key={path}>
            <dt>{path}</dt>
            <dd>
              <RawCell text={value} limit={600} />
            </dd>
            <FieldButtons path={path} value={value} onCondition={onCondition} />
          </div>
        ))}
      </dl>
    </div>
  );
}

function FieldButtons({
  path,
  value,
  onCondition,
}: {
  readonly path: string;
  readonly value: string;
  readonly onCondition: (condition: string) => void;
}) {
  const { t } = useTranslation();
  const only = encodeCondition({ field: path, operator: '=', value });
  const without = encodeCondition({ field: path, operator: '!=', value });
  if (only === undefined || without === undefined || value.length > 1000) return <span />;
  const words = { field: path, value: value.slice(0, 80) };
  return (
    <span className="field-buttons">
      <button
        type="button"
        onClick={() => onCondition(only)}
        aria-label={t('events.only', words)}
        title={t('events.only', words)}
      >
        <PlusOutlined />
      </button>
      <button
        type="button"
        onClick={() => onCondition(without)}
        aria-label={t('events.exclude', words)}
        title={t('events.exclude', words)}
      >
        <MinusOutlined />
      </button>
    </span>
  );
}
