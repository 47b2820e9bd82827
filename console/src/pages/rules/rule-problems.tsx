import { useTranslation } from 'react-i18next';
import { useRuleStatus } from '../../api/rule-queries.ts';
import { VisibleText } from '../../parts/raw-text.tsx';

/** Where the files are not what runs. */
export function RuleProblems() {
  const { t } = useTranslation();
  const { data } = useRuleStatus();
  const [first] = data?.problems ?? [];
  if (!data || !first) return undefined;
  const where = `${first.file}:${first.line}: ${first.problem} ${first.suggestion}`;
  return (
    <p className="put-away" role="alert">
      <span>
        <VisibleText text={t('rules.problems', { count: data.problemCount, first: where })} />
      </span>
    </p>
  );
}
