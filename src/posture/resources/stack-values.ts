import { isUnknown, type LoadProblem, type Reference, type Unknown, unknown, type Value } from '#model/resource.ts';
import { callFunction, type FunctionTools, spelt } from './stack-functions.ts';
import { NO_VALUE, type StackNames, type StackTemplate } from './stack-template.ts';
import { at, readYaml, textOf, type YamlNode } from './yaml-lines.ts';

/** Everything that the value of an expression in one template depends on. */
export interface StackScope {
  readonly template: StackTemplate;
  readonly names: StackNames;
  /** Logical ids, for telling `Ref` to a resource from a misspelt one. */
  readonly logicalIds: ReadonlySet<string>;
  readonly report: (problem: LoadProblem) => void;
  /** Told of each resource that an expression names. */
  readonly refers?: ((logicalId: string) => void) | undefined;
  /** Conditions and locals that are being evaluated: meeting one again is a cycle. */
  readonly busy: Set<string>;
  /** `ALIYUN::Index` of the copy that is made. */
  readonly index?: number | undefined;
  /** Values that may still be made; templates that explode through their functions end here. */
  readonly budget: { left: number };
}

export const EVALUATION_BUDGET = 500_000;

/** A value, or nothing: null, `AWS::NoValue`, an empty scalar. Never throws, and never more values than the scope’s budget. */
export function evaluate(node: YamlNode | undefined, scope: StackScope): Value | undefined {
  if (node === undefined) return undefined;
  if (scope.budget.left <= 0) return unknown('the template makes too many values');
  scope.budget.left -= 1;
  if (node.tag?.startsWith('!') && node.tag !== '!') {
    const name = node.tag === '!Ref' || node.tag === '!Condition' ? node.tag.slice(1) : `Fn::${node.tag.slice(1)}`;
    return counted(callFunction(name, { ...node, tag: undefined }, toolsOf(scope, node.line)), scope);
  }
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') {
    return node.items.map((item) => evaluate(item, scope)).filter((value): value is Value => value !== undefined);
  }
  if (node.entries.size === 1) {
    const [[name, entry]] = node.entries as unknown as [[string, { value: YamlNode }]];
    if (name === 'Ref' || name.startsWith('Fn::'))
      return counted(callFunction(name, entry.value, toolsOf(scope, entry.value.line)), scope);
  }
  const made: Record<string, Value> = {};
  for (const [key, entry] of node.entries) {
    const value = evaluate(entry.value, scope);
    if (value !== undefined) made[key] = value;
  }
  return made;
}

/** Long texts made by functions cost as much as many values. */
function counted(value: Value | undefined, scope: StackScope): Value | undefined {
  if (typeof value === 'string') scope.budget.left -= value.length >> 7;
  return value;
}

function toolsOf(scope: StackScope, line: number): FunctionTools {
  return {
    evaluate: (node) => evaluate(node, scope),
    name: (name) => valueOfName(name, scope, line),
    attribute: (logicalId, attribute) =>
      scope.logicalIds.has(logicalId)
        ? referTo(logicalId, scope.names.attribute(logicalId, attribute), scope)
        : unknown(`"${logicalId.slice(0, 80)}" is not defined in the template`),
    condition: (node) => conditionOf(node, scope, line),
    mapping: (map, first, second) => {
      const found = at(at(at(scope.template.root, 'Mappings'), map), first);
      return evaluate(second === undefined ? found : at(found, second), scope);
    },
  };
}

/** A condition’s name, `{Condition: name}`, or a function that gives a boolean. */
function conditionOf(node: YamlNode | undefined, scope: StackScope, line: number): boolean | Unknown {
  const name = node?.kind === 'scalar' && node.tag === undefined ? textOf(node) : textOf(at(node, 'Condition'));
  if (name !== undefined && name !== 'true' && name !== 'false') return condition(name, scope, line);
  return truth(evaluate(node, scope));
}

