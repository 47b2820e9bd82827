import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Alert } from '../../api/shapes.ts';
import { dateTime, exactTime } from '../../parts/figures.ts';
import { RawText } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { eventsLink } from './events-link.ts';

/** The log lines themselves, as they arrived. */
export function EvidenceLines({ alert }: { readonly alert: Alert }) {
  const { t, i18n } = useTranslation();
  return (
    <Section
      title={t('alert.evidence')}
      hint={t('alert.evidenceHint', { count: alert.events.length })}
      aside={<Link to={eventsLink(alert)}>{t('alert.evidenceMore')}</Link>}
    >
      <ol className="evidence-lines">
        {alert.events.map(({ id, time, raw }) => (
          <li key={id}>
            <time dateTime={new Date(time).toISOString()} title={exactTime(time)}>
              {dateTime(time, i18n.language)}
            </time>
            <RawText text={raw} />
          </li>
        ))}
      </ol>
    </Section>
  );
}
