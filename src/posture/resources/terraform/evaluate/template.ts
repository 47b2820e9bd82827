import { isUnknown, type Unknown, UNKNOWN_PART, unknown } from '#model/resource.ts';
import type { Expression, TemplatePart } from '../hcl/syntax.ts';
import { bind, type Scope } from './scope.ts';
import { booleanOf, type Cell, failed, isFailed, isList, isNamed, isObject, joinUnknown, textOf } from './value.ts';

/** No configuration needs a longer text, and a hostile one could double it line by line. */
export const MAX_TEXT = 1_000_000;

type Evaluate = (expression: Expression, scope: Scope) => Cell;

/** The text of a template; where a part is unknown, an unknown that still holds the parts around it. */
export function renderTemplate(parts: readonly TemplatePart[], scope: Scope, evaluate: Evaluate): Cell {
  const [only] = parts;
  // `"${x}"` is x itself, whatever its type.
  if (parts.length === 1 && typeof only === 'object' && only.kind === 'interpolation')
    return evaluate(only.value, scope);
  const rendered: Rendered = { text: '', missing: [] };
  render(parts, scope, evaluate, rendered);
  if (rendered.text.length > MAX_TEXT) return unknown('the text is too long');
  if (rendered.missing.length === 0) return rendered.text;
  return rendered.missing.find(isFailed) ?? joinUnknown(rendered.missing, rendered.text);
}

interface Rendered {
  text: string;
  readonly missing: Unknown[];
}

function render(parts: readonly TemplatePart[], scope: Scope, evaluate: Evaluate, to: Rendered): void {
  for (const part of parts) {
    if (to.text.length > MAX_TEXT) return;
    if (typeof part === 'string') to.text += part;
    else if (part.kind === 'interpolation') add(evaluate(part.value, scope), to);
    else if (part.kind === 'if') {
      const test = evaluate(part.test, scope);
      if (isUnknown(test)) add(test, to);
      else render(booleanOf(test) ? part.yes : part.no, scope, evaluate, to);
    } else {
      const of = evaluate(part.of, scope);
      const whole = isNamed(of) ? of.whole() : of;
      if (isUnknown(whole)) add(whole, to);
      if (!isList(whole) && !isObject(whole)) continue;
      for (const [key, value] of Object.entries(whole)) {
        const outer = part.keyName === undefined ? scope : bind(scope, part.keyName, isList(whole) ? Number(key) : key);
        render(part.parts, bind(outer, part.valueName, value), evaluate, to);
      }
    }
  }
}

function add(value: Cell, to: Rendered): void {
  const text = textOf(value);
  if (text !== undefined) {
    to.text += text;
    return;
  }
  const whole = isNamed(value) ? value.whole() : value;
  const missing = isUnknown(whole) ? whole : failed('a list or an object has no text');
  to.missing.push(missing);
  to.text += missing.partial ?? UNKNOWN_PART;
}
