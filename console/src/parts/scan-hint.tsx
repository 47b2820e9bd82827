import { useTranslation } from 'react-i18next';
import { CopyBlock } from './copy-block.tsx';

/** The two commands that bring a scan here. */
export function ScanHint() {
  const { t } = useTranslation();
  return (
    <div className="scan-hint" data-testid="scan-hint">
      <CopyBlock label={t('posture.scanCode')} text="./bartizan scan PATH --record" />
      <CopyBlock label={t('posture.scanCloud')} text="./bartizan cloud scan --provider alicloud --record" />
    </div>
  );
}
