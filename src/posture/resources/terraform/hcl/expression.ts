import type { Reader } from './reader.ts';
import { readSimple, readSimpleAssignment } from './simple.ts';
import type { Conditional, Expression, ObjectItem, SplatStep } from './syntax.ts';
import { readTemplate } from './template.ts';

/** Deeper nesting is no configuration that anyone wrote by hand or made by a tool; `1 + 1 + …` is a level for each. */
const MAX_DEPTH = 300;

/**
 * Reads the expression that the cursor is on and leaves the cursor there.
 *
 * @throws RangeError where it is nested deeper than 300 levels.
 */
export function readExpression(reader: Reader, depth = 0): Expression {
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  const plain = readSimple(reader.slice());
  if (plain) return plain;
  if (!reader.first()) return { kind: 'literal', value: null };
  const { expression } = readTerms(reader, depth + 1);
  reader.up();
  return expression;
}

/** A term and what is appended to it, over siblings: until their end, or an operator, which the cursor is on then. */
function readTerms(reader: Reader, depth: number): { readonly expression: Expression; readonly more: boolean } {
  let expression = readTerm(reader, depth);
  let more = reader.next();
  for (; more; more = reader.next()) {
    const type = reader.type();
    if (type === 'get_attr') expression = { kind: 'attribute', of: expression, name: readGetAttribute(reader) };
    else if (type === 'index') expression = { kind: 'index', of: expression, key: readIndex(reader, depth) };
    else if (type === 'splat') expression = { kind: 'splat', of: expression, steps: readSplat(reader, depth) };
    else if (type !== ')') break;
  }
  return { expression, more };
}

function readTerm(reader: Reader, depth: number): Expression {
  switch (reader.type()) {
    case 'literal_value':
      return readLiteral(reader, depth);
    case 'variable_expr':
      return { kind: 'variable', name: reader.slice() };
    case 'template_expr':
      return readTemplate(reader, (part) => readExpression(part, depth));
    case 'function_call':
      return readCall(reader, depth);
    case '(':
      reader.next();
      return { kind: 'parens', of: readExpression(reader, depth) };
    case 'expression':
      return readExpression(reader, depth);
    case 'collection_value':
    case 'operation':
    case 'for_expr':
      return inside(reader, () => readCompound(reader, depth));
    case 'conditional':
      return readConditional(reader, depth);
    default:
      return { kind: 'literal', value: null };
  }
}

function readCompound(reader: Reader, depth: number): Expression {
  switch (reader.type()) {
    case 'tuple':
      return { kind: 'tuple', items: readExpressions(reader, depth) };
    case 'object':
      return { kind: 'object', items: readObject(reader, depth) };
    case 'unary_operation':
      return readUnary(reader, depth);
    case 'binary_operation':
      return readBinary(reader, depth);
    default:
      return readFor(reader, depth);
  }
}

function inside<T>(reader: Reader, read: () => T): T {
  reader.first();
  const result = read();
  reader.up();
  return result;
}

function readLiteral(reader: Reader, depth: number): Expression {
  const text = reader.slice();
  const plain = readSimple(text);
  if (plain) return plain;
  if (text.startsWith('0x')) return { kind: 'literal', value: Number(text) };
  if (text.startsWith('"')) return readTemplate(reader, (part) => readExpression(part, depth));
  return { kind: 'literal', value: Number(text) };
}

function readExpressions(reader: Reader, depth: number): readonly Expression[] {
  const items: Expression[] = [];
  for (let more = reader.first(); more; more = reader.next())
    if (reader.type() === 'expression') items.push(readExpression(reader, depth));
  reader.up();
  return items;
}

function readObject(reader: Reader, depth: number): readonly ObjectItem[] {
  const items: ObjectItem[] = [];
  for (let more = reader.first(); more; more = reader.next())
    if (reader.type() === 'object_elem') items.push(readItem(reader, depth));
  reader.up();
  return items;
}

