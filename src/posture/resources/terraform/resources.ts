import { type Attributes, isUnknown, type Resource, unknown, type Value } from '#model/resource.ts';
import { evaluate } from './evaluate/expression.ts';
import { type Cell, isList, isNamed, isObject, MAX_VALUE_DEPTH, put } from './evaluate/value.ts';
import { bodyValue } from './module/block.ts';
import type { Module } from './module/evaluation.ts';
import { type Instance, META } from './module/instances.ts';
import { type Declaration, find } from './module/source.ts';
import { providerOf } from './provider.ts';

/** More members than this in one attribute are not looked at by any check. */
const MAX_NODES = 100_000;

/**
 * The managed resources of one module, and its provider blocks; not those of the modules that it calls.
 *
 * @param tooDeep is told of a block that overflows the stack, and is left out
 */
export function* resourcesOf(module: Module, tooDeep: (declaration: Declaration) => void): Generator<Resource> {
  const root = module.input.callers[0] ?? module.source.folder;
  for (const declarations of module.source.resources.values()) {
    for (const declaration of declarations) {
      if (!providerOf(declaration.type)) continue;
      for (const instance of module.instances(declaration)) {
        const made = tried(instance);
        if (made) yield made;
      }
    }
  }
  for (const declaration of module.source.providers) {
    const made = providerResource(declaration, module);
    if (made) yield made;
  }

  function tried(instance: Instance): Resource | undefined {
    try {
      return resourceOf(instance, root);
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      tooDeep(instance.declaration);
      return undefined;
    }
  }
}

function resourceOf({ address, declaration, scope }: Instance, root: string): Resource {
  const { type, name, file, block } = declaration;
  return {
    provider: providerOf(type) ?? 'docker',
    type,
    id: address,
    name,
    attributes: freeze(bodyValue(block.body, scope, META)),
    file,
    line: block.line,
    endLine: block.endLine,
    root,
  };
}

/** Keys that are written into a provider block are found by checks like those of a resource. */
function providerResource(declaration: Declaration, module: Module): Resource | undefined {
  const provider = providerOf(declaration.type);
  if (!provider) return undefined;
  const { type, file, block } = declaration;
  const alias = find(block, 'alias');
  const given = alias ? evaluate(alias.value, module.scope) : undefined;
  const name = typeof given === 'string' ? given : type;
  return {
    provider,
    type: `${type}_provider`,
    id: `${module.input.prefix}provider.${type}${name === type ? '' : `.${name}`}`,
    name,
    attributes: freeze(bodyValue(block.body, module.scope, new Set())),
    file,
    line: block.line,
    endLine: block.endLine,
    root: module.input.callers[0] ?? module.source.folder,
  };
}

/** Into the shape of the model: no `null`, and nothing that is still to be evaluated. */
function freeze(object: { readonly [name: string]: Cell }): Attributes {
  const made: Record<string, Value> = {};
  for (const [name, value] of Object.entries(object)) {
    const budget = { left: MAX_NODES };
    const frozen = settle(value, budget, 0);
    if (frozen !== undefined)
      put(made as Record<string, Cell>, name, budget.left < 0 ? unknown(`${name} is too large`) : frozen);
  }
  return made;
}

function settle(value: Cell, budget: { left: number }, depth: number): Value | undefined {
  if (depth > MAX_VALUE_DEPTH) budget.left = 0;
  if (value === null || --budget.left < 0) return undefined;
  if (typeof value !== 'object' || isUnknown(value)) return value;
  if (isNamed(value)) return settle(value.whole(), budget, depth + 1);
  if (isList(value)) return value.map((item) => settle(item, budget, depth + 1)).filter((item) => item !== undefined);
  if (!isObject(value)) return undefined;
  const made: Record<string, Value> = {};
  for (const name of Object.keys(value)) {
    const item = settle(value[name] as Cell, budget, depth + 1);
    if (item !== undefined) put(made as Record<string, Cell>, name, item);
  }
  return made;
}
