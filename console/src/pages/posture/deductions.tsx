import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ScoredTarget } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { LevelTag } from '../../parts/level-tag.tsx';
import { RawCell, VisibleText } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { findingsLink } from './findings-link.ts';
import { points } from './grade.ts';
import { type LostPoints, lostPoints } from './lost-points.ts';

const FIRST = 8;
/** Less than this is not written as a number. */
const TINY = 0.05;

/** Where the points went, and what mending gives back. */
export function Deductions({ target }: { readonly target: ScoredTarget }) {
  const { t, i18n } = useTranslation();
  const say = useBilingual();
  const [isWhole, setWhole] = useState(false);
  const all = useMemo(() => lostPoints(target.deductions), [target.deductions]);
  const written = (value: number) => (value < TINY ? t('posture.tiny') : points(value, i18n.language));
  const columns: readonly Column<LostPoints>[] = [
    { key: 'level', title: t('alerts.level'), width: '88px', cell: ({ severity }) => <LevelTag level={severity} /> },
    {
      key: 'should',
      title: t('posture.should'),
      kind: 'main',
      cell: ({ check, title, resources }) => (
        <>
          <Link to={findingsLink({ target: target.scan.target, check })} className="alert-link" tabIndex={-1}>
            <VisibleText text={say(title)} />
          </Link>
          <small className="finding-place">
            {resources.length === 1 ? (
              <RawCell text={resources[0] ?? ''} limit={200} />
            ) : (
              t('posture.places', { count: resources.length })
            )}
          </small>
        </>
      ),
    },
    {
      key: 'points',
      title: t('posture.points'),
      kind: 'number',
      width: '110px',
      cell: (lost) => <b>−{written(lost.points)}</b>,
    },
    {
      key: 'back',
      title: t('posture.givesBack'),
      kind: 'number',
      width: '130px',
      cell: ({ givesBack }) => (
        <span className="gives-back">{givesBack < TINY ? written(givesBack) : `+${written(givesBack)}`}</span>
      ),
    },
  ];
  return (
    <Section title={t('posture.deductions')} hint={t('posture.deductionsHint')}>
      {all.length === 0 ? <p className="muted">{t('posture.noDeductions')}</p> : undefined}
      {all.length > 0 ? (
        <DataTable
          label={t('posture.deductions')}
          columns={columns}
          rows={isWhole ? all : all.slice(0, FIRST)}
          keyOf={({ check }) => check}
          rowData={({ check }) => ({ 'data-testid': 'deduction', 'data-check': check })}
        />
      ) : undefined}
      {all.length > FIRST ? (
        <Button type="link" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('posture.showLess') : t('posture.showAll', { count: all.length })}
        </Button>
      ) : undefined}
    </Section>
  );
}
