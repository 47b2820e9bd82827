import { Fragment, type KeyboardEvent, type ReactNode, useState } from 'react';
import './data-table.css';

export interface Column<Row> {
  readonly key: string;
  readonly title: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** `main` stands alone at the top of the card on a phone; `number` is set to the right. */
  readonly kind?: 'main' | 'number' | 'actions' | 'line';
  /** CSS width on wide screens. */
  readonly width?: string;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** Enter, click. With `detail`, opening shows it below the row. */
  readonly onOpen?: (row: Row) => void;
  readonly detail?: (row: Row) => ReactNode;
  /** Attributes of the row, e.g. its test id. */
  readonly rowData?: (row: Row) => Readonly<Record<`data-${string}`, string | number>>;
  readonly isDense?: boolean;
}

/**
 * A table to be read fast: ↑ ↓ (or k, j) move between rows, Enter opens one. On a phone each row becomes a card, its cells
 * under the names of their columns.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, onOpen, detail, rowData, isDense } = props;
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState<ReadonlySet<string | number>>(new Set());
  const canOpen = onOpen !== undefined || detail !== undefined;
  const current = Math.min(at, Math.max(0, rows.length - 1));

  const openRow = (row: Row) => {
    onOpen?.(row);
    if (!detail) return;
    const key = keyOf(row);
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };

  return (
    <table
      className={`data-table${isDense ? ' is-dense' : ''}${canOpen ? ' can-open' : ''}`}
      aria-label={label}
      onKeyDown={moveFocus}
    >
      <thead>
        <tr>
          {columns.map(({ key, title, kind, width }) => (
            <th key={key} scope="col" className={kind} style={{ width }}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => {
          const key = keyOf(row);
          const isOpen = open.has(key);
          return (
            <Fragment key={key}>
              <tr
                {...rowData?.(row)}
                data-row=""
                tabIndex={canOpen ? (index === current ? 0 : -1) : undefined}
                aria-expanded={detail ? isOpen : undefined}
                onFocus={() => setAt(index)}
                onClick={canOpen ? (event) => isPlainClick(event) && openRow(row) : undefined}
                onKeyDown={(event) => {
                  if (!canOpen || event.key !== 'Enter' || event.target !== event.currentTarget) return;
                  event.preventDefault();
                  openRow(row);
                }}
              >
                {columns.map((column) => (
                  <td key={column.key} className={classOf(column)} data-label={textOf(column.title)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
              {detail && isOpen ? (
                <tr className="detail-row">
                  <td colSpan={columns.length}>{detail(row)}</td>
                </tr>
              ) : undefined}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

function moveFocus(event: KeyboardEvent<HTMLTableElement>): void {
  const step = STEPS[event.key];
  const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-row]');
  if (step === undefined || event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('tr[data-row]')];
  const next = rows[rows.indexOf(row) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

/** Not on a button or link in the row, and not at the end of selecting text. */
function isPlainClick(event: React.MouseEvent): boolean {
  const isOnControl = (event.target as HTMLElement).closest('a, button, input, [role="dialog"]') !== null;
  return !isOnControl && (getSelection()?.toString() ?? '') === '';
}

function classOf({ key, kind = '' }: { readonly key: string; readonly kind?: string }): string {
  return `col-${key} ${kind}`.trim();
}

function textOf(title: ReactNode): string | undefined {
  return typeof title === 'string' ? title : undefined;
}
