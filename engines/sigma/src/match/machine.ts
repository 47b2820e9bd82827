import type { SigmaRule } from '../rule.ts';
import { allValues, type FieldReader, fieldReader, fold, scalarText } from './fields.ts';
import { type Literal, type LiteralScan, literalScan } from './literals.ts';
import { numberLiterals } from './numbering.ts';
import type { Atom, Expression, RoutePlan } from './plan.ts';
import { chancesOf, witnessesOf } from './witness.ts';

/** One place of the event, as it was read for the event at hand. */
interface Slot {
  readonly read: FieldReader;
  readonly scan: LiteralScan | undefined;
  readonly texts: string[];
  readonly folded: string[];
  count: number;
  isPresent: boolean;
  hasNull: boolean;
  /** Number of the event that this is about. */
  round: number;
}

type Ask = () => boolean;

/** No rule: the same list every time. */
export const NONE: readonly SigmaRule[] = Object.freeze([]);
const MAX_VALUES = 1_000;

/**
 * Runs the rules of one route.
 *
 * Each event has a number, and what is known about it is marked with that number, so nothing has to be cleared. The
 * slots that witnesses look at are read first, each literal that they hold marks its atoms, and a witness that shows
 * puts its rules on the list of candidates; only those are tried. Other slots are read when a candidate asks.
 */
export function makeMachine(plan: RoutePlan): {
  match(event: object): readonly SigmaRule[];
  readonly size: { readonly rules: number; readonly always: number };
} {
  const { rules, atoms } = plan;
  const chances = chancesOf(plan);
  const waiting: number[][] = atoms.map(() => []);
  const always: number[] = [];
  plan.expressions.forEach((expression, rule) => {
    const witnesses = witnessesOf(expression, chances);
    if (witnesses === undefined) always.push(rule);
    else for (const atom of witnesses) (waiting[atom] as number[]).push(rule);
  });
  const { count, literals, calls, marks } = numberLiterals(atoms, plan.slots.length, waiting);
  const marked = new Float64Array(count);
  const checked = new Float64Array(atoms.length);
  const tried = new Float64Array(rules.length);
  const candidates: number[] = [];
  let round = 0;
  let current: object = {};

  const report = (number: number): void => {
    if (marked[number] === round) return;
    marked[number] = round;
    const called = calls[number] as readonly number[];
    for (let at = 0; at < called.length; at++) {
      const rule = called[at] as number;
      if (tried[rule] === round) continue;
      tried[rule] = round;
      candidates.push(rule);
    }
  };
  const slots = plan.slots.map((path, slot) => makeSlot(path, literalScan(literals[slot] as readonly Literal[])));
  const eager = slots.filter((_, slot) => atoms.some((atom, at) => atom.slot === slot && waiting[at]?.length !== 0));

  const load = (slot: Slot): void => {
    slot.round = round;
    slot.count = 0;
    slot.hasNull = false;
    const value = slot.read(current);
    slot.isPresent = value !== undefined;
    if (value === undefined) return;
    take(slot, value);
    if (slot.scan === undefined) return;
    for (let at = 0; at < slot.count; at++) slot.scan(slot.folded[at] as string, report);
  };
  const askers = atoms.map((atom, number): Ask => {
    const slot = slots[atom.slot] as Slot;
    const decide = decider(atom, slots, load, () => round);
    const numbers = marks[number] as readonly number[];
    const shows = (): boolean => {
      for (let at = 0; at < numbers.length; at++) if (marked[numbers[at] as number] === round) return true;
      return false;
    };
    if (decide === undefined)
      return () => {
        if (slot.round !== round) load(slot);
        return shows();
      };
    let decided = false;
    return () => {
      if (slot.round !== round) load(slot);
      if (shows()) return true;
      if (checked[number] === round) return decided;
      checked[number] = round;
      decided = decide();
      return decided;
    };
  });
  const asks = plan.expressions.map((expression) => asking(expression, askers, atoms));

  const match = (event: object): readonly SigmaRule[] => {
    round += 1;
    current = event;
    candidates.length = 0;
    for (let at = 0; at < eager.length; at++) load(eager[at] as Slot);
    let found: number[] | undefined;
    for (let at = 0; at < candidates.length; at++) {
      const rule = candidates[at] as number;
      if ((asks[rule] as Ask)()) (found ??= []).push(rule);
    }
    for (let at = 0; at < always.length; at++) {
      const rule = always[at] as number;
      if ((asks[rule] as Ask)()) (found ??= []).push(rule);
    }
    if (found === undefined) return NONE;
    return found.sort((a, b) => a - b).map((rule) => rules[rule] as SigmaRule);
  };
  return { match, size: { rules: rules.length, always: always.length } };
}

