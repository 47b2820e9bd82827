import { LeftOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useAlert } from '../../api/queries.ts';
import type { AlertPage as AlertPageShape } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { Entities } from '../../parts/entities.tsx';
import { LevelTag } from '../../parts/level-tag.tsx';
import { useTabTitle } from '../../parts/page-head.tsx';
import { VisibleText } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { AlertStatusTag, DemoTag } from '../../parts/tags.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import './alert.css';
import { EvidenceLines } from './evidence-lines.tsx';
import { Known } from './exception/known.tsx';
import { Response } from './response.tsx';
import { StatusButtons } from './status-buttons.tsx';
import { Timeline } from './timeline.tsx';
import { Why } from './why.tsx';

/** One alert: what happened, why we think so, what to do, what it stands on, and what was done about it. */
export function AlertPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { data, error, refetch } = useAlert(id);
  return (
    <>
      <Link to="/alerts" className="back-link">
        <LeftOutlined /> {t('alert.back')}
      </Link>
      {data ? <OneAlert key={id} page={data} /> : undefined}
      {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {!data && !error ? <Waiting rows={12} /> : undefined}
    </>
  );
}

function OneAlert({ page }: { readonly page: AlertPageShape }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { alert } = page;
  const title = say(alert.rule.title);
  useTabTitle(title);
  return (
    <article className="alert-page">
      <header className="alert-head">
        <div className="alert-tags">
          <LevelTag level={alert.rule.level} />
          <AlertStatusTag status={alert.status} />
          {alert.demo ? <DemoTag /> : undefined}
        </div>
        <h1 data-testid="alert-title">{title}</h1>
        <Entities entities={alert.entities} />
        <Known page={page} />
        {alert.status === 'held_back' ? <p className="put-away">{t('exception.heldBackHere')}</p> : undefined}
        <StatusButtons alert={alert} isQuiet={page.quiet !== undefined} />
      </header>
      <div className="alert-columns">
        <div>
          <Section title={t('alert.happened')} className="place-happened">
            <p className="alert-text">
              <VisibleText text={say(alert.reason)} />
            </p>
          </Section>
          <Section title={t('alert.todo')} className="advice place-advice">
            <p className="alert-text">
              <VisibleText text={say(alert.advice)} />
            </p>
          </Section>
          <Why alert={alert} />
          <EvidenceLines alert={alert} />
        </div>
        <div>
          <Response page={page} />
          <Timeline page={page} />
        </div>
      </div>
    </article>
  );
}
