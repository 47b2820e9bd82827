import { useTranslation } from 'react-i18next';
import type { ScoredTarget } from '../../api/shapes.ts';
import { RawCell } from '../../parts/raw-text.tsx';
import { gradeOf, points } from './grade.ts';

interface TargetChoiceProps {
  readonly targets: readonly ScoredTarget[];
  readonly chosen: ScoredTarget;
  readonly onChoose: (target: string) => void;
}

/** Which of what was scanned is shown, where there are several. */
export function TargetChoice({ targets, chosen, onChoose }: TargetChoiceProps) {
  const { t, i18n } = useTranslation();
  if (targets.length < 2) return undefined;
  return (
    <fieldset className="target-choice">
      <legend className="only-read">{t('posture.targets')}</legend>
      {targets.map(({ scan }) => (
        <button
          key={scan.target}
          type="button"
          className="target-button"
          aria-pressed={scan.target === chosen.scan.target}
          onClick={() => onChoose(scan.target)}
        >
          <b className={`grade-${gradeOf(scan.score)}`}>{points(scan.score, i18n.language)}</b>
          <span>
            <small>{t(`posture.kind.${scan.kind}`)}</small>
            <RawCell text={scan.target} limit={200} />
          </span>
        </button>
      ))}
    </fieldset>
  );
}
