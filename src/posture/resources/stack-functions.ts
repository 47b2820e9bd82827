import { isAttributes, isUnknown, type Reference, type Unknown, unknown, type Value } from '#model/resource.ts';
import { at, type YamlNode } from './yaml-lines.ts';

/** What a function may ask of the template that it stands in. */
export interface FunctionTools {
  readonly evaluate: (node: YamlNode | undefined) => Value | undefined;
  readonly name: (name: string) => Value | undefined;
  readonly attribute: (logicalId: string, attribute: string) => Value | undefined;
  /** A condition’s name, `{Condition: name}`, or a function that gives a boolean. */
  readonly condition: (node: YamlNode | undefined) => boolean | Unknown;
  readonly mapping: (map: string, first: string, second: string | undefined) => Value | undefined;
}

/**
 * The functions of ROS and CloudFormation templates, by name. Each gets its argument as it is written. A function that
 * needs the cloud (`Fn::GetAZs`) or that is not here is unknown, and so is one with an argument that is unknown.
 */
export function callFunction(name: string, argument: YamlNode, tools: FunctionTools): Value | undefined {
  const known = FUNCTIONS.get(name);
  return known === undefined ? unknown(`${name.slice(0, 40)} is known after apply`) : known(argument, tools);
}

const MAX_TEXT = 1_000_000;

/**
 * How an unknown text would read: `arn:aws:s3:::${Logs.id}/*`. Only for those whose unknown parts can be nothing but
 * plain identifiers (a resource’s attribute, an account, a region), so that a policy around them can still be judged.
 */
export function spelling(value: Unknown): string | undefined {
  return SPELLINGS.get(value);
}

export function spelt(value: Unknown, text: string | undefined): Unknown {
  if (text !== undefined && text.length <= MAX_TEXT) SPELLINGS.set(value, text);
  return value;
}

const SPELLINGS = new WeakMap<Unknown, string>();

type TemplateFunction = (argument: YamlNode, tools: FunctionTools) => Value | undefined;

const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['Ref', (argument, tools) => named(argument, tools)],
  ['Condition', (argument, tools) => tools.condition(argument)],
  ['Fn::GetAtt', getAttribute],
  ['Fn::Sub', substitute],
  ['Fn::Join', (argument, { evaluate }) => join(evaluate(item(argument, 0)), evaluate(item(argument, 1)))],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::If', choose],
  ['Fn::Equals', (argument, { evaluate }) => equals(evaluate(item(argument, 0)), evaluate(item(argument, 1)))],
  ['Fn::Not', (argument, { condition }) => not(condition(argument.kind === 'list' ? item(argument, 0) : argument))],
  ['Fn::And', (argument, tools) => all(argument, tools, true)],
  ['Fn::Or', (argument, tools) => all(argument, tools, false)],
  ['Fn::FindInMap', findInMap],
  ['Fn::Base64', (argument, { evaluate }) => evaluate(argument)],
  ['Fn::Base64Encode', (argument, { evaluate }) => evaluate(argument)],
  ['Fn::Base64Decode', (argument, { evaluate }) => withText(evaluate(argument), decodeBase64)],
  ['Fn::Str', (argument, { evaluate }) => withText(evaluate(argument), (text) => text)],
  ['Fn::Replace', replace],
  ['Fn::ToJsonString', (argument, { evaluate }) => jsonText(evaluate(argument))],
  ['Fn::Length', (argument, { evaluate }) => length(evaluate(argument))],
  ['Fn::Add', add],
  ['Fn::ListMerge', (argument, { evaluate }) => merged(evaluate(argument))],
]);

/** JSON of a value, as a policy attribute holds it; unknown parts are spelt where that is safe, else all is unknown. */
export function jsonText(value: Value | undefined): Value | undefined {
  if (value === undefined || typeof value === 'string') return value;
  const missing: Unknown[] = [];
  const plain = JSON.stringify(value, (_key, inner: Value) => {
    if (!isUnknown(inner)) return inner;
    const text = spelling(inner);
    if (text === undefined) missing.push(inner);
    return text;
  });
  const [first] = missing;
  if (isUnknown(value) || first !== undefined)
    return unknown(first?.reason ?? 'known after apply', referencesIn([value]));
  return plain;
}

function named(argument: YamlNode, tools: FunctionTools): Value | undefined {
  const name = tools.evaluate(argument);
  return typeof name === 'string' ? tools.name(name) : unknown('a reference to no name');
}