/** What `Ref: name` (or `${name}`) is: a parameter’s value, a pseudo parameter, a resource, a local. */
export function valueOfName(name: string, scope: StackScope, line: number): Value | undefined {
  if (scope.logicalIds.has(name)) return referTo(name, 'id', scope);
  const parameter = at(at(scope.template.root, 'Parameters'), name);
  if (parameter !== undefined) return parameterValue(name, parameter);
  if (name === 'ALIYUN::Index') return scope.index ?? unknown('the index of a copy');
  const pseudo = scope.names.pseudo(name);
  if (pseudo === NO_VALUE) return undefined;
  if (pseudo !== undefined) return pseudo;
  const local = at(at(scope.template.root, 'Locals'), name);
  if (local !== undefined) {
    const known = guarded(`local ${name}`, scope, line, () => evaluate(at(local, 'Value'), scope));
    return known ?? unknown(`local "${name}" has no value that could be read`);
  }
  return unknown(`"${name.slice(0, 80)}" is not defined in the template`);
}

function referTo(logicalId: string, attribute: string, scope: StackScope): Unknown {
  scope.refers?.(logicalId);
  return attributeOf(logicalId, attribute, scope);
}

/** An attribute of a resource of the template, which is known only when it exists. */
export function attributeOf(logicalId: string, attribute: string, scope: StackScope): Unknown {
  const references: Reference[] = scope.names.ids(logicalId).map((resource) => ({ resource, attribute }));
  return spelt(unknown('known after apply', references), `\${${logicalId}.${attribute}}`);
}

function parameterValue(name: string, parameter: YamlNode): Value | undefined {
  const type = textOf(at(parameter, 'Type')) ?? 'String';
  const given = at(parameter, 'Default');
  const text = textOf(given);
  if (given === undefined || (given.kind === 'scalar' && (text === undefined || type.startsWith('AWS::SSM::')))) {
    return unknown(`parameter "${name}" has no value`);
  }
  if (given.kind !== 'scalar') return plainValue(given);
  if (type === 'Number' && given.value !== '' && Number.isFinite(Number(text))) return Number(text);
  if (type === 'Boolean') return /^true$/i.test(text ?? '');
  if (type === 'CommaDelimitedList' || type.startsWith('List<')) {
    return (text ?? '').split(',').map((part) => part.trim());
  }
  if (type === 'Json') {
    const parsed = parsedJson(text ?? '');
    if (parsed !== undefined) return parsed;
  }
  return text;
}

/** Data without functions, as it stands. */
export function plainValue(node: YamlNode): Value | undefined {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue).filter((value): value is Value => value !== undefined);
  const made: Record<string, Value> = {};
  for (const [key, entry] of node.entries) {
    const value = plainValue(entry.value);
    if (value !== undefined) made[key] = value;
  }
  return made;
}

function parsedJson(text: string): Value | undefined {
  const [document] = readYaml('', text).documents;
  return document === undefined || document.kind === 'scalar' ? undefined : plainValue(document);
}

/** A condition by its name: true, false, or what is missing to tell. */
export function condition(name: string, scope: StackScope, line: number): boolean | Unknown {
  const node = at(at(scope.template.root, 'Conditions'), name);
  if (node === undefined) return unknown(`condition "${name.slice(0, 80)}" is not defined`);
  return truth(guarded(`condition ${name}`, scope, line, () => conditionOf(node, scope, line)));
}

export function truth(value: Value | undefined): boolean | Unknown {
  if (value === undefined) return false;
  if (isUnknown(value) || typeof value === 'boolean') return value;
  return value === 'true' || value === 'True' || value === 1
    ? true
    : value === 'false' || value === 'False'
      ? false
      : unknown('a condition that is neither true nor false');
}

function guarded(key: string, scope: StackScope, line: number, make: () => Value | undefined): Value | undefined {
  if (scope.busy.has(key)) {
    scope.report({ file: scope.template.file, line, problem: `The ${key} refers to itself.` });
    return unknown(`${key} refers to itself`);
  }
  scope.busy.add(key);
  try {
    return make();
  } finally {
    scope.busy.delete(key);
  }
}
