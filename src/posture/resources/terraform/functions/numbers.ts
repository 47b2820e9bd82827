import { booleanOf, type Cell, failed, isList, numberOf, textOf } from '../evaluate/value.ts';
import { deep, type FunctionTable, onNumbers } from './define.ts';

/** Functions on numbers, and conversions. */
export const NUMBER_FUNCTIONS: FunctionTable = {
  abs: onNumbers((number = 0) => Math.abs(number)),
  ceil: onNumbers((number = 0) => Math.ceil(number)),
  floor: onNumbers((number = 0) => Math.floor(number)),
  log: onNumbers((number = 0, base = 0) => finite(Math.log(number) / Math.log(base))),
  max: onNumbers((...numbers) => finite(Math.max(...numbers))),
  min: onNumbers((...numbers) => finite(Math.min(...numbers))),
  parseint: deep(([text, base]) => parseInteger(textOf(text ?? null) ?? '', numberOf(base ?? null) ?? 0)),
  pow: onNumbers((base = 0, exponent = 0) => finite(base ** exponent)),
  signum: onNumbers((number = 0) => Math.sign(number)),
  sum: deep(([list]) => sum(list)),
  tobool: deep(([value]) =>
    value === null || value === undefined ? null : (booleanOf(value) ?? failed('this is neither true nor false')),
  ),
  tonumber: deep(([value]) =>
    value === null || value === undefined ? null : (numberOf(value) ?? failed('this is no number')),
  ),
};

function finite(number: number): Cell {
  return Number.isFinite(number) ? number : failed('this has no number as its result');
}

function sum(list: Cell | undefined): Cell {
  if (!isList(list) || list.length === 0) return failed('sum needs numbers');
  const numbers = list.map(numberOf);
  return numbers.every((number) => number !== undefined)
    ? numbers.reduce((a, b) => a + b, 0)
    : failed('sum needs numbers');
}

function parseInteger(text: string, base: number): Cell {
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  const isWhole = base >= 2 && base <= 36 && new RegExp(`^-?[${digits}]+$`, 'i').test(text);
  return isWhole ? Number.parseInt(text, base) : failed('parseint needs a number of this base');
}
