import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoadMap } from '../../api/shapes.ts';
import { Section } from '../../parts/section.tsx';
import { StepView } from './step-view.tsx';

const LATER = ['week', 'month', 'year'] as const;
type Later = (typeof LATER)[number];
const SHOWN_AT_ONCE = 6;

/** Three things for today. */
export function Today({ steps }: { readonly steps: RoadMap['today'] }) {
  const { t } = useTranslation();
  return (
    <Section title={t('posture.today')} hint={t('posture.todayHint')}>
      <ol className="steps is-today" data-testid="steps-today">
        {steps.map((step) => (
          <StepView key={`${step.from} ${step.id}`} step={step} />
        ))}
      </ol>
      {steps.length === 0 ? <p className="muted">{t('posture.nothingLeft')}</p> : undefined}
    </Section>
  );
}

/** What is for this week, this month, this year. */
export function LaterSteps({ map }: { readonly map: RoadMap }) {
  const { t } = useTranslation();
  const [later, setLater] = useState<Later>('week');
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const steps = map[later];
  const choose = (horizon: Later) => {
    setLater(horizon);
    setShown(SHOWN_AT_ONCE);
  };
  return (
    <Section
      title={t('posture.later')}
      aside={
        <Segmented<Later>
          value={later}
          onChange={choose}
          aria-label={t('posture.later')}
          options={LATER.map((value) => ({ value, label: `${t(`posture.${value}`)} · ${map[value].length}` }))}
        />
      }
    >
      <ol className="steps" data-testid="steps-later">
        {steps.slice(0, shown).map((step) => (
          <StepView key={`${step.from} ${step.id}`} step={step} />
        ))}
      </ol>
      {steps.length === 0 ? <p className="muted">{t('posture.nothingLeft')}</p> : undefined}
      {steps.length > shown ? (
        <Button type="link" onClick={() => setShown(shown + 2 * SHOWN_AT_ONCE)}>
          {t('posture.more', { count: steps.length - shown })}
        </Button>
      ) : undefined}
    </Section>
  );
}
