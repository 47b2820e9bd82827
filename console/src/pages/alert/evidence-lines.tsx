import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Alert } from '../../api/shapes.ts';
import { dateTime, exactTime } from '../../parts/figures.ts';
import { RawText } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { eventsLink } from './events-link.ts';

/** Lines shown before all are asked for. */
const FOLDED = 5;

/** The log lines themselves, as they arrived. */
export function EvidenceLines({ alert }: { readonly alert: Alert }) {
  const { t, i18n } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const { events } = alert;
  const shown = isWhole || events.length <= FOLDED + 1 ? events : events.slice(0, FOLDED);
  return (
    <Section
      title={t('alert.evidence')}
      className="place-lines"
      hint={t('alert.evidenceHint', { count: events.length })}
      aside={<Link to={eventsLink(alert)}>{t('alert.evidenceMore')}</Link>}
    >
      <ol className="evidence-lines">
        {shown.map(({ id, time, raw }) => (
          <li key={id}>
            <time dateTime={new Date(time).toISOString()} title={exactTime(time)}>
              {dateTime(time, i18n.language)}
            </time>
            <RawText text={raw} />
          </li>
        ))}
      </ol>
      {shown.length < events.length ? (
        <Button size="small" onClick={() => setWhole(true)} className="evidence-all">
          {t('alert.evidenceAll', { count: events.length })}
        </Button>
      ) : undefined}
    </Section>
  );
}
