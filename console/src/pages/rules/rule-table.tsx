import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { RuleEntry } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { count } from '../../parts/figures.ts';
import { LevelTag } from '../../parts/level-tag.tsx';
import { RawCell, VisibleText } from '../../parts/raw-text.tsx';
import { Time } from '../../parts/time.tsx';

interface RuleTableProps {
  readonly rules: readonly RuleEntry[];
  readonly onOpen: (rule: RuleEntry) => void;
}

export function RuleTable({ rules, onOpen }: RuleTableProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const columns: readonly Column<RuleEntry>[] = [
    { key: 'level', title: t('rules.level'), width: '88px', cell: ({ level }) => <LevelTag level={level} /> },
    {
      key: 'what',
      title: t('rules.what'),
      kind: 'main',
      width: '42%',
      cell: ({ id, title, alerts, isOwn, kind }) => (
        <>
          <Link to={`/rules/${encodeURIComponent(id)}`} className="alert-link" tabIndex={-1}>
            <VisibleText text={say(title)} />
          </Link>
          {kind === 'correlation' ? (
            <span className="tag tone-busy">{t('words.ruleKind.correlation')}</span>
          ) : undefined}{' '}
          {alerts ? undefined : <span className="tag tone-calm">{t('rules.feeds')}</span>}{' '}
          {isOwn ? <span className="tag tone-good">{t('rules.own')}</span> : undefined}
          <small className="rule-id">
            <RawCell text={id} limit={100} />
          </small>
        </>
      ),
    },
    { key: 'source', title: t('rules.source'), cell: ({ source }) => <RawCell text={source} limit={60} /> },
    {
      key: 'attack',
      title: t('rules.attack'),
      cell: ({ attack }) => (attack.length > 0 ? <span className="mono">{attack.join(' ')}</span> : undefined),
    },
    { key: 'fired', title: t('rules.fired'), kind: 'number', cell: (rule) => <Fired rule={rule} /> },
    {
      key: 'last',
      title: t('rules.last'),
      cell: ({ fired }) => (fired.lastMs === undefined ? undefined : <Time ms={fired.lastMs} />),
    },
  ];
  return (
    <DataTable
      label={t('rules.title')}
      columns={columns}
      rows={rules}
      keyOf={({ id }) => id}
      onOpen={onOpen}
      rowData={({ id }) => ({ 'data-testid': 'rule-row', 'data-rule-id': id })}
    />
  );
}

/** How often, and what of it nobody was told. */
function Fired({ rule: { fired, heldBack } }: { readonly rule: RuleEntry }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      {fired.shown > 0 || fired.putAway > 0 ? <b>{count(fired.shown, i18n.language)}</b> : '–'}
      {fired.putAway > 0 ? (
        <small className="rule-note">{t('rules.putAway', { count: fired.putAway })}</small>
      ) : undefined}
      {heldBack > 0 ? (
        <small className="rule-note">
          <span className="tag tone-warn">{t('rules.heldBack', { count: heldBack })}</span>
        </small>
      ) : undefined}
    </>
  );
}
