import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useStartHunt } from '../../api/rule-queries.ts';
import { LocalTimeInput } from '../../parts/local-time-input.tsx';
import { RuleChoice } from '../../parts/rule-choice.tsx';
import { Section } from '../../parts/section.tsx';
import { useNow } from '../../parts/time.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { PERIODS, type Period, timesOf } from './period.ts';

/** The server takes 900,000 characters of one file. */
const MAX_TEXT_LENGTH = 900_000;
const DAY_MS = 86_400_000;

interface HuntFormProps {
  /** Chosen already, on the way here. */
  readonly rule: string | undefined;
  readonly isBusy: boolean;
}

/** Which rules over which part of the past. */
export function HuntForm({ rule, isBusy }: HuntFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const now = useNow();
  const [firstMs] = useState(() => Math.floor(now / 60_000) * 60_000);
  const [rules, setRules] = useState<string[]>(rule === undefined ? [] : [rule]);
  const [text, setText] = useState('');
  const [period, setPeriod] = useState<Period>('day');
  const [sinceMs, setSinceMs] = useState<number | undefined>(firstMs - DAY_MS);
  const [untilMs, setUntilMs] = useState<number | undefined>(firstMs);
  const start = useStartHunt();
  const hasRules = rules.length > 0 || text.trim() !== '';
  const isWhole = timesOf(period, now, { sinceMs, untilMs }) !== undefined;

  const run = () => {
    const times = timesOf(period, Date.now(), { sinceMs, untilMs });
    if (!times) return;
    const files = text.trim() === '' ? [] : [{ path: 'new-rule.yml', text }];
    start.mutate({ rules, files, ...times }, { onSuccess: ({ id }) => void navigate(`/hunts/${id}`) });
  };

  return (
    <Section title={t('hunts.start')} hint={t('hunts.kept')}>
      <div className="field">
        <span>{t('hunts.rules')}</span>
        <RuleChoice
          label={t('hunts.rules')}
          placeholder={t('hunts.rulesHint')}
          chosen={rules}
          onChoose={setRules}
          withFeeders
        />
      </div>
      <label className="field">
        <span>{t('hunts.newRule')}</span>
        <Input.TextArea
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={t('hunts.newRuleHint')}
          maxLength={MAX_TEXT_LENGTH}
          autoSize={{ minRows: 2, maxRows: 16 }}
          className="mono"
          spellCheck={false}
          data-testid="hunt-text"
        />
      </label>
      <div className="hunt-period">
        <label className="field">
          <span>{t('hunts.period')}</span>
          <Select<Period>
            value={period}
            onChange={setPeriod}
            aria-label={t('hunts.period')}
            options={PERIODS.map((value) => ({ value, label: t(`hunts.periods.${value}`) }))}
            data-testid="hunt-period"
          />
        </label>
        {period === 'custom' ? (
          <>
            <LocalTimeInput label={t('hunts.from')} timeMs={sinceMs} onTime={setSinceMs} />
            <LocalTimeInput label={t('hunts.until')} timeMs={untilMs} onTime={setUntilMs} />
          </>
        ) : undefined}
      </div>
      <span className="button-row">
        <Button
          type="primary"
          onClick={run}
          loading={start.isPending}
          disabled={!hasRules || !isWhole || isBusy}
          data-testid="hunt-start"
        >
          {t('hunts.run')}
        </Button>
        {isBusy ? <span className="muted">{t('hunts.running')}</span> : undefined}
      </span>
      {start.error ? <Trouble thrown={start.error} /> : undefined}
    </Section>
  );
}