function readItem(reader: Reader, depth: number): ObjectItem {
  const plain = readSimpleAssignment(reader.slice());
  if (plain) return { key: { kind: 'literal', value: plain.name }, value: plain.value };
  const [key, value] = readExpressions(reader, depth);
  const none: Expression = { kind: 'literal', value: null };
  // A bare name is the key itself; a variable as key stands in parentheses.
  const named: Expression = key?.kind === 'variable' ? { kind: 'literal', value: key.name } : (key ?? none);
  return { key: named, value: value ?? none };
}

function readGetAttribute(reader: Reader): string {
  return reader.slice().replace(/^\.\s*/, '');
}

function readIndex(reader: Reader, depth: number): Expression {
  return inside(reader, () => {
    if (reader.type() === 'legacy_index') return { kind: 'literal', value: Number(readGetAttribute(reader)) };
    return readExpressions(reader, depth)[0] ?? { kind: 'literal', value: null };
  });
}

function readSplat(reader: Reader, depth: number): readonly SplatStep[] {
  return inside(reader, () => {
    const steps: SplatStep[] = [];
    for (let more = reader.first(); more; more = reader.next()) {
      if (reader.type() === 'get_attr') steps.push({ name: readGetAttribute(reader) });
      if (reader.type() === 'index') steps.push({ key: readIndex(reader, depth) });
    }
    reader.up();
    return steps;
  });
}

function readCall(reader: Reader, depth: number): Expression {
  reader.first();
  const name = reader.slice();
  let args: readonly Expression[] = [];
  let spread = false;
  while (reader.next()) {
    if (reader.type() !== 'function_arguments') continue;
    spread = reader.slice().endsWith('...');
    args = readExpressions(reader, depth);
  }
  reader.up();
  return { kind: 'call', name, args, spread };
}

function readUnary(reader: Reader, depth: number): Expression {
  return insideChildren(reader, () => {
    const kind = reader.type() === '!' ? 'not' : 'negate';
    reader.next();
    return { kind, of: readTerms(reader, depth + 1).expression };
  });
}

function readBinary(reader: Reader, depth: number): Expression {
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  return insideChildren(reader, () => {
    const left = readTerms(reader, depth + 1);
    if (!left.more) return left.expression;
    const operator = reader.slice();
    reader.next();
    return { kind: 'binary', operator, left: left.expression, right: readTerms(reader, depth + 1).expression };
  });
}

function insideChildren(reader: Reader, read: () => Expression): Expression {
  return inside(reader, read);
}

function readConditional(reader: Reader, depth: number): Expression {
  const [test, yes, no] = readExpressions(reader, depth);
  const none: Expression = { kind: 'literal', value: null };
  if (!test || !yes) return none;
  return choose(test, yes, no ?? none);
}

/** The grammar takes `a ? b : c ? d : e` as a choice on a choice; the language means the last one to be inside. */
function choose(test: Expression, yes: Expression, no: Expression): Conditional {
  if (test.kind !== 'conditional') return { kind: 'conditional', test, yes, no };
  return { ...test, no: choose(test.no, yes, no) };
}

function readFor(reader: Reader, depth: number): Expression {
  const isObject = reader.type() === 'for_object_expr';
  const names: string[] = [];
  const parts: Expression[] = [];
  let of: Expression = { kind: 'literal', value: null };
  let condition: Expression | undefined;
  let group = false;
  for (let more = reader.first(); more; more = reader.next()) {
    const type = reader.type();
    if (type === 'for_intro') {
      for (let inner = reader.first(); inner; inner = reader.next()) {
        if (reader.type() === 'identifier') names.push(reader.slice());
        if (reader.type() === 'expression') of = readExpression(reader, depth);
      }
      reader.up();
    } else if (type === 'expression') parts.push(readExpression(reader, depth));
    else if (type === 'ellipsis') group = true;
    else if (type === 'for_cond') condition = readExpressions(reader, depth)[0];
  }
  reader.up();
  const none: Expression = { kind: 'literal', value: null };
  return {
    kind: 'for',
    keyName: names.length > 1 ? names[0] : undefined,
    valueName: names.at(-1) ?? '',
    of,
    key: isObject ? (parts[0] ?? none) : undefined,
    value: (isObject ? parts[1] : parts[0]) ?? none,
    group,
    condition,
  };
}
