import { App, Button, Input, InputNumber, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeSettings } from '../../api/queries.ts';
import type { Settings } from '../../api/shapes.ts';
import { useDurationText } from '../../parts/time.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { addressLines } from './address-lines.ts';

interface FormProps {
  readonly settings: Settings;
}

const HOUR_MS = 3_600_000;
const DURATIONS_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS, 30 * 24 * HOUR_MS] as const;

export function DurationForm({ settings }: FormProps) {
  const { t } = useTranslation();
  const durationText = useDurationText();
  const [ms, setMs] = useState(settings.blockDurationMs);
  const options = [...new Set([...DURATIONS_MS, settings.blockDurationMs])].sort((a, b) => a - b);
  return (
    <SaveLine change={ms === settings.blockDurationMs ? undefined : { blockDurationMs: ms }}>
      <Select<number>
        value={ms}
        onChange={setMs}
        aria-label={t('settings.duration')}
        style={{ width: 160 }}
        options={options.map((value) => ({ value, label: durationText(value) }))}
      />
    </SaveLine>
  );
}

export function AllowListForm({ settings }: FormProps) {
  const { t } = useTranslation();
  const before = settings.allowList.join('\n');
  const [text, setText] = useState(before);
  const entries = addressLines(text);
  return (
    <SaveLine change={entries.join('\n') === before ? undefined : { allowList: [...entries] }} isBelow>
      <Input.TextArea
        value={text}
        onChange={(event) => setText(event.target.value)}
        autoSize={{ minRows: 3, maxRows: 12 }}
        placeholder={'198.51.100.7\n2001:db8:1::/48'}
        aria-label={t('settings.allowList')}
        className="mono"
        spellCheck={false}
        data-testid="allow-list"
      />
    </SaveLine>
  );
}

const LONGEST_DAYS = 3650;

export function RetentionForm({ settings }: FormProps) {
  const { t } = useTranslation();
  const [days, setDays] = useState<number | null>(settings.retentionDays);
  return (
    <SaveLine change={days === null || days === settings.retentionDays ? undefined : { retentionDays: days }}>
      <InputNumber<number>
        value={days}
        onChange={setDays}
        min={1}
        max={LONGEST_DAYS}
        precision={0}
        suffix={t('settings.days')}
        aria-label={t('settings.retention')}
        style={{ width: 160 }}
      />
    </SaveLine>
  );
}

interface SaveLineProps {
  /** Nothing to save while undefined. */
  readonly change: Partial<Settings> | undefined;
  readonly isBelow?: boolean;
  readonly children: ReactNode;
}

function SaveLine({ change, isBelow = false, children }: SaveLineProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const save = useChangeSettings();
  return (
    <>
      <form
        className={isBelow ? 'save-line is-below' : 'save-line'}
        onSubmit={(event) => {
          event.preventDefault();
          if (change) save.mutate(change, { onSuccess: () => void message.success(t('common.saved')) });
        }}
      >
        {children}
        <Button htmlType="submit" type="primary" disabled={change === undefined} loading={save.isPending}>
          {t('common.save')}
        </Button>
      </form>
      {save.error ? <Trouble thrown={save.error} /> : undefined}
    </>
  );
}
