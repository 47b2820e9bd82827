import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { RulePage } from '../../api/shapes.ts';
import { count } from '../../parts/figures.ts';
import { RawCell, VisibleText } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { Time, useDurationText } from '../../parts/time.tsx';

/** Where it looks, how often it fired, and what of that nobody was told. */
export function RuleFacts({ rule }: { readonly rule: RulePage }) {
  const { t, i18n } = useTranslation();
  const durationText = useDurationText();
  const { id, source, file, attack, fired, heldBack, feeds, timespanMs, references, alerts, blocks, kind } = rule;
  const alertsLink = `/alerts?rule=${encodeURIComponent(id)}`;
  return (
    <Section title={t('rule.facts')}>
      <dl className="rule-facts">
        <dt>{t('rule.fired')}</dt>
        <dd data-testid="rule-fired">
          <b>{count(fired.shown, i18n.language)}</b>
          {fired.putAway > 0 ? ` · ${t('rules.putAway', { count: fired.putAway })}` : ''}
          {fired.shown > 0 ? (
            <>
              {' '}
              <Link to={alertsLink}>{t('rule.seeAlerts')}</Link>
            </>
          ) : undefined}
          {fired.lastMs === undefined ? undefined : <Time ms={fired.lastMs} />}
        </dd>
        <dt>{t('rule.heldBack')}</dt>
        <dd>
          {heldBack > 0 ? (
            <Link to={`${alertsLink}&status=held_back`}>{count(heldBack, i18n.language)}</Link>
          ) : (
            t('rule.none')
          )}
        </dd>
        {kind === 'rule' ? (
          <>
            <dt>{t('rules.source')}</dt>
            <dd>
              <VisibleText text={source} />
            </dd>
          </>
        ) : (
          <>
            <dt>{t('rule.counts')}</dt>
            <dd>
              {feeds.map((name) => (
                <Link key={name} to={`/rules/${encodeURIComponent(name)}`} className="alert-link">
                  <RawCell text={name} limit={100} />
                </Link>
              ))}
            </dd>
          </>
        )}
        {timespanMs === undefined ? undefined : (
          <>
            <dt>{t('rule.window')}</dt>
            <dd>
              {durationText(timespanMs)} ({source})
            </dd>
          </>
        )}
        {attack.length > 0 ? (
          <>
            <dt>{t('rules.attack')}</dt>
            <dd>
              {attack.map((technique) => {
                const base = technique.split('.')[0] ?? technique;
                return (
                  <span key={technique} className="tag tone-calm">
                    {technique} {i18n.exists(`words.technique.${base}`) ? t(`words.technique.${base as 'T1110'}`) : ''}
                  </span>
                );
              })}
            </dd>
          </>
        ) : undefined}
        <dt>{t('rule.file')}</dt>
        <dd className="mono">
          <VisibleText text={file} />
        </dd>
      </dl>
      {alerts ? undefined : <p className="muted">{t('rule.feedsOnly')}</p>}
      {blocks ? <p className="muted">{t('rule.blocks')}</p> : undefined}
      {references.length > 0 ? (
        <>
          <h3>{t('rule.references')}</h3>
          <ul className="rule-list">
            {references.map((text, at) => (
              <li key={at}>
                <VisibleText text={text} />
              </li>
            ))}
          </ul>
        </>
      ) : undefined}
    </Section>
  );
}
