import { useTranslation } from 'react-i18next';
import type { AlertPage } from '../../api/shapes.ts';
import { Actor } from '../../parts/entities.tsx';
import { EvidenceDetails, EvidenceWhat } from '../../parts/evidence-words.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';

/** Details that the rest of the page shows better. */
const SAID_ELSEWHERE = [
  'alertId',
  'target',
  'verb',
  'rule',
  'level',
  'entities',
  'count',
  'firstMs',
  'demo',
  'expiresMs',
  'kernelExpiresInMs',
  'step',
  'hiddenBy',
  'quietBy',
  'untilMs',
] as const;

/** From the first log line to the latest decision, newest first. */
export function Timeline({ page: { alert, evidence } }: { readonly page: AlertPage }) {
  const { t } = useTranslation();
  const moments = [
    ...evidence.map((leaf) => ({ key: `leaf-${leaf.index}`, ms: leaf.timeMs, order: leaf.index + 2, leaf })),
    { key: 'last', ms: alert.lastMs, order: 1, leaf: undefined, what: t('alert.last') },
    { key: 'first', ms: alert.firstMs, order: 0, leaf: undefined, what: t('alert.first') },
  ].sort((a, b) => b.ms - a.ms || b.order - a.order);
  return (
    <Section title={t('alert.timeline')} className="place-timeline">
      <ol className="timeline">
        {moments.map((moment) => (
          <li key={moment.key} className={moment.leaf ? 'is-leaf' : undefined}>
            {moment.leaf ? (
              <>
                <strong>
                  <EvidenceWhat leaf={moment.leaf} />
                </strong>
                <span className="muted">
                  <Actor name={moment.leaf.actor} /> · {t('alert.leaf', { index: moment.leaf.index })}
                </span>
                <EvidenceDetails details={moment.leaf.details} without={SAID_ELSEWHERE} />
              </>
            ) : (
              <strong>{moment.what}</strong>
            )}
            <Time ms={moment.ms} />
          </li>
        ))}
      </ol>
    </Section>
  );
}
