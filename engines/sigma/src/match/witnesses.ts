import type { Literal } from './literals.ts';
import type { Atom, Expression, RoutePlan } from './plan.ts';
import { chancesOf, hasTexts, isWatchable, witnessOf } from './witness.ts';

/** A literal that shows that rules may match, or that an atom holds. */
export interface Clue {
  readonly literal: Literal;
  /** Rules to be tried when it shows. */
  readonly rules: readonly number[];
  /** Atoms that hold when it shows. */
  readonly atoms: readonly number[];
  /** Checks that may pass when it shows, as pairs: number of the atom, number of the check among the atom's. */
  readonly hinted: readonly number[];
}

export interface Witnesses {
  /** For each slot, what is looked for in it before any rule is tried. */
  readonly clues: readonly (readonly Clue[])[];
  /** For each slot, rules to be tried when it has any value. */
  readonly onValue: readonly (readonly number[])[];
  /** Rules that nothing tells apart: they are tried on each event. */
  readonly always: readonly number[];
  /** Atoms of which every literal and every hint is among the clues. */
  readonly watched: ReadonlySet<number>;
}

/** Chooses for each rule what must show before it is tried. */
export function chooseWitnesses(plan: RoutePlan): Witnesses {
  const chances = chancesOf(plan);
  const always: number[] = [];
  const onValue = plan.slots.map(() => new Set<number>());
  const found = plan.slots.map(() => new Map<string, GrowingClue>());
  const watched = new Set<number>();
  const clueOf = (slot: number, literal: Literal): GrowingClue => {
    const key = `${literal.place} ${literal.text}`;
    const own = found[slot] as (typeof found)[0];
    let clue = own.get(key);
    if (clue === undefined) {
      clue = { literal, rules: [], atoms: [], hinted: [] };
      own.set(key, clue);
    }
    return clue;
  };
  const watch = (number: number): void => {
    if (watched.has(number)) return;
    watched.add(number);
    const { slot, literals, checks } = plan.atoms[number] as Atom;
    for (const literal of literals) clueOf(slot, literal).atoms.push(number);
    for (const [check, { hints = [] }] of checks.entries())
      for (const text of hints) clueOf(slot, { place: 'anywhere', text }).hinted.push(number, check);
  };
  const often: Expression[] = [];
  const worth = worthScanning(plan, chances);
  plan.expressions.forEach((expression, rule) => {
    const witness = witnessOf(expression, worth);
    if (witness === undefined) always.push(rule);
    if (witness === undefined || witness.chance > OFTEN) often.push(expression);
    for (const number of witness?.atoms ?? []) {
      const atom = plan.atoms[number] as Atom;
      if (!hasTexts(atom)) {
        (onValue[atom.slot] as Set<number>).add(rule);
        continue;
      }
      watch(number);
      for (const literal of atom.literals) addOnce(clueOf(atom.slot, literal).rules, rule);
      for (const text of atom.hints ?? []) addOnce(clueOf(atom.slot, { place: 'anywhere', text }).rules, rule);
    }
  });
  const isSearched = found.map((own) => [...own.values()].some(({ literal }) => literal.place !== 'whole'));
  for (const expression of often)
    for (const number of atomsOf(expression)) {
      const atom = plan.atoms[number] as Atom;
      if (isSearched[atom.slot] && isWatchable(atom)) watch(number);
    }
  return {
    clues: found.map((own) => [...own.values()]),
    onValue: onValue.map((rules) => [...rules]),
    always,
    watched,
  };
}

interface GrowingClue extends Clue {
  readonly rules: number[];
  readonly atoms: number[];
  readonly hinted: number[];
}

/** Rules that are tried so often that what else they ask of a searched text is looked for in the same pass. */
const OFTEN = 0.1;

function atomsOf(expression: Expression): readonly number[] {
  if (expression.kind === 'atom') return [expression.atom];
  return expression.kind === 'not' ? atomsOf(expression.of) : expression.of.flatMap(atomsOf);
}

/** So few rules do not make it worth to search a text of every event, if another place tells them apart as well. */
const FEW_RULES = 2;
const SCAN_PENALTY = 0.5;

/** The chances, raised where texts would be searched for the sake of few rules. */
function worthScanning(plan: RoutePlan, chances: readonly number[]): readonly number[] {
  const rulesOf = plan.slots.map(() => new Set<number>());
  const isSearched = ({ literals, hints }: Atom): boolean =>
    (hints ?? []).length > 0 || literals.some(({ place }) => place !== 'whole');
  plan.expressions.forEach((expression, rule) => {
    for (const number of witnessOf(expression, chances)?.atoms ?? []) {
      const atom = plan.atoms[number] as Atom;
      if (isSearched(atom)) (rulesOf[atom.slot] as Set<number>).add(rule);
    }
  });
  return chances.map((chance, number) => {
    const atom = plan.atoms[number] as Atom;
    const isFew = (rulesOf[atom.slot] as Set<number>).size <= FEW_RULES;
    return isFew && isSearched(atom) && hasTexts(atom) ? chance + SCAN_PENALTY : chance;
  });
}

/** Rules come one after the other: one that is there already is the last. */
function addOnce(rules: number[], rule: number): void {
  if (rules[rules.length - 1] !== rule) rules.push(rule);
}
