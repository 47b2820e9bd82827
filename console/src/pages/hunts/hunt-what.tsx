import { useTranslation } from 'react-i18next';
import type { HuntSummary } from '../../api/shapes.ts';
import { dateTime } from '../../parts/figures.ts';
import { RawCell } from '../../parts/raw-text.tsx';

type Hunted = Pick<HuntSummary, 'rules' | 'files' | 'sinceMs' | 'untilMs' | 'startedMs'>;

/** Which rules, or that they are new. */
export function HuntRules({ hunt: { rules, files } }: { readonly hunt: Hunted }) {
  const { t } = useTranslation();
  return (
    <span className="entities">
      {rules.map((rule) => (
        <RawCell key={rule} text={rule} limit={100} />
      ))}
      {files.map((path) => (
        <span key={path} className="tag tone-busy">
          {path === 'new-rule.yml' ? t('hunts.newFile') : <RawCell text={path} limit={100} />}
        </span>
      ))}
    </span>
  );
}

/** The part of the past, by the time that lines arrived. */
export function HuntPeriod({ hunt: { sinceMs, untilMs, startedMs } }: { readonly hunt: Hunted }) {
  const { t, i18n } = useTranslation();
  const at = (ms: number) => dateTime(ms, i18n.language);
  if (sinceMs === 0 && untilMs === undefined) return t('hunts.allTime');
  return `${at(sinceMs)} – ${at(untilMs ?? startedMs)}`;
}
