import ipaddr from 'ipaddr.js';

import { type Values, valueOf } from './variables.ts';

/** A condition that was read. Evaluating it runs no code, reads nothing but variables, and always ends. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'is'; readonly operand: Operand }
  | {
      readonly kind: 'compare';
      readonly left: Operand;
      readonly operator: Operator;
      readonly right: readonly Operand[];
    };

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'IN' | 'LIKE' | 'ISSUBSET';
export type Operand =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string };

export type ReadCondition =
  | { readonly condition: Condition; readonly variables: readonly string[] }
  | { readonly condition: undefined; readonly problem: string };

const MAX_DEPTH = 32;
const MAX_CHARACTERS = 4_096;

/**
 * Reads the part of the STIX 2.1 patterning grammar (section 9) that CACAO conditions need, over variables in place of
 * observables: `__name__:value`, texts in quotes, numbers, true and false; = (or ==), !=, <, <=, >, >=, IN (…), LIKE with
 * % and _, ISSUBSET for addresses; NOT, AND, OR (AND binds closer), brackets. MATCHES is refused: a playbook brings no
 * regular expressions. Never throws.
 */
export function readCondition(text: string): ReadCondition {
  if (text.length > MAX_CHARACTERS)
    return { condition: undefined, problem: `longer than ${MAX_CHARACTERS} characters` };
  const tokens = tokensOf(text);
  if ('problem' in tokens) return { condition: undefined, problem: tokens.problem };
  const reader = createReader(tokens.tokens);
  try {
    const condition = reader.any(0);
    reader.end();
    return { condition, variables: [...new Set(variablesOf(condition))] };
  } catch (thrown) {
    if (thrown instanceof Misread) return { condition: undefined, problem: thrown.message };
    throw thrown;
  }
}

/**
 * Whether it holds. Numbers are compared as numbers, all else as text. A variable without a value equals nothing but the
 * empty text; whatever is no number is neither smaller nor larger than one.
 */
export function holds(condition: Condition, values: Values): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, values));
    case 'or':
      return condition.parts.some((part) => holds(part, values));
    case 'not':
      return !holds(condition.part, values);
    case 'is':
      return read(condition.operand, values) === 'true';
    case 'compare':
      return compares(condition, values);
  }
}

function compares({ left, operator, right }: Extract<Condition, { kind: 'compare' }>, values: Values): boolean {
  const value = read(left, values);
  const others = right.map((operand) => read(operand, values));
  const other = others[0] ?? '';
  switch (operator) {
    case '=':
      return isEqual(value, other);
    case '!=':
      return !isEqual(value, other);
    case 'IN':
      return others.some((one) => isEqual(value, one));
    case 'LIKE':
      return isLike(value, other);
    case 'ISSUBSET':
      return isInside(value, other);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (!NUMBER.test(value) || !NUMBER.test(other)) return false;
      const difference = Number(value) - Number(other);
      if (difference === 0) return operator.length === 2;
      return difference < 0 === operator.startsWith('<');
    }
  }
}

const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/;

function isEqual(one: string, other: string): boolean {
  return one === other || (NUMBER.test(one) && NUMBER.test(other) && Number(one) === Number(other));
}

/** `%` stands for any characters, `_` for one. Two pointers, so that no pattern takes more than length × length. */
function isLike(value: string, pattern: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    if (pattern[place] === '%') {
      star = place;
      resume = at;
      place += 1;
    } else if (place < pattern.length && (pattern[place] === '_' || pattern[place] === value[at])) {
      at += 1;
      place += 1;
    } else if (star !== -1) {
      place = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  while (pattern[place] === '%') place += 1;
  return place === pattern.length;
}

function isInside(value: string, range: string): boolean {
  if (!ipaddr.isValidCIDR(range)) return false;
  const [network, bits] = ipaddr.parseCIDR(range);
  const [address, length] = ipaddr.isValidCIDR(value)
    ? ipaddr.parseCIDR(value)
    : ipaddr.isValid(value)
      ? [ipaddr.parse(value), 128]
      : [undefined, 0];
  return address !== undefined && address.kind() === network.kind() && length >= bits && address.match(network, bits);
}

function read(operand: Operand, values: Values): string {
  return operand.kind === 'literal' ? operand.value : (valueOf(values, operand.name) ?? '');
}

function variablesOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(variablesOf);
    case 'not':
      return variablesOf(condition.part);
    case 'is':
      return namesOf([condition.operand]);
    case 'compare':
      return namesOf([condition.left, ...condition.right]);
  }
}

