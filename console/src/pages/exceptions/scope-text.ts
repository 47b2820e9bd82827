export interface ScopeRow {
  readonly name: string;
  readonly value: string;
}

export const NO_ROW: ScopeRow = { name: 'host', value: '' };

export function rowsOf(scope: Readonly<Record<string, string>>): ScopeRow[] {
  const rows = Object.entries(scope).map(([name, value]) => ({ name, value }));
  return rows.length > 0 ? rows : [NO_ROW];
}

/** What the rows ask for: those with a value. Undefined while two of them say different things of one. */
export function scopeOf(rows: readonly ScopeRow[]): Record<string, string> | undefined {
  const filled = rows.map(({ name, value }) => ({ name, value: value.trim() })).filter(({ value }) => value !== '');
  if (new Set(filled.map(({ name }) => name)).size < filled.length) return undefined;
  return Object.fromEntries(filled.map(({ name, value }) => [name, value]));
}
