import { HistoryOutlined, LeftOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useRule } from '../../api/rule-queries.ts';
import type { RulePage as RulePageShape } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { LevelTag } from '../../parts/level-tag.tsx';
import { useTabTitle } from '../../parts/page-head.tsx';
import { RawCell, VisibleText } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import '../alert/alert.css';
import '../rules/rules.css';
import { RuleFacts } from './rule-facts.tsx';
import { RuleText } from './rule-text.tsx';

/** One rule: what it looks for and why, what to do, when it is wrong, and its own text. */
export function RulePage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { data, error, refetch } = useRule(id);
  return (
    <>
      <Link to="/rules" className="back-link">
        <LeftOutlined /> {t('rules.back')}
      </Link>
      {data ? <OneRule key={id} rule={data} /> : undefined}
      {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {!data && !error ? <Waiting rows={12} /> : undefined}
    </>
  );
}

function OneRule({ rule }: { readonly rule: RulePageShape }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const title = say(rule.title);
  useTabTitle(title);
  return (
    <article className="alert-page">
      <header className="alert-head">
        <div className="alert-tags">
          <LevelTag level={rule.level} />
          <span className="tag tone-calm">{t(`words.ruleKind.${rule.kind}`)}</span>
          {rule.isOwn ? <span className="tag tone-good">{t('rules.own')}</span> : undefined}
        </div>
        <h1 data-testid="rule-title">
          <VisibleText text={title} />
        </h1>
        <RawCell text={rule.id} limit={200} />
        <div className="status-buttons">
          <Link to={`/hunts?rule=${encodeURIComponent(rule.id)}`}>
            <Button icon={<HistoryOutlined />}>{t('rule.hunt')}</Button>
          </Link>
        </div>
      </header>
      <div className="alert-columns">
        <div>
          <Section title={t('rule.why')} hint={t('rule.whyHint')}>
            <p className="alert-text">
              <VisibleText text={say(rule.reason)} />
            </p>
            {rule.description ? (
              <p className="muted">
                <VisibleText text={rule.description.trim().replace(/\s+/g, ' ')} />
              </p>
            ) : undefined}
          </Section>
          <Section title={t('rule.advice')} className="advice">
            <p className="alert-text">
              <VisibleText text={say(rule.advice)} />
            </p>
          </Section>
          <Section title={t('rule.falsePositives')}>
            {rule.falsePositives.length > 0 ? (
              <ul className="rule-list">
                {rule.falsePositives.map((text, at) => (
                  <li key={at}>
                    <VisibleText text={text} />
                  </li>
                ))}
              </ul>
            ) : (
              <p className="muted">{t('rule.noFalsePositives')}</p>
            )}
          </Section>
          <Section title={t('rule.text')} hint={t('rule.textHint')}>
            <RuleText text={rule.text} />
          </Section>
        </div>
        <div>
          <RuleFacts rule={rule} />
        </div>
      </div>
    </article>
  );
}
