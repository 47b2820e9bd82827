import { CheckCircleFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Plan } from '../../api/shapes.ts';
import { problemText } from '../failure-text.ts';
import { count } from '../figures.ts';
import { TroubleBox } from '../trouble.tsx';
import './respond.css';

/** What a block would do; nothing has been done yet. Or why it may not be. */
export function PlanView({ plan }: { readonly plan: Plan }) {
  const { t, i18n } = useTranslation();
  const { allowed, refusal, addresses, connections, commands } = plan;
  return (
    <div className="plan" data-testid="plan-result" data-allowed={allowed}>
      <h3>{t('respond.planTitle')}</h3>
      {refusal ? <TroubleBox text={problemText(refusal, { t, i18n })} /> : undefined}
      {allowed ? (
        <p className="plan-allowed">
          <CheckCircleFilled /> {t('respond.allowed')} <b className="mono">{plan.target}</b>
        </p>
      ) : undefined}
      {!allowed && !refusal ? <p>{t('respond.notAllowed')}</p> : undefined}
      <dl>
        <div>
          <dt>{t('respond.covers')}</dt>
          <dd>{addresses}</dd>
        </div>
        <div>
          <dt>{t('respond.connections')}</dt>
          <dd>{connections === 0 ? t('respond.connectionsNone') : count(connections, i18n.language)}</dd>
        </div>
      </dl>
      {allowed && commands.length > 0 ? (
        <details>
          <summary>{t('respond.commands')}</summary>
          <pre>{commands.join('\n')}</pre>
        </details>
      ) : undefined}
    </div>
  );
}
