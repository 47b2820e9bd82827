import { type ReactNode, useId } from 'react';
import { Help } from './help.tsx';

interface SectionProps {
  readonly title: string;
  readonly hint?: string;
  /** Explains a word of the title behind a small mark. */
  readonly help?: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled sheet of the page. */
export function Section({ title, hint, help, aside, className = '', children }: SectionProps) {
  const id = useId();
  return (
    <section className={`sheet ${className}`} aria-labelledby={id}>
      <header className="sheet-head">
        <div>
          <h2 id={id}>
            {title}
            {help === undefined ? undefined : <Help text={help} />}
          </h2>
          {hint === undefined ? undefined : <p>{hint}</p>}
        </div>
        {aside}
      </header>
      {children}
    </section>
  );
}
