import type { Literal } from './literals.ts';
import type { Atom, Expression, HintedCheck } from './plan.ts';
import { hasOneOf } from './scan.ts';
import type { Slot } from './slot.ts';

export type Ask = () => boolean;

/** Makes what an atom asks of its slot, which is loaded then; `load` loads others. */
export function makeDecision(atom: Atom, slots: readonly Slot[], load: (slot: Slot) => void): Ask {
  const { literals, checks, references, onAbsent, exists } = atom;
  const slot = slots[atom.slot] as Slot;
  const inFolded = literals.length === 0 ? undefined : hasOneOf(literals);
  const plain = checks.length === 0 && references.length === 0 && !onAbsent && exists === undefined;
  if (plain && inFolded !== undefined)
    return () => {
      for (let at = 0; at < slot.count; at++) if (inFolded(slot.folded[at] as string)) return true;
      return false;
    };
  return () => {
    if (onAbsent && (slot.hasNull || !slot.isPresent)) return true;
    if (exists !== undefined && slot.isPresent === exists) return true;
    for (let at = 0; at < slot.count; at++) {
      const text = slot.texts[at] as string;
      const folded = slot.folded[at] as string;
      if (inFolded?.(folded) === true) return true;
      for (let index = 0; index < checks.length; index++)
        if ((checks[index] as HintedCheck).passes(text, folded)) return true;
    }
    for (const { slot: number, place, cased } of references) {
      const other = slots[number] as Slot;
      load(other);
      if (compares(slot, other, place, cased)) return true;
    }
    return false;
  };
}

/**
 * The same for an atom all of whose literals and hints were looked for in its slot already, and no literal was there: only
 * checks of which a hint was there are left to be made.
 *
 * @param isHinted whether a hint of the check with this number among the atom's was there.
 */
export function makeRemainder({ checks }: Atom, slot: Slot, isHinted: (check: number) => boolean): Ask {
  return () => {
    for (let index = 0; index < checks.length; index++) {
      if (!isHinted(index)) continue;
      const { passes } = checks[index] as HintedCheck;
      for (let at = 0; at < slot.count; at++)
        if (passes(slot.texts[at] as string, slot.folded[at] as string)) return true;
    }
    return false;
  };
}

function compares(slot: Slot, other: Slot, place: Literal['place'], cased: boolean): boolean {
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

/** Makes what a rule asks. Cheap questions come first: the order makes no difference to the answer. */
export function makeAsk(
  expression: Expression,
  askAtom: (atom: number) => boolean,
  costOfAtom: (atom: number) => number,
): Ask {
  if (expression.kind === 'atom') {
    const { atom } = expression;
    return () => askAtom(atom);
  }
  if (expression.kind === 'not') {
    const inner = makeAsk(expression.of, askAtom, costOfAtom);
    return () => !inner();
  }
  const answer = expression.kind === 'or';
  const parts = [...expression.of].sort((a, b) => costOf(a, costOfAtom) - costOf(b, costOfAtom));
  if (parts.every((part) => part.kind === 'atom')) {
    const numbers = parts.map((part) => (part as { atom: number }).atom);
    return () => {
      for (let at = 0; at < numbers.length; at++) if (askAtom(numbers[at] as number) === answer) return answer;
      return !answer;
    };
  }
  const asks = parts.map((part) => makeAsk(part, askAtom, costOfAtom));
  return () => {
    for (let at = 0; at < asks.length; at++) if ((asks[at] as Ask)() === answer) return answer;
    return !answer;
  };
}

function costOf(expression: Expression, costOfAtom: (atom: number) => number): number {
  if (expression.kind === 'atom') return costOfAtom(expression.atom);
  if (expression.kind === 'not') return costOf(expression.of, costOfAtom);
  return expression.of.reduce((sum, part) => sum + costOf(part, costOfAtom), 0);
}
