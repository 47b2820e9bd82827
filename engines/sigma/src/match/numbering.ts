import type { Literal } from './literals.ts';
import type { Atom } from './plan.ts';

/**
 * Numbers by which literals that show are reported: those of large atoms first (their index), then one for each literal.
 *
 * An atom of a few literals is asked by looking at their marks; one of many has a mark of its own, set by each of its
 * literals, so that a list of ten thousand costs as much as a list of one.
 */
export interface Numbering {
  readonly count: number;
  /** Literals of each slot. */
  readonly literals: readonly (readonly Literal[])[];
  /** Rules to be tried when a number is reported. */
  readonly calls: readonly (readonly number[])[];
  /** For each atom, the numbers of which one is marked when one of its literals shows. */
  readonly marks: readonly (readonly number[])[];
}

const LARGE = 24;

/** @param waiting for each atom, the rules whose witness it is. */
export function numberLiterals(
  atoms: readonly Atom[],
  slotCount: number,
  waiting: readonly (readonly number[])[],
): Numbering {
  const bySlot = Array.from({ length: slotCount }, () => new Map<string, { literal: Literal; reports: Set<number> }>());
  const calls: Set<number>[] = atoms.map(() => new Set());

  const numberOf = (slot: number, place: Literal['place'], text: string): { number: number; reports: Set<number> } => {
    const key = `${place} ${text}`;
    const known = (bySlot[slot] as (typeof bySlot)[0]).get(key);
    if (known !== undefined) return { number: known.literal.number, reports: known.reports };
    const number = calls.length;
    calls.push(new Set());
    const reports = new Set<number>();
    (bySlot[slot] as (typeof bySlot)[0]).set(key, { literal: { place, text, number, reports: [] }, reports });
    return { number, reports };
  };
  const marks = atoms.map((atom, index) => {
    const rules = waiting[index] as readonly number[];
    const isLarge = atom.literals.length > LARGE;
    const numbers = atom.literals.map(({ place, text }) => {
      const { number, reports } = numberOf(atom.slot, place, text);
      reports.add(isLarge ? index : number);
      // Atoms with checks are not decided by their literals: their rules are called by each.
      if (!isLarge) for (const rule of rules) (calls[number] as Set<number>).add(rule);
      return number;
    });
    if (isLarge) for (const rule of rules) (calls[index] as Set<number>).add(rule);
    if (rules.length > 0)
      for (const hint of atom.hints ?? []) {
        const { number, reports } = numberOf(atom.slot, 'anywhere', hint);
        reports.add(number);
        for (const rule of rules) (calls[number] as Set<number>).add(rule);
      }
    return isLarge ? [index] : numbers;
  });
  return {
    count: calls.length,
    literals: bySlot.map((found) =>
      [...found.values()].map(({ literal, reports }) => ({ ...literal, reports: [...reports] })),
    ),
    calls: calls.map((rules) => [...rules]),
    marks,
  };
}
