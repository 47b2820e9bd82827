import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Step } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { LevelTag } from '../../parts/level-tag.tsx';
import { RawCell, VisibleText } from '../../parts/raw-text.tsx';
import { findingsLink } from './findings-link.ts';

const NAMED_RESOURCES = 2;

/** One thing to do: why it is here, how long it takes, what it costs, and what serves for free. */
export function StepView({ step }: { readonly step: Step }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { id, from, title, what, severity, effort, cost, free, resources, resourceCount } = step;
  return (
    <li className="step" data-testid="step">
      <div className="step-tags">
        {from === 'finding' ? (
          <LevelTag level={severity} />
        ) : (
          <span className="tag tone-calm">{t(`posture.from.${from}`)}</span>
        )}
        <span className="tag tone-busy">{t(`posture.effort.${effort}`)}</span>
      </div>
      <h3>
        <VisibleText text={from === 'finding' ? t('posture.goal', { title: say(title) }) : say(title)} />
      </h3>
      {say(what) === say(title) ? undefined : (
        <p>
          <VisibleText text={say(what)} />
        </p>
      )}
      <dl className="step-facts">
        {resourceCount > 0 ? (
          <>
            <dt>{t('posture.concerns')}</dt>
            <dd>
              {resources.slice(0, NAMED_RESOURCES).map((resource) => (
                <RawCell key={`${resource.id} ${resource.file ?? ''}`} text={resource.id} limit={120} />
              ))}
              <Link to={findingsLink({ check: id })}>
                {resourceCount > NAMED_RESOURCES
                  ? t('posture.andMore', { count: resourceCount })
                  : t('posture.seeFindings')}
              </Link>
            </dd>
          </>
        ) : undefined}
        {cost ? (
          <>
            <dt>{t('posture.cost')}</dt>
            <dd>{say(cost.note)}</dd>
          </>
        ) : undefined}
        {free ? (
          <>
            <dt>{t('posture.free')}</dt>
            <dd>{say(free)}</dd>
          </>
        ) : undefined}
      </dl>
    </li>
  );
}
