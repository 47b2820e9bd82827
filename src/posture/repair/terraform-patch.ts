import type { Check } from '../checks/index.ts';
import type { Block, Body } from '../resources/terraform/hcl/syntax.ts';

export type Repair = NonNullable<Check['repair']>;

/** Lines of a file, from 1, that become others; `from` above `to` puts them in before `from`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/**
 * What a repair changes in the text of a resource.
 *
 * @param lines of the file
 * @param block the resource in it
 * @returns undefined where the text is written so that it cannot be changed line by line, on one line for instance.
 */
export function editsFor(repair: Repair, lines: readonly string[], block: Block): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  if (block.line === block.endLine && !/\{\s*\}\s*$/.test(lines[block.line - 1] ?? '')) return;
  for (const [path, value] of Object.entries(repair.set ?? {})) {
    const edit = setAt(path.split('.'), literal(value), lines, block);
    if (edit === undefined) return;
    edits.push(edit);
  }
  for (const path of repair.remove ?? []) {
    const found = removalsAt(path.split('.'), block);
    if (found === undefined) return;
    edits.push(...found);
  }
  if (repair.add !== undefined) {
    const [type = '', name = ''] = block.labels;
    const text = repair.add.replaceAll('{name}', name).replaceAll('{address}', `${type}.${name}`).trimEnd();
    edits.push({ from: block.endLine + 1, to: block.endLine, lines: ['', ...text.split('\n')] });
  }
  return edits;
}

/** Applies edits that do not overlap. What is given twice is done once: a block may stand for several resources. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const lines = text.split('\n');
  const seen = new Set<string>();
  const distinct = edits.filter((edit) => {
    const key = JSON.stringify(edit);
    return !seen.has(key) && seen.add(key);
  });
  for (const { from, to, lines: instead } of distinct.toSorted((a, b) => b.from - a.from || b.to - a.to)) {
    lines.splice(from - 1, Math.max(0, to - from + 1), ...instead);
  }
  return lines.join('\n');
}

function setAt(path: readonly string[], value: string, lines: readonly string[], block: Block): Edit | undefined {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) return setAttribute(name, value, lines, block);
  const inner = block.body.blocks.find(({ type }) => type === name);
  if (inner !== undefined) return inner.line === inner.endLine ? undefined : setAt(rest, value, lines, inner);
  if (block.body.attributes.some((attribute) => attribute.name === name)) return;
  const indent = indentIn(lines, block);
  return insertInto(block, lines, nested(path, value, indent));
}

function setAttribute(name: string, value: string, lines: readonly string[], block: Block): Edit | undefined {
  const found = block.body.attributes.find((attribute) => attribute.name === name);
  if (found === undefined) return insertInto(block, lines, [`${indentIn(lines, block)}${name} = ${value}`]);
  const line = lines[found.line - 1] ?? '';
  const [, head] = new RegExp(String.raw`^(\s*${name}\s*=\s*)`).exec(line) ?? [];
  if (head === undefined || isShared(found.line, found.endLine, block.body)) return;
  const comment = found.line === found.endLine ? (/\s+(#|\/\/)[^"]*$/.exec(line)?.[0] ?? '') : '';
  return { from: found.line, to: found.endLine, lines: [`${head}${value}${comment}`] };
}

function removalsAt(path: readonly string[], block: Block): readonly Edit[] | undefined {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length > 0) {
    const inner = block.body.blocks.filter(({ type }) => type === name).map((one) => removalsAt(rest, one));
    return inner.every((edits) => edits !== undefined) ? inner.flat() : undefined;
  }
  const found = [
    ...block.body.attributes.filter((attribute) => attribute.name === name),
    ...block.body.blocks.filter(({ type }) => type === name),
  ];
  if (found.some(({ line, endLine }) => isShared(line, endLine, block.body) || line === block.line)) return;
  return found.map(({ line, endLine }) => ({ from: line, to: endLine, lines: [] }));
}

/** Whether something else stands on its lines too. */
function isShared(line: number, endLine: number, { attributes, blocks }: Body): boolean {
  return [...attributes, ...blocks].filter((one) => one.line <= endLine && one.endLine >= line).length > 1;
}

function insertInto(block: Block, lines: readonly string[], inserted: readonly string[]): Edit {
  const opening = lines[block.line - 1] ?? '';
  if (block.line !== block.endLine) return { from: block.line + 1, to: block.line, lines: inserted };
  const indent = /^\s*/.exec(opening)?.[0] ?? '';
  return { from: block.line, to: block.line, lines: [opening.replace(/\s*\}\s*$/, ''), ...inserted, `${indent}}`] };
}

function nested([name, ...rest]: readonly string[], value: string, indent: string): readonly string[] {
  if (rest.length === 0) return [`${indent}${name} = ${value}`];
  return [`${indent}${name} {`, ...nested(rest, value, `${indent}  `), `${indent}}`];
}

/** As its first line is indented, or two spaces more than the block. */
function indentIn(lines: readonly string[], block: Block): string {
  const [first] = [...block.body.attributes, ...block.body.blocks].toSorted((a, b) => a.line - b.line);
  if (first !== undefined && first.line > block.line) return /^\s*/.exec(lines[first.line - 1] ?? '')?.[0] ?? '  ';
  return `${/^\s*/.exec(lines[block.line - 1] ?? '')?.[0] ?? ''}  `;
}

function literal(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value).replaceAll(/([$%])\{/g, '$1$1{');
}
