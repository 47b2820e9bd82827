import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProposeBlock } from '../../parts/respond/propose-block.tsx';
import { Section } from '../../parts/section.tsx';

/** An address that a person names; the same guard, the same dry run, the same evidence. */
export function BlockByHand() {
  const { t } = useTranslation();
  const [target, setTarget] = useState('');
  return (
    <Section title={t('responses.byHand')} hint={t('responses.byHandHint')}>
      <div className="by-hand">
        <Input
          value={target}
          onChange={(event) => setTarget(event.target.value)}
          placeholder="203.0.113.9"
          aria-label={t('responses.target')}
          maxLength={64}
          className="mono"
          style={{ maxWidth: 320, marginBottom: 10 }}
          spellCheck={false}
          autoComplete="off"
          allowClear
          data-testid="block-target"
        />
        <ProposeBlock target={target.trim()} onDone={() => setTarget('')} />
      </div>
    </Section>
  );
}
