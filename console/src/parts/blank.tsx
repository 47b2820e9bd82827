import type { ReactNode } from 'react';

/** Nothing to show, and why, and what one may do. */
export function Blank({
  title,
  hint,
  children,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="blank">
      <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
        <path d="M24 7 9 17h30z" fill="currentColor" opacity=".55" />
        <path d="M13 19h22v6H13zM11 27h26v4H11zM16 33h16l2.5 9h-21z" fill="currentColor" opacity=".3" />
      </svg>
      <strong>{title}</strong>
      {hint === undefined ? undefined : <p>{hint}</p>}
      {children}
    </div>
  );
}
