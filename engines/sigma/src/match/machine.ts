import type { SigmaRule } from '../rule.ts';
import { type Ask, makeAsk, makeDecision, makeRemainder } from './ask.ts';
import type { LiteralScan } from './literals.ts';
import type { Atom, Expression, RoutePlan } from './plan.ts';
import { type Memory, makeMemory } from './remember.ts';
import { scanOf } from './scan.ts';
import { fill, fillFolded, joinedValues, makeSlot, type Slot } from './slot.ts';
import { fieldWalk } from './walk.ts';
import { gatesOf } from './witness.ts';
import { chooseWitnesses, type Clue } from './witnesses.ts';

/** No rule: the same list every time. */
export const NONE: readonly SigmaRule[] = Object.freeze([]);

/** A slot that is looked into before any rule is tried. */
interface Watched {
  readonly slot: Slot;
  readonly scan: LiteralScan;
  readonly report: (clue: number) => void;
  /** Rules that are tried when it has any value. */
  readonly onValue: readonly number[];
  /** Where more than whole values are looked for. */
  readonly memory: Memory | undefined;
}

/**
 * Runs the rules of one route.
 *
 * Each event has a number, and what is known about it is marked with that number, so nothing has to be cleared. The
 * fields that witnesses look at are read first; a witness that shows puts its rules on the list of candidates, and only
 * those are tried. Other fields are read when a candidate asks, and what it asks is made ready when it first does.
 */
