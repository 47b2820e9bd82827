import type { Bilingual, Clause } from '../../api/shapes.ts';

/** Clauses that stand in the same group of the same framework, one after the other. */
export interface ClauseGroup {
  readonly key: string;
  readonly framework: string;
  readonly groups: readonly Bilingual[];
  readonly clauses: readonly Clause[];
}

/** In the order of the framework; a group without a clause does not appear. */
export function clauseGroups(clauses: readonly Clause[]): readonly ClauseGroup[] {
  const found: { key: string; framework: string; groups: readonly Bilingual[]; clauses: Clause[] }[] = [];
  for (const clause of clauses) {
    const { framework, groups } = clause;
    const key = JSON.stringify([framework, ...groups.map(({ en }) => en)]);
    const last = found.at(-1);
    if (last?.key === key) last.clauses.push(clause);
    else found.push({ key, framework, groups, clauses: [clause] });
  }
  return found;
}
