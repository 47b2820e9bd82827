import { unknown } from '#model/resource.ts';
import { evaluate, namespace } from '../evaluate/expression.ts';
import type { Budget, Scope } from '../evaluate/scope.ts';
import { type Cell, failed, named, objectOf } from '../evaluate/value.ts';
import type { FunctionContext } from '../functions/define.ts';
import { callFunction } from '../functions/index.ts';
import { type DataSource, dataValue } from './data.ts';
import { type Expansion, expand, type Instance, resourceCell } from './instances.ts';
import { type Declaration, find, type ModuleSource } from './source.ts';
import { convert } from './variable-type.ts';

/** What a module is given from outside. */
export interface ModuleInput {
  /** Undefined: not given. */
  readonly variable: (name: string) => Cell | undefined;
  /** `module.shop.`, or nothing for the root. */
  readonly prefix: string;
  /** The folders of the modules around it, outermost first. */
  readonly callers: readonly string[];
}

/** One use of a module: lazy, each value at most once. */
export interface Module {
  readonly source: ModuleSource;
  readonly input: ModuleInput;
  readonly scope: Scope;
  readonly instances: (declaration: Declaration) => readonly Instance[];
  readonly calls: () => readonly Module[];
}

/** What all modules of one scan share. */
export interface World {
  readonly budget: Budget;
  readonly context: (folder: string) => FunctionContext;
  /** The module that a call means, or why there is none. */
  readonly source: (call: Declaration, from: ModuleSource, input: ModuleInput) => ModuleSource | string;
  readonly problem: (at: { readonly file: string; readonly line: number }, problem: string) => void;
}

