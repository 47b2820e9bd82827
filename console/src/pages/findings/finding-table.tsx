import { useTranslation } from 'react-i18next';
import type { Finding } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { LevelTag } from '../../parts/level-tag.tsx';
import { RawCell, VisibleText } from '../../parts/raw-text.tsx';
import { placeOf, shortPlaceOf } from './finding-place.ts';
import { VerdictTag } from './verdict-tag.tsx';

interface FindingTableProps {
  readonly findings: readonly Finding[];
  readonly onOpen: (finding: Finding) => void;
}

/** One row for each resource that a check did not pass. */
export function FindingTable({ findings, onOpen }: FindingTableProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const columns: readonly Column<Finding>[] = [
    { key: 'level', title: t('alerts.level'), width: '88px', cell: ({ severity }) => <LevelTag level={severity} /> },
    {
      key: 'verdict',
      title: t('findings.verdict'),
      width: '110px',
      cell: ({ verdict }) => <VerdictTag verdict={verdict} />,
    },
    {
      key: 'should',
      title: t('findings.should'),
      kind: 'main',
      width: '46%',
      cell: ({ title, why }) => (
        <>
          <span className="finding-title">
            <VisibleText text={say(title)} />
          </span>
          {why ? (
            <small className="finding-why">
              <VisibleText text={say(why)} />
            </small>
          ) : undefined}
        </>
      ),
    },
    {
      key: 'resource',
      title: t('findings.resource'),
      cell: ({ resource }) => (
        <>
          <RawCell text={resource.id} limit={300} />
          <small className="finding-place" title={placeOf(resource)}>
            <VisibleText text={shortPlaceOf(resource)} />
          </small>
        </>
      ),
    },
  ];
  return (
    <DataTable
      label={t('findings.title')}
      columns={columns}
      rows={findings}
      keyOf={({ scanId, check, resource }) =>
        JSON.stringify([scanId, check, resource.id, resource.file, resource.line])
      }
      onOpen={onOpen}
      rowData={({ check }) => ({ 'data-testid': 'finding-row', 'data-finding': check })}
    />
  );
}
