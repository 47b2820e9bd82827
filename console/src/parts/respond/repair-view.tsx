import { useTranslation } from 'react-i18next';
import type { Action } from '../../api/shapes.ts';
import { useBilingual } from '../bilingual.ts';
import './respond.css';

type Repair = NonNullable<Action['repair']>;

/** What a repair changes in the account, whom that reaches, and the exact calls. */
export function RepairView({ repair }: { readonly repair: Repair }) {
  const { t } = useTranslation();
  const inLanguage = useBilingual();
  return (
    <div className="plan" data-testid="repair-view">
      <dl>
        {repair.changes.map(({ attribute, before, after }) => (
          <div key={attribute}>
            <dt className="mono">{attribute}</dt>
            <dd>
              {settingText(before) ?? t('repair.notSet')} → <b>{settingText(after) ?? t('repair.notSet')}</b>
            </dd>
          </div>
        ))}
      </dl>
      {repair.effects.map((effect) => (
        <p key={effect.en}>{inLanguage(effect)}</p>
      ))}
      <details>
        <summary>{t('repair.calls')}</summary>
        <pre>{repair.calls.map(callText).join('\n')}</pre>
      </details>
    </div>
  );
}

/** One line for a table: `acl: public-read → private`. */
export function ChangesLine({ repair }: { readonly repair: Repair }) {
  const { t } = useTranslation();
  const texts = repair.changes.map(
    ({ attribute, before, after }) =>
      `${attribute}: ${settingText(before) ?? t('repair.notSet')} → ${settingText(after) ?? t('repair.notSet')}`,
  );
  return <div className="muted">{texts.slice(0, 3).join('; ')}</div>;
}

function settingText(value: string | number | boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function callText({ call, region, parameters }: Repair['calls'][number]): string {
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return [call, ...(region === undefined ? [] : [region]), ...given].join(' ');
}