function makeSlot(path: readonly string[] | undefined, scan: LiteralScan | undefined): Slot {
  return {
    read: path === undefined ? allValues : fieldReader(path),
    scan,
    texts: [],
    folded: [],
    count: 0,
    isPresent: false,
    hasNull: false,
    round: 0,
  };
}

function take(slot: Slot, value: unknown): void {
  if (typeof value === 'string') {
    slot.texts[slot.count] = value;
    slot.folded[slot.count] = fold(value);
    slot.count += 1;
  } else if (value === null) slot.hasNull = true;
  else if (Array.isArray(value)) {
    for (let at = 0; at < value.length && slot.count < MAX_VALUES; at++) {
      // A list in a list is no value of the field.
      if (!Array.isArray(value[at])) take(slot, value[at]);
    }
  } else {
    const text = scalarText(value);
    if (text !== undefined) take(slot, text);
  }
}

/** What an atom asks beyond its literals; undefined when that is nothing. */
function decider(
  atom: Atom,
  slots: readonly Slot[],
  load: (slot: Slot) => void,
  roundNow: () => number,
): (() => boolean) | undefined {
  const { checks, references, onAbsent, exists } = atom;
  if (checks.length === 0 && references.length === 0 && !onAbsent && exists === undefined) return undefined;
  const slot = slots[atom.slot] as Slot;
  return () => {
    if (onAbsent && (slot.hasNull || !slot.isPresent)) return true;
    if (exists !== undefined && slot.isPresent === exists) return true;
    for (let at = 0; at < slot.count; at++) {
      const text = slot.texts[at] as string;
      const folded = slot.folded[at] as string;
      for (let index = 0; index < checks.length; index++)
        if ((checks[index] as (typeof checks)[0])(text, folded)) return true;
    }
    for (const { slot: number, place, cased } of references) {
      const other = slots[number] as Slot;
      if (other.round !== roundNow()) load(other);
      if (compares(slot, other, place, cased)) return true;
    }
    return false;
  };
}

function compares(slot: Slot, other: Slot, place: string, cased: boolean): boolean {
  const left = cased ? slot.texts : slot.folded;
  const right = cased ? other.texts : other.folded;
  for (let at = 0; at < slot.count; at++) {
    const value = left[at] as string;
    for (let index = 0; index < other.count; index++) {
      const part = right[index] as string;
      if (place === 'whole' ? value === part : place === 'start' ? value.startsWith(part) : false) return true;
      if (place === 'end' ? value.endsWith(part) : place === 'anywhere' && value.includes(part)) return true;
    }
  }
  return false;
}

/** Cheap questions first: the order makes no difference to the answer. */
function asking(expression: Expression, askers: readonly Ask[], atoms: readonly Atom[]): Ask {
  if (expression.kind === 'atom') return askers[expression.atom] as Ask;
  if (expression.kind === 'not') {
    const inner = asking(expression.of, askers, atoms);
    return () => !inner();
  }
  const asks = [...expression.of]
    .sort((a, b) => costOf(a, atoms) - costOf(b, atoms))
    .map((part) => asking(part, askers, atoms));
  const answer = expression.kind === 'or';
  if (asks.length === 2) {
    const [first, second] = asks as [Ask, Ask];
    return answer ? () => first() || second() : () => first() && second();
  }
  return () => {
    for (let at = 0; at < asks.length; at++) if ((asks[at] as Ask)() === answer) return answer;
    return !answer;
  };
}

function costOf(expression: Expression, atoms: readonly Atom[]): number {
  if (expression.kind === 'atom') return (atoms[expression.atom] as Atom).cost;
  if (expression.kind === 'not') return costOf(expression.of, atoms);
  return expression.of.reduce((sum, part) => sum + costOf(part, atoms), 0);
}
