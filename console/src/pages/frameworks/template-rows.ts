import type { FrameworkEntry } from '../../api/shapes.ts';

export const SIZES = ['small', 'medium', 'large'] as const;

/** The templates of one industry, small first. */
export interface IndustryRow {
  readonly industry: string;
  readonly templates: readonly FrameworkEntry[];
}

/** Templates by industry, in the order given. */
export function industryRows(items: readonly FrameworkEntry[]): readonly IndustryRow[] {
  const templates = items.filter(({ kind }) => kind === 'template');
  const groups = Map.groupBy(templates, ({ id, suits }) => suits?.industry || id);
  return [...groups].map(([industry, list]) => ({
    industry,
    templates: list.toSorted((a, b) => rank(a) - rank(b)),
  }));
}

function rank({ suits }: FrameworkEntry): number {
  const at = SIZES.findIndex((size) => size === suits?.size);
  return at === -1 ? SIZES.length : at;
}
