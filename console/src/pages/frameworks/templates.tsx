import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FrameworkEntry } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { Section } from '../../parts/section.tsx';
import { StandingBar } from '../../parts/standing-bar.tsx';
import { industryRows, SIZES } from './template-rows.ts';

/** Policy templates: a card for each industry, a line for each size. */
export function Templates({ items }: { readonly items: readonly FrameworkEntry[] }) {
  const { t } = useTranslation();
  return (
    <Section title={t('frameworks.templates')} hint={t('frameworks.templatesHint')}>
      <div className="industries">
        {industryRows(items).map(({ industry, templates }) => (
          <Industry key={industry} industry={industry} templates={templates} />
        ))}
      </div>
    </Section>
  );
}

function Industry({
  industry,
  templates,
}: {
  readonly industry: string;
  readonly templates: readonly FrameworkEntry[];
}) {
  const { t, i18n } = useTranslation();
  const say = useBilingual();
  const [first] = templates;
  if (!first) return undefined;
  const key = `frameworks.industries.${industry}`;
  return (
    <article className="industry" data-testid="industry">
      <h3>{i18n.exists(key) ? t(key as 'frameworks.industries.shop') : say(first.title)}</h3>
      {first.suits?.note ? <p>{say(first.suits.note)}</p> : undefined}
      <ul>
        {templates.map(({ id, title, suits, standing }) => {
          const size = SIZES.find((known) => known === suits?.size);
          return (
            <li key={id}>
              <Link to={`/posture/frameworks/${encodeURIComponent(id)}`} title={say(title)}>
                {size ? t(`frameworks.size.${size}`) : say(title)}
              </Link>
              <StandingBar standing={standing} />
            </li>
          );
        })}
      </ul>
    </article>
  );
}
