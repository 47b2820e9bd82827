import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useScan } from '../../api/posture-queries.ts';
import { RawText } from '../../parts/raw-text.tsx';
import { Trouble } from '../../parts/trouble.tsx';

/** How much of a scan could not be read; on demand, what. */
export function Unread({ scanId, count }: { readonly scanId: string; readonly count: number }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useScan(scanId, isOpen);
  const problems = data?.problems ?? [];
  return (
    <div className="score-note">
      {t('posture.problems', { count })}{' '}
      {isOpen ? undefined : (
        <button type="button" className="plain-link" onClick={() => setOpen(true)}>
          {t('posture.problemsSee')}
        </button>
      )}
      {error ? <Trouble thrown={error} /> : undefined}
      {isOpen && data ? (
        <ul className="rule-list">
          {problems.map(({ file, line, problem }, at) => (
            <li key={at}>
              <RawText text={`${file}${line === undefined ? '' : `:${line}`}  ${problem}`} />
            </li>
          ))}
          {count > problems.length ? (
            <li>{t('posture.problemsRest', { count: count - problems.length })}</li>
          ) : undefined}
        </ul>
      ) : undefined}
    </div>
  );
}
