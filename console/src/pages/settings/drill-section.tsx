import { CheckCircleFilled, CloseCircleFilled, ExperimentOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDrill } from '../../api/queries.ts';
import type { Drill } from '../../api/shapes.ts';
import { count } from '../../parts/figures.ts';
import { VisibleText } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { Trouble } from '../../parts/trouble.tsx';

/** A harmless attack on oneself, link by link. */
export function DrillSection() {
  const { t } = useTranslation();
  const drill = useDrill();
  return (
    <Section title={t('settings.drill')} hint={t('settings.drillHint')}>
      <Button
        icon={<ExperimentOutlined />}
        loading={drill.isPending}
        onClick={() => drill.mutate(undefined)}
        data-testid="drill-run"
      >
        {drill.isPending ? t('settings.drillRunning') : t('settings.drillRun')}
      </Button>
      {drill.error ? <Trouble thrown={drill.error} /> : undefined}
      {drill.data && !drill.isPending ? <DrillSteps drill={drill.data} /> : undefined}
    </Section>
  );
}

/** The server tells details in English: elsewhere they are shown only where a link is broken and every word helps. */
function DrillSteps({ drill }: { readonly drill: Drill }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="drill" role="status" data-testid="drill-result" data-ok={drill.ok}>
      <p className={drill.ok ? 'drill-sum is-good' : 'drill-sum is-bad'}>
        {drill.ok ? <CheckCircleFilled /> : <CloseCircleFilled />}{' '}
        {drill.ok ? t('settings.drillOk') : t('settings.drillBad')} · <span className="mono">{drill.address}</span>
      </p>
      <ol>
        {drill.steps.map(({ step, ok, afterMs, detail }) => (
          <li key={step} className={ok ? 'is-good' : 'is-bad'}>
            {ok ? <CheckCircleFilled /> : <CloseCircleFilled />}
            <span>
              <b>{t(`settings.drillStep.${step}`)}</b>
              {detail && (!ok || i18n.language === 'en') ? (
                <small>
                  <VisibleText text={detail} />
                </small>
              ) : undefined}
            </span>
            <span className="muted nowrap">
              {t('settings.drillAfter', { ms: count(Math.round(afterMs), i18n.language) })}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
