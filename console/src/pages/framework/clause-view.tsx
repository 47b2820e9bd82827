import { RightOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Clause } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { VisibleText } from '../../parts/raw-text.tsx';
import { ClauseStatusTag } from '../../parts/standing-bar.tsx';
import { findingsLink } from '../posture/findings-link.ts';

/** One clause: its number and answer; opened, what to do and what the answer stands on. */
export function ClauseView({
  clause,
  targetOf,
}: {
  readonly clause: Clause;
  /** What a scan was of. */
  readonly targetOf: (scanId: string) => string | undefined;
}) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { id, key, framework, title, status, guidance, failed, unknown, passed, evidence } = clause;
  return (
    <details className="clause" data-testid="clause" data-clause={id}>
      <summary>
        <RightOutlined className="clause-mark" />
        <span className="clause-id">{id}</span>
        <span className="clause-title">{say(title)}</span>
        <ClauseStatusTag status={status} />
      </summary>
      <div className="clause-more">
        {guidance ? (
          <p>
            <b>{t('framework.guidance')}</b> {say(guidance)}
          </p>
        ) : undefined}
        {failed + unknown + passed > 0 ? (
          <p className="score-counts">
            {failed > 0 ? <span>{t('framework.failed', { count: failed })}</span> : undefined}
            {unknown > 0 ? <span>{t('framework.unknown', { count: unknown })}</span> : undefined}
            {passed > 0 ? <span className="muted">{t('framework.passed', { count: passed })}</span> : undefined}
            {failed + unknown > 0 ? (
              <Link to={findingsLink({ framework, clause: key })} data-testid="clause-findings">
                {t('framework.seeFindings')}
              </Link>
            ) : undefined}
          </p>
        ) : undefined}
        {evidence.length > 0 ? (
          <p className="muted">
            {t('framework.evidence')}
            {evidence.map(({ scanId, hash }) => (
              <code key={scanId} className="raw-text">
                {hash} <VisibleText text={targetOf(scanId) ?? ''} />
              </code>
            ))}
          </p>
        ) : undefined}
        {status === 'no_data' ? <p className="muted">{t('framework.noEvidence')}</p> : undefined}
      </div>
    </details>
  );
}
