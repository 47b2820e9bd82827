import { isUnknown, type Unknown } from '#model/resource.ts';
import { booleanOf, type Cell, equals, failed, findUnknown, joinUnknown, numberOf } from './value.ts';

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => Cell>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? failed('division by zero') : a / b),
  '%': (a, b) => (b === 0 ? failed('division by zero') : a % b),
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `left operator right`. What is compared member by member is paid for from the budget. */
export function operate(operator: string, left: Cell, right: Cell, budget: { left: number }): Cell {
  if (operator === '&&' || operator === '||') return logic(operator, left, right);
  if (operator === '==' || operator === '!=') return compare(left, right, operator === '==', budget);
  const missing = [left, right].filter((value): value is Unknown => isUnknown(value));
  if (missing.length > 0) return joinUnknown(missing);
  const [a, b] = [numberOf(left), numberOf(right)];
  const calculate = ARITHMETIC[operator];
  if (a === undefined || b === undefined || !calculate) return failed(`${operator} needs numbers`);
  const result = calculate(a, b);
  // There is no negative zero.
  return result === 0 ? 0 : result;
}

/** One side may decide alone, also where the other is unknown. */
function logic(operator: '&&' | '||', left: Cell, right: Cell): Cell {
  const decides = operator === '||';
  const sides = [left, right].map((value) => (isUnknown(value) ? value : booleanOf(value)));
  if (sides.includes(decides)) return decides;
  if (sides.includes(undefined)) return failed(`${operator} needs true or false`);
  const missing = sides.filter((value): value is Unknown => isUnknown(value));
  return missing.length > 0 ? joinUnknown(missing) : !decides;
}

function compare(left: Cell, right: Cell, wanted: boolean, budget: { left: number }): Cell {
  const same = equals(left, right, budget);
  if (same !== undefined) return same === wanted;
  const missing = [left, right].map((value) => findUnknown(value)).filter((value) => value !== undefined);
  return joinUnknown(missing);
}
