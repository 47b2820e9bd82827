import { isUnknown, type Unknown, unknown } from '#model/resource.ts';
import type { Expression, ForExpression, ObjectItem, SplatStep } from '../hcl/syntax.ts';
import { operate } from './operator.ts';
import { bind, lookUp, type Scope } from './scope.ts';
import { renderTemplate } from './template.ts';
import {
  booleanOf,
  type Cell,
  equals,
  failed,
  hasFailed,
  isFailed,
  isList,
  isNamed,
  isObject,
  joinUnknown,
  member,
  named,
  numberOf,
  objectOf,
  put,
  textOf,
} from './value.ts';

/** What one loop may make at most. */
const MAX_ITEMS = 100_000;
const MAX_DEPTH = 1_000;

/**
 * The value of an expression. What cannot be told is an unknown that names what is missing; nothing is thrown, for a
 * mistake in one attribute must not hide the others.
 */
export function evaluate(expression: Expression, scope: Scope): Cell {
  const { budget } = scope;
  if (expression.kind === 'literal') return expression.value;
  if (--budget.left < 0) return unknown('the code takes too long to evaluate');
  if (budget.depth > MAX_DEPTH) return unknown('names refer to names in too long a chain');
  budget.depth++;
  const value = evaluateKind(expression, scope);
  budget.depth--;
  return value;
}

function evaluateKind(expression: Exclude<Expression, { kind: 'literal' }>, scope: Scope): Cell {
  switch (expression.kind) {
    case 'unreadable':
      return unknown(expression.reason);
    case 'variable':
      return lookUp(scope, expression.name);
    case 'attribute':
      return attributeOf(evaluate(expression.of, scope), expression.name);
    case 'index':
      return indexOf(evaluate(expression.of, scope), evaluate(expression.key, scope));
    case 'template':
      return renderTemplate(expression.parts, scope, evaluate);
    case 'tuple':
      return expression.items.map((item) => evaluate(item, scope));
    case 'object':
      return object(expression.items, scope);
    case 'splat':
      return splat(evaluate(expression.of, scope), expression.steps, scope);
    case 'call':
      return call(expression, scope);
    case 'parens':
      return evaluate(expression.of, scope);
    case 'not':
    case 'negate':
      return negated(evaluate(expression.of, scope), expression.kind);
    case 'binary':
      return operate(
        expression.operator,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
        scope.budget,
      );
    case 'conditional':
      return conditional(evaluate(expression.test, scope), expression.yes, expression.no, scope);
    case 'for':
      return loop(expression, scope);
  }
}

/** One member of a value, by name. */
export function attributeOf(of: Cell, name: string): Cell {
  if (isUnknown(of)) return of;
  if (of === null) return failed(`${name} of null`);
  if (isNamed(of)) return of.get(name);
  if (isObject(of)) return member(of, name) ?? failed(`there is no attribute ${name}`);
  // The old way to write a splat: an attribute of a list of resources.
  if (isList(of) && of.length === 1 && of[0] !== undefined && isNamed(of[0])) return of[0].get(name);
  return failed(`${name} of something without attributes`);
}

export function indexOf(of: Cell, key: Cell): Cell {
  if (isUnknown(of)) return of;
  if (isNamed(of)) return indexNamed(of, key);
  if (isUnknown(key)) return key;
  if (isList(of)) {
    const at = numberOf(key);
    return (at === undefined ? undefined : of[at]) ?? failed('there is no such element');
  }
  const name = textOf(key);
  if (isObject(of) && name !== undefined) return member(of, name) ?? failed('there is no such key');
  return failed('an index of something without elements');
}

function indexNamed(
  of: Cell & { readonly isAnyIndex: boolean; readonly get: (name: string) => Cell },
  key: Cell,
): Cell {
  if (of.isAnyIndex) return of;
  if (isUnknown(key)) return key;
  const name = textOf(key);
  return name === undefined ? failed('there is no such key') : of.get(name);
}

function object(items: readonly ObjectItem[], scope: Scope): Cell {
  const made: Record<string, Cell> = {};
  for (const item of items) {
    const key = evaluate(item.key, scope);
    if (isUnknown(key)) return key;
    const name = textOf(key);
    if (name === undefined) return failed('a key of an object must be a text');
    put(made, name, evaluate(item.value, scope));
  }
  return made;
}

function splat(of: Cell, steps: readonly SplatStep[], scope: Scope): Cell {
  if (isUnknown(of)) return of;
  if (of === null) return [];
  const items = isList(of) ? of : [of];
  scope.budget.left -= items.length;
  return items.map((item) =>
    steps.reduce<Cell>(
      (at, step) => ('name' in step ? attributeOf(at, step.name) : indexOf(at, evaluate(step.key, scope))),
      item,
    ),
  );
}

