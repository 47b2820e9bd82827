import type { LiveBlock, Repair } from '../../firewall.ts';
import type { KernelTable } from './kernel-table.ts';
import {
  addCommand,
  BASE_SETS,
  deleteCommand,
  expectedShape,
  replaceCommands,
  setNameOf,
  structureCommands,
} from './ruleset.ts';

/** The kernel counts in whole seconds, and a block may be on its way in or out while it is being read. */
const TOLERANCE_MS = 5_000;

/**
 * What is wrong in the kernel, and the commands that put it right in one transaction; undefined when nothing is. Two live
 * blocks of one target count as the longer one.
 */
export function differenceOf(table: KernelTable | undefined, live: readonly LiveBlock[]): Repair | undefined {
  const wanted = longestPerTarget(live);
  const present = new Map((table?.elements ?? []).map((element) => [element.target.text, element]));
  const needed = [...wanted.values()].map(({ target }) => setNameOf(target));
  const names = [...new Set([...BASE_SETS, ...needed, ...(table?.sets ?? [])])];

  // Nothing of ours there and nothing wanted: a machine that never blocked anything keeps an untouched ruleset.
  if (!table && wanted.size === 0) return undefined;
  const structure = !table || !isWhole(table, names);
  const missing = [...wanted.values()].filter(
    ({ target, remainingMs }) => remainingMs > 0 && !present.has(target.text),
  );
  const surplus = [...present.values()].filter(
    ({ target, expiresMs }) => !wanted.has(target.text) && (expiresMs ?? Number.POSITIVE_INFINITY) > TOLERANCE_MS,
  );
  const retimed = [...wanted.values()].filter(({ target, remainingMs }) => {
    const element = present.get(target.text);
    return element && Math.abs((element.expiresMs ?? Number.POSITIVE_INFINITY) - remainingMs) > TOLERANCE_MS;
  });
  if (!structure && missing.length + surplus.length + retimed.length === 0) return undefined;
  return {
    structure,
    missing: missing.map(({ target }) => target.text),
    surplus: surplus.map(({ target }) => target.text),
    retimed: retimed.map(({ target }) => target.text),
    commands: [
      ...(structure ? structureCommands(names) : []),
      ...surplus.map(({ target }) => deleteCommand(target)),
      ...missing.map(addCommand),
      ...retimed.flatMap(replaceCommands),
    ],
  };
}

/** Everything from nothing, for a table that is not what we made: another type of set, a chain on another hook. */
export function rebuildCommands(live: readonly LiveBlock[]): string[] {
  const wanted = [...longestPerTarget(live).values()];
  const names = wanted.map(({ target }) => setNameOf(target));
  return [
    'add table inet bartizan',
    'delete table inet bartizan',
    ...structureCommands(names),
    ...wanted.map(addCommand),
  ];
}

function longestPerTarget(live: readonly LiveBlock[]): Map<string, LiveBlock> {
  const longest = new Map<string, LiveBlock>();
  for (const block of live) {
    const other = longest.get(block.target.text);
    if (!other || other.remainingMs < block.remainingMs) longest.set(block.target.text, block);
  }
  return longest;
}

function isWhole(table: KernelTable, names: readonly string[]): boolean {
  const shape = expectedShape(names);
  return (
    names.every((name) => table.sets.includes(name)) &&
    Object.entries(shape).every(([chain, rules]) => table.shape[chain]?.join() === rules.join())
  );
}