export function createModule(source: ModuleSource, input: ModuleInput, world: World): Module {
  const { prefix } = input;
  const context = world.context(source.folder);
  const variables = memo('variable', variable);
  const locals = memo('local', local);
  const expansions = new Map<Declaration, Expansion>();
  const openCalls = new Set<string>();
  const called = new Map<string, { readonly modules: readonly Module[]; readonly cell: Cell }>();
  const scope: Scope = {
    bindings: undefined,
    root,
    call: (name, args) => callFunction(name, args, context),
    budget: world.budget,
  };
  return {
    source,
    input,
    scope,
    instances: (declaration) => expansion(declaration).instances,
    calls: () => [...source.calls.values()].flatMap((declaration) => call(declaration).modules),
  };

  function root(name: string): Cell {
    switch (name) {
      case 'var':
        return namespace('var', variables);
      case 'local':
        return namespace('local', locals);
      case 'module':
        return namespace('module', (called) => {
          const declaration = source.calls.get(called);
          return declaration ? call(declaration).cell : failed(`module.${called} is not declared`);
        });
      case 'data':
        return namespace('data', (type) => namespace(`data.${type}`, (label) => data(`${type}.${label}`)));
      case 'path':
        return { module: source.folder, root: input.callers[0] ?? source.folder, cwd: '.' };
      // Terraform refuses them; whoever writes them means the booleans.
      case 'True':
      case 'False':
        return name === 'True';
      case 'terraform':
        return { workspace: 'default' };
      case 'each':
      case 'count':
      case 'self':
        return unknown(`${name} is not known here`);
      default:
        return name.includes('_')
          ? namespace(name, (label) => resource(`${name}.${label}`))
          : failed(`${name} is not known`);
    }
  }

  function variable(name: string): Cell {
    const declared = source.variables.get(name);
    const given = input.variable(name);
    const value = given === undefined && declared?.default ? evaluate(declared.default, scope) : given;
    if (value === undefined) return unknown(`variable "${name}" has no value`);
    return declared?.type ? convert(value, declared.type, scope) : value;
  }

  function local(name: string): Cell {
    const value = source.locals.get(name);
    return value ? evaluate(value.value, scope) : failed(`local.${name} is not declared`);
  }

  function resource(key: string): Cell {
    const declaration = source.resources.get(key)?.[0];
    return declaration ? expansion(declaration).cell : undeclared(`${prefix}${key}`);
  }

  function data(key: string): Cell {
    const declaration = source.data.get(key);
    return declaration ? expansion(declaration).cell : undeclared(`${prefix}data.${key}`);
  }

  function expansion(declaration: Declaration): Expansion {
    const before = expansions.get(declaration);
    if (before) return before;
    const isData = declaration.block.type === 'data';
    const address = `${prefix}${isData ? 'data.' : ''}${declaration.type}.${declaration.name}`;
    // Whoever asks for it while it is expanded is inside its own count.
    expansions.set(declaration, { instances: [], cell: unknown(`${address} refers to itself`) });
    const made = expand(address, declaration, scope, (at, inner, isAnyIndex) => {
      const cell = resourceCell(declaration)(at, inner, isAnyIndex);
      return isData ? withData(cell, { declaration, address: at, scope: inner }, isAnyIndex) : cell;
    });
    if (made.problem) world.problem(placeOf(declaration), made.problem);
    expansions.set(declaration, made);
    return made;
  }

  function withData(cell: ReturnType<typeof named>, source: DataSource, isAnyIndex: boolean) {
    const values = memo('data', (name) => dataValue(source, name) ?? cell.get(name));
    return named(values, cell.whole, isAnyIndex);
  }

  function call(declaration: Declaration) {
    const before = called.get(declaration.name);
    if (before) return before;
    const address = `${prefix}module.${declaration.name}`;
    if (openCalls.has(declaration.name)) return { modules: [], cell: unknown(`${address} refers to itself`) };
    openCalls.add(declaration.name);
    const made = makeCall(declaration, address);
    openCalls.delete(declaration.name);
    called.set(declaration.name, made);
    return made;
  }

  function makeCall(declaration: Declaration, address: string) {
    const found = world.source(declaration, source, input);
    if (typeof found === 'string') {
      const missing = unknown(found, [{ resource: address, attribute: 'source' }]);
      return { modules: [], cell: missing };
    }
    const modules: Module[] = [];
    const callers = [...input.callers, source.folder];
    const made = expand(address, declaration, scope, (at, inner, isAnyIndex) => {
      const given = memo('input', (name) => {
        const attribute = find(declaration.block, name);
        return attribute ? evaluate(attribute.value, inner) : undefined;
      });
      const module = createModule(found, { variable: given, prefix: `${at}.`, callers }, world);
      modules.push(module);
      const output = memo('output', (name) => {
        const value = found.outputs.get(name);
        return value ? evaluate(value, module.scope) : failed(`${at} has no output ${name}`);
      });
      return named(
        output,
        () => objectOf([...found.outputs.keys()].map((name) => [name, output(name)] as const)),
        isAnyIndex,
      );
    });
    if (made.problem) world.problem(placeOf(declaration), made.problem);
    return { modules, cell: made.cell };
  }

  function memo<T extends Cell | undefined>(what: string, get: (name: string) => T): (name: string) => T {
    const known = new Map<string, T>();
    const open = new Set<string>();
    return (name) => {
      if (known.has(name)) return known.get(name) as T;
      if (open.has(name)) {
        const reason = `${what} "${name}" refers to itself`;
        const at = what === 'local' ? source.locals.get(name) : undefined;
        if (at) world.problem(at, `${reason}.`);
        return unknown(reason) as T;
      }
      open.add(name);
      const value = get(name);
      open.delete(name);
      known.set(name, value);
      return value;
    };
  }
}

/** Part of the code is often scanned alone: what is named but not there is still a resource, and is referred to. */
function undeclared(address: string): Cell {
  const missing = (attribute: string) => unknown(`${address} is not declared`, [{ resource: address, attribute }]);
  return named(missing, () => missing('id'), true);
}

export function placeOf({ file, block }: Declaration): { readonly file: string; readonly line: number } {
  return { file, line: block.line };
}
