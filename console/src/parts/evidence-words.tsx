import { useTranslation } from 'react-i18next';
import type { Evidence } from '../api/shapes.ts';
import { RawCell } from './raw-text.tsx';

/** What a leaf records, as a reader says it. */
export function EvidenceWhat({ leaf }: { readonly leaf: Pick<Evidence, 'kind' | 'details'> }) {
  const { t, i18n } = useTranslation();
  const { kind, details } = leaf;
  // Translations are nested by dots, so the kind's own dot becomes an underscore.
  const key = wordOf(kind, details);
  const what = i18n.exists(`words.evidenceKind.${key}`) ? t(`words.evidenceKind.${key as 'alert_raised'}`) : kind;
  // “In force” would be untrue of what was only played through.
  return details.dryRun === true ? t('words.rehearsal', { what }) : what;
}

function wordOf(kind: Evidence['kind'], details: Evidence['details']): string {
  if (kind.startsWith('action.') && details.verb === 'repair')
    return details.step === 'undo' && kind === 'action.started'
      ? 'repair_undo_started'
      : kind.replace('action.', 'repair_');
  if (kind === 'action.started' && details.step === 'undo') return 'undo_started';
  if (kind === 'alert.status_changed' && details.hiddenBy !== undefined) return 'alert_hidden';
  if (kind === 'alert.status_changed' && details.quietBy !== undefined) return 'alert_quiet';
  const window = (['quiet', 'maintenance'] as const).find((known) => known === details.kind);
  if (kind.startsWith('exception.') && window) return kind.replace('exception.', `${window}_`);
  return kind.replace('.', '_');
}

/** The particulars of a leaf, one line, as text; `without` names what the page around it says already. */
export function EvidenceDetails({
  details,
  without = [],
}: {
  readonly details: Evidence['details'];
  readonly without?: readonly string[];
}) {
  const entries = Object.entries(details).filter(([name]) => !without.includes(name));
  if (entries.length === 0) return undefined;
  const text = entries.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return (
    <span className="evidence-details">
      <RawCell text={text.join('  ')} limit={300} />
    </span>
  );
}