export function makeMachine(plan: RoutePlan): {
  match(event: object): readonly SigmaRule[];
  readonly size: { readonly rules: number; readonly always: number };
} {
  const { rules, atoms } = plan;
  const { clues, onValue, always, watched: watchedAtoms } = chooseWitnesses(plan);
  const slots = plan.slots.map(makeSlot);
  const tried = new Float64Array(rules.length);
  const answeredAt = new Float64Array(atoms.length);
  const answers = new Uint8Array(atoms.length);
  /** When one of the literals or hints of a watched atom was there. */
  const shownAt = new Float64Array(atoms.length);
  const firstChecks = firstChecksOf(atoms);
  const hintedAt = new Float64Array(firstChecks[atoms.length] as number);
  /** Of these every answer is known once the watched fields were looked into. */
  const isSettled = Uint8Array.from(atoms, ({ checks }, number) =>
    watchedAtoms.has(number) && checks.length === 0 ? 1 : 0,
  );
  const candidates: number[] = [];
  const found: number[] = [];
  let round = 0;
  let current: object = {};

  const call = (called: readonly number[]): void => {
    for (let at = 0; at < called.length; at++) {
      const rule = called[at] as number;
      if (tried[rule] === round) continue;
      tried[rule] = round;
      candidates.push(rule);
    }
  };
  const reporter = (clues: readonly Clue[]) => {
    const own = clues.map(({ rules: called, atoms: held, hinted }) => ({
      called,
      held,
      shown: [...new Set([...held, ...hinted.filter((_, at) => at % 2 === 0)])],
      checks: hinted.flatMap((atom, at) =>
        at % 2 === 0 ? [(firstChecks[atom] as number) + (hinted[at + 1] as number)] : [],
      ),
    }));
    return (number: number): void => {
      const { called, held, shown, checks } = own[number] as (typeof own)[0];
      for (let at = 0; at < shown.length; at++) shownAt[shown[at] as number] = round;
      for (let at = 0; at < held.length; at++) {
        answeredAt[held[at] as number] = round;
        answers[held[at] as number] = 1;
      }
      for (let at = 0; at < checks.length; at++) hintedAt[checks[at] as number] = round;
      call(called);
    };
  };
  const watchedOf = (at: number): Watched => {
    const own = clues[at] as readonly Clue[];
    return {
      slot: slots[at] as Slot,
      scan: scanOf(own.map(({ literal }) => literal)),
      report: reporter(own),
      onValue: onValue[at] as readonly number[],
      memory: own.some(({ literal }) => literal.place !== 'whole') ? makeMemory() : undefined,
    };
  };
  const watchedSlots = slots.map((_, at) => at).filter((at) => clues[at]?.length !== 0 || onValue[at]?.length !== 0);
  const fields = watchedSlots.filter((at) => plan.slots[at] !== undefined);
  const watched = fields.map(watchedOf);
  const [everywhere] = watchedSlots.filter((at) => plan.slots[at] === undefined).map(watchedOf);
  const isJoinable = plan.slots.every((path, at) => path !== undefined || clues[at]?.every(isAnywhere) === true);
  const walk = fieldWalk(fields.map((at) => plan.slots[at] as readonly string[]));

  const look = (one: Watched, value: unknown): void => {
    const { slot, scan, report, onValue: called, memory } = one;
    if (memory !== undefined && typeof value === 'string') return lookAtText(one, memory, value);
    fill(slot, value, round);
    if (called.length > 0 && slot.count > 0) call(called);
    for (let at = 0; at < slot.count; at++) scan(slot.folded[at] as string, report);
  };
  const lookAtText = ({ slot, scan, report, onValue: called }: Watched, memory: Memory, value: string): void => {
    if (called.length > 0) call(called);
    const known = memory.find(value);
    if (known !== undefined) {
      fillFolded(slot, value, known.folded, round);
      for (let at = 0; at < known.clues.length; at++) report(known.clues[at] as number);
      return;
    }
    fill(slot, value, round);
    const folded = slot.folded[0] as string;
    scan(folded, report);
    if (!memory.isWorthKeeping(value)) return;
    const clues: number[] = [];
    scan(folded, (clue) => clues.push(clue));
    memory.keep(value, folded, clues);
  };
  /** Keywords: nearly all of them may stand anywhere in a value, and then one pass over all values is enough. */
  const lookEverywhere = (one: Watched, event: object): void => {
    if (!isJoinable) return look(one, one.slot.read(event));
    call(one.onValue);
    one.scan(joinedValues(event), one.report);
  };
  const lookAt = (field: number, value: unknown): void => look(watched[field] as Watched, value);
  const load = (slot: Slot): void => {
    if (slot.round !== round) fill(slot, slot.read(current), round);
  };
  const decisionOf = (number: number): Ask => {
    const atom = atoms[number] as Atom;
    if (!watchedAtoms.has(number)) return makeDecision(atom, slots, load);
    const first = firstChecks[number] as number;
    return makeRemainder(atom, slots[atom.slot] as Slot, (check) => hintedAt[first + check] === round);
  };
  const decisions: (Ask | undefined)[] = new Array<Ask | undefined>(atoms.length).fill(undefined);
  const askAtom = (number: number): boolean => {
    if (answeredAt[number] === round) return answers[number] === 1;
    if (isSettled[number] === 1) return false;
    const atom = atoms[number] as Atom;
    load(slots[atom.slot] as Slot);
    const answer = (decisions[number] ??= decisionOf(number))();
    answeredAt[number] = round;
    answers[number] = answer ? 1 : 0;
    return answer;
  };
  const asks: (Ask | undefined)[] = new Array<Ask | undefined>(rules.length).fill(undefined);
  /** What is watched is known already, or nearly so. */
  const costOfAtom = (number: number): number =>
    watchedAtoms.has(number) ? (atoms[number] as Atom).checks.length * WATCHED_COST : (atoms[number] as Atom).cost;
  const gates: (readonly (readonly number[])[] | undefined)[] = asks.map(() => undefined);
  const isShown = (atoms: readonly number[]): boolean => {
    for (let at = 0; at < atoms.length; at++) if (shownAt[atoms[at] as number] === round) return true;
    return false;
  };
  const holds = (rule: number): boolean => {
    const own = (gates[rule] ??= gatesOf(plan.expressions[rule] as Expression, watchedAtoms));
    for (let at = 0; at < own.length; at++) if (!isShown(own[at] as readonly number[])) return false;
    return (asks[rule] ??= makeAsk(plan.expressions[rule] as Expression, askAtom, costOfAtom))();
  };

  const match = (event: object): readonly SigmaRule[] => {
    round += 1;
    current = event;
    candidates.length = 0;
    walk(event, lookAt);
    if (everywhere !== undefined) lookEverywhere(everywhere, event);
    found.length = 0;
    for (let at = 0; at < candidates.length; at++)
      if (holds(candidates[at] as number)) insert(found, candidates[at] as number);
    for (let at = 0; at < always.length; at++) if (holds(always[at] as number)) insert(found, always[at] as number);
    if (found.length === 0) return NONE;
    const matched: SigmaRule[] = [];
    for (let at = 0; at < found.length; at++) matched.push(rules[found[at] as number] as SigmaRule);
    return matched;
  };
  return { match, size: { rules: rules.length, always: always.length } };
}

/** Puts a number in its place among a few. */
function insert(sorted: number[], number: number): void {
  let at = sorted.length;
  sorted.push(number);
  for (; at > 0 && (sorted[at - 1] as number) > number; at--) sorted[at] = sorted[at - 1] as number;
  sorted[at] = number;
}

const WATCHED_COST = 0.1;

/** Where the checks of each atom begin among those of all; one more, for where the last one's end. */
function firstChecksOf(atoms: readonly Atom[]): readonly number[] {
  let sum = 0;
  return [0, ...atoms.map(({ checks }) => (sum += checks.length))];
}

function isAnywhere({ literal }: Clue): boolean {
  return literal.place === 'anywhere' && literal.text !== '' && !literal.text.includes('\0');
}
