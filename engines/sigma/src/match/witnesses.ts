import type { Literal } from './literals.ts';
import type { RoutePlan } from './plan.ts';
import { chancesOf, hasTexts, witnessesOf } from './witness.ts';

/** A literal that shows that rules may match, or that an atom holds. */
export interface Clue {
  readonly literal: Literal;
  /** Rules to be tried when it shows. */
  readonly rules: readonly number[];
  /** Atoms that hold when it shows. */
  readonly atoms: readonly number[];
}

export interface Witnesses {
  /** For each slot, what is looked for in it before any rule is tried. */
  readonly clues: readonly (readonly Clue[])[];
  /** For each slot, rules to be tried when it has any value. */
  readonly onValue: readonly (readonly number[])[];
  /** Rules that nothing tells apart: they are tried on each event. */
  readonly always: readonly number[];
}

/** Chooses for each rule what must show before it is tried. */
export function chooseWitnesses(plan: RoutePlan): Witnesses {
  const chances = chancesOf(plan);
  const always: number[] = [];
  const onValue = plan.slots.map(() => new Set<number>());
  const found = plan.slots.map(() => new Map<string, { literal: Literal; rules: number[]; atoms: number[] }>());
  const clueOf = (slot: number, literal: Literal): { rules: number[]; atoms: number[] } => {
    const key = `${literal.place} ${literal.text}`;
    const own = found[slot] as (typeof found)[0];
    let clue = own.get(key);
    if (clue === undefined) {
      clue = { literal, rules: [], atoms: [] };
      own.set(key, clue);
    }
    return clue;
  };
  const worth = worthScanning(plan, chances);
  plan.expressions.forEach((expression, rule) => {
    const witnesses = witnessesOf(expression, worth);
    if (witnesses === undefined) always.push(rule);
    for (const number of witnesses ?? []) {
      const atom = plan.atoms[number] as RoutePlan['atoms'][0];
      if (!hasTexts(atom)) {
        (onValue[atom.slot] as Set<number>).add(rule);
        continue;
      }
      for (const literal of atom.literals) {
        const clue = clueOf(atom.slot, literal);
        addOnce(clue.rules, rule);
        if (!clue.atoms.includes(number)) clue.atoms.push(number);
      }
      for (const text of atom.hints ?? []) addOnce(clueOf(atom.slot, { place: 'anywhere', text }).rules, rule);
    }
  });
  return {
    clues: found.map((own) => [...own.values()]),
    onValue: onValue.map((rules) => [...rules]),
    always,
  };
}

/** So few rules do not make it worth to search a text of every event, if another place tells them apart as well. */
const FEW_RULES = 2;
const SCAN_PENALTY = 0.5;

/** The chances, raised where texts would be searched for the sake of few rules. */
function worthScanning(plan: RoutePlan, chances: readonly number[]): readonly number[] {
  const rulesOf = plan.slots.map(() => new Set<number>());
  const isSearched = ({ literals, hints }: RoutePlan['atoms'][0]): boolean =>
    (hints ?? []).length > 0 || literals.some(({ place }) => place !== 'whole');
  plan.expressions.forEach((expression, rule) => {
    for (const number of witnessesOf(expression, chances) ?? []) {
      const atom = plan.atoms[number] as RoutePlan['atoms'][0];
      if (isSearched(atom)) (rulesOf[atom.slot] as Set<number>).add(rule);
    }
  });
  return chances.map((chance, number) => {
    const atom = plan.atoms[number] as RoutePlan['atoms'][0];
    const isFew = (rulesOf[atom.slot] as Set<number>).size <= FEW_RULES;
    return isFew && isSearched(atom) && hasTexts(atom) ? chance + SCAN_PENALTY : chance;
  });
}

/** Rules come one after the other: one that is there already is the last. */
function addOnce(rules: number[], rule: number): void {
  if (rules[rules.length - 1] !== rule) rules.push(rule);
}
