import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** The title of a page, in the page and in the browser's tab, with one sentence of what it is for. */
export function PageHead({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly children?: ReactNode;
}) {
  useTabTitle(title);
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        {lead === undefined ? undefined : <p>{lead}</p>}
      </div>
      {children}
    </header>
  );
}

export function useTabTitle(title: string): void {
  const { t } = useTranslation();
  const product = t('shell.product');
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}
