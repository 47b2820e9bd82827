import { useTranslation } from 'react-i18next';
import type { Evidence, EvidenceKind } from '../api/shapes.ts';
import { RawCell } from './raw-text.tsx';

/** `action.done` as a reader says it. */
export function EvidenceWhat({ kind }: { readonly kind: EvidenceKind }) {
  const { t, i18n } = useTranslation();
  // Translations are nested by dots, so the kind's own dot becomes an underscore.
  const key = kind.replace('.', '_');
  return i18n.exists(`words.evidenceKind.${key}`) ? t(`words.evidenceKind.${key as 'alert_raised'}`) : kind;
}

/** The particulars of a leaf, one line, as text. */
export function EvidenceDetails({ details }: { readonly details: Evidence['details'] }) {
  const entries = Object.entries(details);
  if (entries.length === 0) return undefined;
  const text = entries.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return (
    <span className="evidence-details">
      <RawCell text={text.join('  ')} limit={300} />
    </span>
  );
}
