import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Finding } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { LevelTag } from '../../parts/level-tag.tsx';
import { RawText, VisibleText } from '../../parts/raw-text.tsx';
import { findingsLink } from '../posture/findings-link.ts';
import { placeOf } from './finding-place.ts';
import { VerdictTag } from './verdict-tag.tsx';

interface FindingDrawerProps {
  readonly finding: Finding;
  readonly onClose: () => void;
}

/** One finding: why, how to mend it, what it is for, and which resource exactly. */
export function FindingDrawer({ finding, onClose }: FindingDrawerProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { title, severity, verdict, why, fix, about, resource, check } = finding;
  const facts = [
    ['place', resource.file === undefined ? '' : placeOf(resource)],
    ['region', resource.region ?? ''],
    ['account', resource.account ?? ''],
    ['type', resource.type],
    ['name', resource.name],
    ['id', resource.id],
  ] as const;
  return (
    <Drawer open size={560} title={<VisibleText text={say(title)} />} onClose={onClose} rootClassName="finding-drawer">
      <div className="step-tags" data-testid="finding-drawer">
        <LevelTag level={severity} />
        <VerdictTag verdict={verdict} />
      </div>
      <h3>{t(verdict === 'unknown' ? 'findings.missing' : 'findings.why')}</h3>
      <p data-testid="finding-why">{why ? <VisibleText text={say(why)} /> : t('findings.noReason')}</p>
      <h3>{t(verdict === 'unknown' ? 'findings.fixIfSo' : 'findings.fix')}</h3>
      <p className="finding-fix">
        <VisibleText text={say(fix)} />
      </p>
      {about.length > 0 ? (
        <>
          <h3>{t('findings.about')}</h3>
          <ul className="rule-list">
            {about.map((control) => (
              <li key={control.en}>{say(control)}</li>
            ))}
          </ul>
        </>
      ) : undefined}
      <h3>{t('findings.facts')}</h3>
      <dl className="rule-facts">
        {facts.map(([name, text]) =>
          text === '' ? undefined : (
            <FactRow key={name} name={t(`findings.${name}`)}>
              <RawText text={text} />
            </FactRow>
          ),
        )}
        <FactRow name={t('findings.check')}>
          <RawText text={check} />
          <Link to={findingsLink({ check })} onClick={onClose}>
            {t('findings.sameCheck')}
          </Link>
        </FactRow>
      </dl>
    </Drawer>
  );
}

function FactRow({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
