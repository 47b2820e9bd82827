import { Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import { RawCell } from '../../../parts/raw-text.tsx';

interface ScopeChoiceProps {
  readonly label: string;
  readonly choices: Readonly<Record<string, string>>;
  readonly unticked: ReadonlySet<string>;
  readonly onChange: (unticked: ReadonlySet<string>) => void;
}

/** All that the alert has exactly one of; what is ticked has to be the same for an alert to be hidden. */
export function ScopeChoice({ label, choices, unticked, onChange }: ScopeChoiceProps) {
  const { t, i18n } = useTranslation();
  const toggle = (name: string) => {
    const next = new Set(unticked);
    if (!next.delete(name)) next.add(name);
    onChange(next);
  };
  return (
    <fieldset className="exception-scope">
      <legend>{label}</legend>
      <p className="muted">{t('exception.scopeHint')}</p>
      {Object.entries(choices).map(([name, value]) => (
        <Checkbox
          key={name}
          checked={!unticked.has(name)}
          onChange={() => toggle(name)}
          data-testid={`exception-scope-${name}`}
        >
          <span className="scope-name">
            {i18n.exists(`words.entity.${name}`) ? t(`words.entity.${name as 'user'}`) : name}
          </span>
          <span className="mono">
            <RawCell text={value} />
          </span>
        </Checkbox>
      ))}
    </fieldset>
  );
}