function call(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): Cell {
  const { name } = expression;
  if (name === 'try') {
    for (const arg of expression.args) {
      const value = evaluate(arg, scope);
      if (!fails(arg, value)) return value;
    }
    return failed('nothing that try was given works');
  }
  if (name === 'can') {
    const [arg] = expression.args;
    const value = arg ? evaluate(arg, scope) : failed('can needs an argument');
    return (arg ? fails(arg, value) : isFailed(value)) ? false : isUnknown(value) ? value : true;
  }
  const args = expression.args.map((arg) => evaluate(arg, scope));
  if (expression.spread) {
    const last = args.pop() ?? null;
    if (isUnknown(last)) return last;
    if (!isList(last) || last.length > MAX_ITEMS) return failed('only a list can be spread');
    args.push(...last.slice(0, 10_000));
  }
  for (const arg of args) scope.budget.left -= costOf(arg);
  return scope.call(name, args);
}

/** A mistake inside what an expression makes is its own; one inside a value that it only names belongs to that. */
function fails({ kind }: Expression, value: Cell): boolean {
  return isFailed(value) || (MAKERS.has(kind) && hasFailed(value));
}
const MAKERS: ReadonlySet<Expression['kind']> = new Set(['tuple', 'object', 'call', 'for', 'splat', 'conditional']);

/** Roughly how long a function looks at it. */
function costOf(arg: Cell): number {
  if (typeof arg === 'string') return arg.length >> 6;
  return isList(arg) ? arg.length : 1;
}

function negated(value: Cell, kind: 'not' | 'negate'): Cell {
  if (isUnknown(value)) return value;
  if (kind === 'not') {
    const truth = booleanOf(value);
    return truth === undefined ? failed('! needs true or false') : !truth;
  }
  const number = numberOf(value);
  return number === undefined ? failed('- needs a number') : 0 - number;
}

function conditional(test: Cell, yes: Expression, no: Expression, scope: Scope): Cell {
  if (!isUnknown(test)) {
    const truth = booleanOf(test);
    return truth === undefined ? failed('a condition needs true or false') : evaluate(truth ? yes : no, scope);
  }
  if (isFailed(test)) return test;
  const [first, second] = [evaluate(yes, scope), evaluate(no, scope)];
  if (equals(first, second)) return first;
  const { reason, references } = joinUnknown([test, ...[first, second].filter((value) => isUnknown(value))]);
  // A mistake in the one that is not taken is none.
  return unknown(reason, references);
}

/** The pairs that a loop goes over: index or key, and value. A reason where it is nothing to loop over. */
export function entriesOf(of: Cell): readonly (readonly [Cell, Cell])[] | Unknown {
  if (isUnknown(of)) return of;
  if (isList(of)) return of.map((value, at) => [at, value] as const);
  if (isNamed(of)) {
    const whole = of.whole();
    return isNamed(whole) ? failed('nothing to loop over') : entriesOf(whole);
  }
  if (isObject(of))
    return Object.keys(of)
      .sort()
      .map((name) => [name, of[name] as Cell] as const);
  return failed('nothing to loop over');
}

function loop(expression: ForExpression, scope: Scope): Cell {
  const entries = entriesOf(evaluate(expression.of, scope));
  if (isUnknown(entries)) return entries;
  if (entries.length > MAX_ITEMS) return unknown('the list is too long');
  const list: Cell[] = [];
  const pairs = new Map<string, Cell>();
  const groups = new Map<string, Cell[]>();
  for (const [key, value] of entries) {
    const outer = expression.keyName === undefined ? scope : bind(scope, expression.keyName, key);
    const inner = bind(outer, expression.valueName, value);
    if (expression.condition) {
      const wanted = evaluate(expression.condition, inner);
      if (isUnknown(wanted)) return wanted;
      if (!booleanOf(wanted)) continue;
    }
    const result = evaluate(expression.value, inner);
    if (!expression.key) {
      list.push(result);
      continue;
    }
    const name = evaluate(expression.key, inner);
    if (isUnknown(name)) return name;
    const text = textOf(name);
    if (text === undefined) return failed('a key of an object must be a text');
    const group = groups.get(text);
    if (!expression.group) pairs.set(text, result);
    else if (group) group.push(result);
    else groups.set(text, [result]);
  }
  if (!expression.key) return list;
  return objectOf(expression.group ? groups : pairs);
}

/** A group of names, such as `path`, that is no value itself. */
export function namespace(name: string, get: (member: string) => Cell): Cell {
  return named(get, () => failed(`${name} alone is no value`));
}