function getAttribute(argument: YamlNode, tools: FunctionTools): Value | undefined {
  const given = tools.evaluate(argument);
  const parts = typeof given === 'string' ? given.split('.') : Array.isArray(given) ? given : [];
  const [logicalId, ...rest] = parts;
  if (typeof logicalId !== 'string' || rest.length === 0) return unknown('an attribute of no resource');
  return tools.attribute(logicalId, rest.filter((part) => typeof part !== 'object').join('.'));
}

function substitute(argument: YamlNode, tools: FunctionTools): Value | undefined {
  const template = argument.kind === 'list' ? tools.evaluate(item(argument, 0)) : tools.evaluate(argument);
  const given = argument.kind === 'list' ? item(argument, 1) : undefined;
  if (typeof template !== 'string') return template;
  const parts: (Value | undefined)[] = [];
  let from = 0;
  for (const match of template.matchAll(/\$\{([^${}]{1,300})\}/g)) {
    parts.push(template.slice(from, match.index), substituted((match[1] ?? '').trim(), given, tools));
    from = match.index + match[0].length;
  }
  parts.push(template.slice(from));
  return concatenate(parts, '');
}

function substituted(name: string, given: YamlNode | undefined, tools: FunctionTools): Value | undefined {
  if (name.startsWith('!')) return `\${${name.slice(1)}}`;
  const own = at(given, name);
  if (own !== undefined) return tools.evaluate(own);
  const dot = name.indexOf('.');
  return dot === -1 ? tools.name(name) : tools.attribute(name.slice(0, dot), name.slice(dot + 1));
}

function join(delimiter: Value | undefined, list: Value | undefined): Value | undefined {
  if (isUnknown(list)) return list;
  if (!Array.isArray(list)) return typeof list === 'string' ? list : unknown('a join of no list');
  return concatenate(list, typeof delimiter === 'string' || typeof delimiter === 'number' ? String(delimiter) : '');
}

function concatenate(parts: readonly (Value | undefined)[], delimiter: string): Value {
  const texts = parts.map((part) => (part === undefined ? '' : isUnknown(part) ? spelling(part) : textOrJson(part)));
  const missing = parts.filter((part): part is Unknown => part !== undefined && isUnknown(part));
  const [first] = missing;
  const complete = texts.every((text) => text !== undefined);
  const text = complete ? texts.join(delimiter) : undefined;
  if (first !== undefined) return spelt(unknown(first.reason, referencesIn(missing)), text);
  return text !== undefined && text.length <= MAX_TEXT ? text : unknown('a text that is too long');
}

function textOrJson(value: Value): string | undefined {
  if (typeof value !== 'object') return String(value);
  const json = jsonText(value);
  return typeof json === 'string' ? json : undefined;
}

function select(argument: YamlNode, { evaluate }: FunctionTools): Value | undefined {
  const which = evaluate(item(argument, 0));
  const from = evaluate(item(argument, 1));
  if (which === undefined || isUnknown(which)) return which;
  if (from === undefined || isUnknown(from)) return from;
  const index = Number(which);
  const key = asKey(which);
  const found = Array.isArray(from)
    ? from[index < 0 ? from.length + index : index]
    : isAttributes(from) && key !== undefined && Object.hasOwn(from, key)
      ? from[key]
      : undefined;
  return found ?? evaluate(item(argument, 2));
}

function asKey(value: Value): string | undefined {
  return typeof value === 'object' ? undefined : String(value);
}

function split(argument: YamlNode, { evaluate }: FunctionTools): Value | undefined {
  const delimiter = evaluate(item(argument, 0));
  const text = evaluate(item(argument, 1));
  if (typeof text !== 'string') return text;
  return typeof delimiter === 'string' && delimiter !== '' ? text.split(delimiter) : [text];
}

function choose(argument: YamlNode, { evaluate, condition }: FunctionTools): Value | undefined {
  const decided = condition(item(argument, 0));
  if (decided === true) return evaluate(item(argument, 1));
  if (decided === false) return evaluate(item(argument, 2));
  const both = [evaluate(item(argument, 1)), evaluate(item(argument, 2))] as const;
  return equals(both[0], both[1]) === true ? both[0] : unknown(decided.reason, referencesIn([decided, ...both]));
}

