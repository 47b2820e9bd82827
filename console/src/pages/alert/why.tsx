import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Alert } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { Help } from '../../parts/help.tsx';
import { Section } from '../../parts/section.tsx';
import { Time, useDurationText } from '../../parts/time.tsx';

/** What the judgement stands on: the rule, how often, in what time, and the techniques it points to. */
export function Why({ alert }: { readonly alert: Alert }) {
  const { t, i18n } = useTranslation();
  const say = useBilingual();
  const durationText = useDurationText();
  const { rule, count, firstMs, lastMs } = alert;
  const values = { rule: say(rule.title), count };
  return (
    <Section title={t('alert.why')} className="place-why">
      <p className="alert-text">
        {lastMs > firstMs
          ? t('alert.whyText', { ...values, span: durationText(lastMs - firstMs) })
          : t('alert.whyMoment', values)}
      </p>
      <dl className="facts">
        <div>
          <dt>{t('alert.first')}</dt>
          <dd>
            <Time ms={firstMs} />
          </dd>
        </div>
        <div>
          <dt>{t('alert.last')}</dt>
          <dd>
            <Time ms={lastMs} />
          </dd>
        </div>
        <div>
          <dt>{t('alert.rule')}</dt>
          <dd className="mono">
            <Link to={`/rules/${encodeURIComponent(rule.id)}`}>{rule.id}</Link>
          </dd>
        </div>
        {rule.attack.length > 0 ? (
          <div className="wide">
            <dt>
              {t('alert.technique')}
              <Help text={t('alert.techniqueHelp')} />
            </dt>
            <dd className="techniques">
              {rule.attack.map((technique) => {
                const base = technique.split('.')[0] ?? technique;
                const isKnown = i18n.exists(`words.technique.${base}`);
                return (
                  <span key={technique} className="tag tone-calm" data-testid="technique">
                    {technique} {isKnown ? t(`words.technique.${base as 'T1110'}`) : ''}
                  </span>
                );
              })}
            </dd>
          </div>
        ) : undefined}
      </dl>
    </Section>
  );
}
