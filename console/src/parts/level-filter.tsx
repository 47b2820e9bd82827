import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { LEVELS, type Level } from '../api/shapes.ts';

interface LevelFilterProps {
  readonly minLevel: Level | undefined;
  readonly onChange: (minLevel: Level | undefined) => void;
}

/** From which level on, the gravest first. */
export function LevelFilter({ minLevel, onChange }: LevelFilterProps) {
  const { t } = useTranslation();
  return (
    <Select<Level | ''>
      value={minLevel ?? ''}
      onChange={(value) => onChange(value === '' ? undefined : value)}
      aria-label={t('alerts.level')}
      className="filter-level"
      options={[
        { value: '', label: t('alerts.anyLevel') },
        ...LEVELS.slice(1)
          .toReversed()
          .map((value) => ({ value, label: t('alerts.atLeast', { level: t(`words.level.${value}`) }) })),
      ]}
    />
  );
}