function equals(left: Value | undefined, right: Value | undefined): boolean | Unknown {
  const missing = [left, right].find((value) => value !== undefined && isUnknown(value));
  if (missing !== undefined && isUnknown(missing)) return missing;
  const [a, b] = [left, right].map((value) =>
    typeof value === 'object' ? jsonText(value) : value === undefined ? '' : String(value),
  );
  if (isUnknownOrAbsent(a) || isUnknownOrAbsent(b)) return unknown('a comparison with what is known after apply');
  return a === b;
}

function isUnknownOrAbsent(value: Value | undefined): boolean {
  return value === undefined || isUnknown(value);
}

function not(value: boolean | Unknown): boolean | Unknown {
  return typeof value === 'boolean' ? !value : value;
}

/** `and` with `neutral` true, `or` with false: the other one decides at once, even beside what is unknown. */
function all(argument: YamlNode, { condition }: FunctionTools, neutral: boolean): boolean | Unknown {
  const values = argument.kind === 'list' ? argument.items.map(condition) : [];
  if (values.includes(!neutral)) return !neutral;
  return values.find((value) => typeof value !== 'boolean') ?? neutral;
}

function findInMap(argument: YamlNode, tools: FunctionTools): Value | undefined {
  const keys = argument.kind === 'list' ? argument.items.slice(0, 3).map(tools.evaluate) : [];
  const missing = keys.find((key) => key === undefined || isUnknown(key) || typeof key === 'object');
  if (missing !== undefined) return isUnknown(missing) ? missing : unknown('a look-up without a key');
  const [map, first, second] = keys.map(String);
  const found = map === undefined || first === undefined ? undefined : tools.mapping(map, first, second);
  return (
    found ?? tools.evaluate(at(item(argument, 3), 'DefaultValue')) ?? unknown(`mapping "${map ?? ''}" has no such key`)
  );
}

/** `Fn::Replace: [{from: to, …}, text]`. */
function replace(argument: YamlNode, { evaluate }: FunctionTools): Value | undefined {
  const pairs = evaluate(item(argument, 0));
  const text = evaluate(item(argument, 1));
  if (typeof text !== 'string' || pairs === undefined) return text;
  if (!isAttributes(pairs)) return isUnknown(pairs) ? pairs : text;
  let made = text;
  for (const [from, to] of Object.entries(pairs)) {
    if (typeof to === 'object') return isUnknown(to) ? to : text;
    if (from !== '') made = made.replaceAll(from, () => String(to));
    if (made.length > MAX_TEXT) return unknown('a text that is too long');
  }
  return made;
}

function add(argument: YamlNode, { evaluate }: FunctionTools): Value | undefined {
  const values = evaluate(argument);
  if (!Array.isArray(values)) return values;
  const missing = values.find((value) => isUnknown(value));
  if (missing !== undefined) return missing;
  if (values.every((value) => Array.isArray(value))) return values.flat(1);
  const sum = values.reduce<number>((total, value) => total + Number(value), 0);
  return Number.isFinite(sum) ? sum : unknown('a sum of what are no numbers');
}

function merged(lists: Value | undefined): Value | undefined {
  if (!Array.isArray(lists)) return lists;
  return lists.flatMap((list: Value) => (Array.isArray(list) ? list : [list]));
}

function length(value: Value | undefined): Value | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isAttributes(value) ? Object.keys(value as object).length : value;
}

function withText(value: Value | undefined, make: (text: string) => string): Value | undefined {
  if (value === undefined || isUnknown(value)) return value;
  const text = textOrJson(value);
  return text === undefined ? unknown('known after apply', referencesIn([value])) : make(text);
}

function decodeBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

function item(node: YamlNode, index: number): YamlNode | undefined {
  return node.kind === 'list' ? node.items[index] : index === 0 ? node : undefined;
}

/** All references inside, each once, 100 at most. */
export function referencesIn(values: readonly (Value | undefined)[]): readonly Reference[] {
  const found = new Map<string, Reference>();
  const look = (value: Value | undefined): void => {
    if (value === undefined || typeof value !== 'object' || found.size >= 100) return;
    if (isUnknown(value)) {
      for (const reference of value.references) found.set(`${reference.resource} ${reference.attribute}`, reference);
    } else {
      for (const inner of Object.values(value)) look(inner as Value);
    }
  };
  for (const value of values) look(value);
  return [...found.values()];
}
