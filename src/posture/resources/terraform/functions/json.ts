import { isUnknown, type Unknown, UNKNOWN_PART, unknown } from '#model/resource.ts';
import { type Cell, isList, isNamed, joinUnknown, MAX_VALUE_DEPTH } from '../evaluate/value.ts';

const MAX_NODES = 100_000;

/** JSON as Terraform writes it, `<`, `>` and `&` escaped; with unknown parts, an unknown that holds the rest. */
export function toJson(value: Cell): Cell {
  const missing: Unknown[] = [];
  const budget = { left: MAX_NODES };
  const plain = known(value, missing, budget, 0);
  if (budget.left < 0) return unknown('the value is too large');
  const text = JSON.stringify(plain).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  return missing.length === 0 ? text : joinUnknown(missing, text);
}

function known(value: Cell, missing: Unknown[], budget: { left: number }, depth: number): Cell {
  if (depth > MAX_VALUE_DEPTH) budget.left = 0;
  if (--budget.left < 0) return null;
  if (typeof value !== 'object' || value === null) return value;
  if (isNamed(value)) return known(value.whole(), missing, budget, depth + 1);
  if (isUnknown(value)) {
    missing.push(value);
    return value.partial ?? UNKNOWN_PART;
  }
  if (isList(value)) return value.map((item) => known(item, missing, budget, depth + 1));
  const names = Object.keys(value).sort();
  return Object.fromEntries(
    names.map((name) => [name, known(value[name] as Cell, missing, budget, depth + 1)] as const),
  );
}
