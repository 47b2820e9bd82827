import { EyeInvisibleOutlined, PauseCircleOutlined, ToolOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Exception, ExceptionKind } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { Entities } from '../../parts/entities.tsx';
import { RawCell, VisibleText } from '../../parts/raw-text.tsx';
import { DemoTag } from '../../parts/tags.tsx';

const ICONS: Readonly<Record<ExceptionKind, React.ReactNode>> = {
  false_positive: <EyeInvisibleOutlined />,
  quiet: <PauseCircleOutlined />,
  maintenance: <ToolOutlined />,
};

/** What it hides and why, in one cell. */
export function ExceptionWhat({ exception }: { readonly exception: Exception }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { kind, ruleTitle, ruleIds, alertId, scope, reason, demo } = exception;
  return (
    <>
      <span className={`tag ${kind === 'maintenance' ? 'tone-busy' : 'tone-calm'} exception-kind`}>
        {ICONS[kind]}
        {t(`words.exceptionKind.${kind}`)}
      </span>
      {alertId !== undefined && ruleTitle ? (
        <Link to={`/alerts/${encodeURIComponent(alertId)}`} className="alert-link">
          {say(ruleTitle)}
        </Link>
      ) : ruleIds.length === 0 ? (
        <b>{t('exceptions.anyRule')}</b>
      ) : (
        ruleIds.map((id) => (
          <Link key={id} to={`/rules/${encodeURIComponent(id)}`} className="alert-link">
            <RawCell text={id} limit={80} />
          </Link>
        ))
      )}
      {demo ? <DemoTag /> : undefined}
      <Entities entities={scope} />
      <p className="exception-reason">
        <VisibleText text={reason} />
      </p>
    </>
  );
}
