import type { LoadProblem } from '#model/resource.ts';
import type { Attribute, Block, Body, Expression } from '../hcl/syntax.ts';

/** One folder of Terraform code, sorted by what its blocks are. Nothing is evaluated yet. */
export interface ModuleSource {
  readonly folder: string;
  readonly variables: ReadonlyMap<string, VariableDeclaration>;
  readonly locals: ReadonlyMap<string, Local>;
  readonly outputs: ReadonlyMap<string, Expression>;
  /** By `type.name`; a name that is given twice keeps both. */
  readonly resources: ReadonlyMap<string, readonly Declaration[]>;
  readonly data: ReadonlyMap<string, Declaration>;
  readonly calls: ReadonlyMap<string, Declaration>;
  readonly providers: readonly Declaration[];
}

/** A block with a name, and where it is written. */
export interface Declaration {
  readonly type: string;
  readonly name: string;
  readonly file: string;
  readonly block: Block;
}

export interface Local {
  readonly file: string;
  readonly line: number;
  readonly value: Expression;
}

export interface VariableDeclaration {
  readonly type: Expression | undefined;
  readonly default: Expression | undefined;
}

export interface SourceBody {
  readonly file: string;
  readonly body: Body;
}

export function moduleSource(folder: string, files: readonly SourceBody[], problems: LoadProblem[]): ModuleSource {
  const variables = new Map<string, VariableDeclaration>();
  const locals = new Map<string, Local>();
  const outputs = new Map<string, Expression>();
  const resources = new Map<string, Declaration[]>();
  const data = new Map<string, Declaration>();
  const calls = new Map<string, Declaration>();
  const providers: Declaration[] = [];
  for (const { file, body } of files) for (const block of body.blocks) sort(file, block);
  return { folder, variables, locals, outputs, resources, data, calls, providers };

  function sort(file: string, block: Block): void {
    const [first = '', second = ''] = block.labels;
    switch (block.type) {
      case 'resource':
        if (!hasLabels(file, block, 2)) return;
        push(resources, `${first}.${second}`, { type: first, name: second, file, block });
        return;
      case 'data':
        if (hasLabels(file, block, 2)) data.set(`${first}.${second}`, { type: first, name: second, file, block });
        return;
      case 'module':
        if (hasLabels(file, block, 1)) calls.set(first, { type: 'module', name: first, file, block });
        return;
      case 'provider':
        if (hasLabels(file, block, 1)) providers.push({ type: first, name: first, file, block });
        return;
      case 'variable':
        if (hasLabels(file, block, 1))
          variables.set(first, { type: find(block, 'type')?.value, default: find(block, 'default')?.value });
        return;
      case 'output': {
        const value = find(block, 'value')?.value;
        if (hasLabels(file, block, 1) && value) outputs.set(first, value);
        return;
      }
      case 'locals':
        for (const { name, value, line } of block.body.attributes) locals.set(name, { file, line, value });
        return;
      default:
    }
  }

  function hasLabels(file: string, block: Block, count: number): boolean {
    if (block.labels.length === count) return true;
    problems.push({
      file,
      line: block.line,
      problem: `A ${block.type} block needs ${count === 1 ? 'a name' : 'a type and a name'}.`,
    });
    return false;
  }
}

export function find(block: Block, name: string): Attribute | undefined {
  return block.body.attributes.find((attribute) => attribute.name === name);
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
