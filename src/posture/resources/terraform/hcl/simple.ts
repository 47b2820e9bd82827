import type { Expression } from './syntax.ts';

const NAME = String.raw`[A-Za-z_][\w-]*`;
const SIMPLE = String.raw`"([^"\\$%\n\uE000\uE001]*)"|(-?\d+(?:\.\d+)?)|(true|false|null)|(${NAME}(?:\.${NAME})+)`;
const EXPRESSION = new RegExp(`^(?:${SIMPLE})$`);
const ASSIGNMENT = new RegExp(String.raw`^(${NAME})[ \t]*=[ \t]*(?:${SIMPLE})$`);
const KEYWORDS = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** A quoted string without escapes, a number, a keyword or a path of names, read without a look at the tree. */
export function readSimple(text: string): Expression | undefined {
  const found = EXPRESSION.exec(text);
  return found ? simple(found, 1) : undefined;
}

/** `name = simple`, in an attribute or an element of an object. */
export function readSimpleAssignment(text: string): { readonly name: string; readonly value: Expression } | undefined {
  const found = ASSIGNMENT.exec(text);
  return found?.[1] === undefined ? undefined : { name: found[1], value: simple(found, 2) };
}

function simple(found: RegExpExecArray, at: number): Expression {
  const [string, number, keyword, path] = found.slice(at);
  if (string !== undefined) return { kind: 'literal', value: string };
  if (number !== undefined) return { kind: 'literal', value: Number(number) };
  if (keyword !== undefined) return { kind: 'literal', value: KEYWORDS.get(keyword) ?? null };
  const [root = '', ...names] = (path ?? '').split('.');
  return names.reduce<Expression>((of, name) => ({ kind: 'attribute', of, name }), { kind: 'variable', name: root });
}
