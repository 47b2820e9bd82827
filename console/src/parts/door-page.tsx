import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Brand } from './brand.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import './door-page.css';

/** The pages before one is inside: set-up and sign-in. */
export function DoorPage({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <main className="door">
      <div className="door-sheet">
        <header className="door-head">
          <Brand />
          <LanguageSwitch />
        </header>
        <h1>{title}</h1>
        {lead === undefined ? undefined : <p className="door-lead">{lead}</p>}
        {children}
      </div>
      <p className="door-foot">{`${t('shell.product')} · ${t('shell.tagline')}`}</p>
    </main>
  );
}
