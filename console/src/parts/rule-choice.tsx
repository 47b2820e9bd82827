import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRules } from '../api/rule-queries.ts';
import { useBilingual } from './bilingual.ts';

interface RuleChoiceProps {
  readonly label: string;
  readonly placeholder: string;
  readonly chosen: readonly string[];
  readonly onChoose: (ids: string[]) => void;
  /** Also those that only feed others. */
  readonly withFeeders?: boolean;
}

const MOST = 50;

interface RuleOption {
  readonly value: string;
  readonly label: string;
  readonly search: string;
}

/** Some of the rules that run, found by title or name. */
export function RuleChoice({ label, placeholder, chosen, onChoose, withFeeders = false }: RuleChoiceProps) {
  const { i18n } = useTranslation();
  const say = useBilingual();
  const { data, isPending } = useRules();
  const options = (data?.items ?? [])
    .filter(({ alerts }) => alerts || withFeeders)
    .map(({ id, title }) => ({ value: id, label: say(title), search: `${say(title)} ${id}`.toLowerCase() }))
    .sort((a, b) => a.label.localeCompare(b.label, i18n.language));
  return (
    <Select<string[], RuleOption>
      mode="multiple"
      value={[...chosen]}
      onChange={onChoose}
      maxCount={MOST}
      loading={isPending}
      options={options}
      showSearch={{
        filterOption: (input, option) => (option?.search ?? '').includes(input.toLowerCase()),
      }}
      optionRender={({ label: title, value }) => (
        <span className="rule-option">
          {title}
          <small className="muted mono">{value}</small>
        </span>
      )}
      aria-label={label}
      placeholder={placeholder}
      className="rule-choice"
      data-testid="rule-choice"
    />
  );
}