function namesOf(operands: readonly Operand[]): readonly string[] {
  return operands.flatMap((operand) => (operand.kind === 'variable' ? [operand.name] : []));
}

class Misread extends Error {}

interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'variable' | 'sign';
  readonly value: string;
}

const TOKEN =
  /\s*(?:(?<variable>__[a-zA-Z_][a-zA-Z0-9_-]{0,199}?__):value|'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)"|(?<number>-?\d{1,15}(?:\.\d{1,15})?)|(?<word>[A-Za-z]+)|(?<sign>==|!=|<=|>=|<>|[=<>()[\],]))/y;

function tokensOf(text: string): { readonly tokens: readonly Token[] } | { readonly problem: string } {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text)?.groups;
    if (!found) return { problem: `cannot be read at character ${at + 1}: “${text.slice(at, at + 20).trim()}”` };
    const { variable, single, double, number, word, sign } = found;
    const quoted = single ?? double;
    if (variable !== undefined) tokens.push({ kind: 'variable', value: variable });
    else if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replace(/\\(.)/gs, '$1') });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else tokens.push({ kind: 'sign', value: sign ?? '' });
  }
  return { tokens };
}

function createReader(tokens: readonly Token[]) {
  let place = 0;
  const takes = (kind: Token['kind'], value: string): boolean => {
    const token = tokens[place];
    if (token?.kind !== kind || token.value.toUpperCase() !== value) return false;
    place += 1;
    return true;
  };
  const expect = (sign: string): void => {
    if (!takes('sign', sign)) throw new Misread(`${sign} is missing ${seen()}`);
  };
  const seen = (): string => (tokens[place] ? `before “${tokens[place]?.value}”` : 'at the end');

  const any = (depth: number): Condition => {
    if (depth > MAX_DEPTH) throw new Misread(`nested deeper than ${MAX_DEPTH} levels`);
    const parts = [all(depth)];
    while (takes('word', 'OR')) parts.push(all(depth));
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'or', parts };
  };
  const all = (depth: number): Condition => {
    const parts = [one(depth)];
    while (takes('word', 'AND')) parts.push(one(depth));
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'and', parts };
  };
  const one = (depth: number): Condition => {
    if (depth > MAX_DEPTH) throw new Misread(`nested deeper than ${MAX_DEPTH} levels`);
    if (takes('word', 'NOT')) return { kind: 'not', part: one(depth + 1) };
    for (const [open, close] of [
      ['(', ')'],
      ['[', ']'],
    ] as const) {
      if (!takes('sign', open)) continue;
      const inner = any(depth + 1);
      expect(close);
      return inner;
    }
    return comparison();
  };
  const comparison = (): Condition => {
    const left = operand();
    const isNot = takes('word', 'NOT');
    const operator = operatorAt();
    if (operator === undefined) {
      if (isNot || left.kind !== 'variable') throw new Misread(`a comparison is missing ${seen()}`);
      return { kind: 'is', operand: left };
    }
    const compared: Condition = { kind: 'compare', left, operator, right: operator === 'IN' ? list() : [operand()] };
    return isNot ? { kind: 'not', part: compared } : compared;
  };
  const operatorAt = (): Operator | undefined => {
    for (const word of ['IN', 'LIKE', 'ISSUBSET'] as const) if (takes('word', word)) return word;
    if (takes('word', 'MATCHES')) throw new Misread('MATCHES is not offered; use LIKE with % and _');
    for (const sign of ['<=', '>=', '!=', '<', '>'] as const) if (takes('sign', sign)) return sign;
    if (takes('sign', '<>')) return '!=';
    return takes('sign', '==') || takes('sign', '=') ? '=' : undefined;
  };
  const list = (): readonly Operand[] => {
    expect('(');
    const operands = [operand()];
    while (takes('sign', ',')) operands.push(operand());
    expect(')');
    return operands;
  };
  const operand = (): Operand => {
    const token = tokens[place];
    place += 1;
    if (token?.kind === 'variable') return { kind: 'variable', name: token.value };
    if (token?.kind === 'text' || token?.kind === 'number') return { kind: 'literal', value: token.value };
    if (token?.kind === 'word' && /^(?:true|false)$/i.test(token.value))
      return { kind: 'literal', value: token.value.toLowerCase() };
    place -= 1;
    throw new Misread(`a variable (__name__:value), a text in quotes or a number is missing ${seen()}`);
  };
  const end = (): void => {
    if (place < tokens.length) throw new Misread(`AND or OR is missing ${seen()}`);
  };
  return { any, end };
}
