import type { Atom, Expression, RoutePlan } from './plan.ts';

export interface Witness {
  readonly atoms: readonly number[];
  /** A guess of how often one of them shows, 0–1 and above. */
  readonly chance: number;
}

/**
 * Atoms of which at least one has a literal or hint, or at least a value, in every event that the rule matches: unless one
 * shows, the rule need not be tried. Undefined when there are none, and the rule is tried on every event.
 *
 * Of the parts of an `and` the rarest is taken; an `or` needs all of its parts; a `not` shows nothing.
 */
export function witnessOf(expression: Expression, chances: readonly number[]): Witness | undefined {
  if (expression.kind === 'not') return undefined;
  if (expression.kind === 'atom') {
    const chance = chances[expression.atom] as number;
    return chance < HOPELESS ? { atoms: [expression.atom], chance } : undefined;
  }
  const parts = expression.of.map((part) => witnessOf(part, chances));
  if (expression.kind === 'and') {
    return parts.reduce((best, part) => (best === undefined || (part && part.chance < best.chance) ? part : best));
  }
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length) return undefined;
  return {
    atoms: [...new Set(known.flatMap((part) => part.atoms))],
    chance: known.reduce((sum, part) => sum + part.chance, 0),
  };
}

/**
 * Groups of watched atoms: of each group at least one has a literal or hint in every event that the rule matches. Asked before
 * the rule itself, which costs many times as much.
 */
export function gatesOf(expression: Expression, watched: ReadonlySet<number>): readonly (readonly number[])[] {
  if (expression.kind === 'not') return [];
  if (expression.kind === 'atom') return watched.has(expression.atom) ? [[expression.atom]] : [];
  const parts = expression.of.map((part) => gatesOf(part, watched));
  if (expression.kind === 'and') return parts.flat();
  const first = parts.map(([gate]) => gate);
  return first.includes(undefined) ? [] : [first.flatMap((gate) => gate as readonly number[])];
}

const HOPELESS = 1_000;
/** Of an atom that shows nothing but that its field is there. */
const PRESENCE = 100;

/** In a small set two rules that ask for the same text say little about how common it is. */
const FEWEST_ATOMS = 2_000;

/** Guesses how often each atom shows: short texts, and texts that many rules ask for, are common. */
export function chancesOf(plan: RoutePlan): readonly number[] {
  const uses = plan.slots.map(() => new Map<string, number>());
  for (const { slot, literals, hints } of plan.atoms) {
    const own = uses[slot] as Map<string, number>;
    for (const { text } of literals) own.set(text, (own.get(text) ?? 0) + 1);
    for (const text of hints ?? []) own.set(text, (own.get(text) ?? 0) + 1);
  }
  const total = Math.max(plan.atoms.length, FEWEST_ATOMS);
  return plan.atoms.map((atom) => {
    if (!needsValue(atom)) return HOPELESS;
    if (!hasTexts(atom)) return PRESENCE;
    let chance = 0;
    const own = uses[atom.slot] as Map<string, number>;
    const shared = (text: string): number => ((own.get(text) as number) - 1) / total;
    for (const { place, text } of atom.literals) chance += chanceOf(place, text) + shared(text);
    for (const hint of atom.hints ?? []) chance += chanceOf('anywhere', hint) + shared(hint);
    return chance;
  });
}

/** It holds of a value only, never where nothing is. */
function needsValue({ onAbsent, exists }: Atom): boolean {
  return !onAbsent && exists === undefined;
}

/** Whatever value it holds of, one of its literals or hints is in it. */
export function hasTexts(atom: Atom): boolean {
  if (atom.references.length > 0 || (atom.checks.length > 0 && atom.hints === undefined)) return false;
  return atom.literals.length > 0 || (atom.hints ?? []).length > 0;
}

/** What it asks is known once its literals and hints were looked for in its slot. */
export function isWatchable(atom: Atom): boolean {
  return needsValue(atom) && hasTexts(atom);
}

function chanceOf(place: string, text: string): number {
  // Whole values that are short are one of few: a status, a method, a yes.
  if (place === 'whole') return 0.4 * 0.7 ** text.length + 0.01;
  return (place === 'anywhere' ? 0.5 : 0.2) * 0.5 ** text.length + 0.0003;
}
