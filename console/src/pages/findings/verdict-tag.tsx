import { CloseCircleFilled, QuestionCircleFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../api/shapes.ts';

/** Whether it fails or cannot be told; what passes is not kept. */
export function VerdictTag({ verdict }: { readonly verdict: Finding['verdict'] }) {
  const { t } = useTranslation();
  const isFail = verdict === 'fail';
  return (
    <span className={`tag ${isFail ? 'tone-bad' : 'tone-calm'}`} data-verdict={verdict}>
      {isFail ? <CloseCircleFilled /> : <QuestionCircleFilled />}
      {t(`findings.verdictIs.${isFail ? 'fail' : 'unknown'}`)}
    </span>
  );
}
