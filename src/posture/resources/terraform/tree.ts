import { posix } from 'node:path';
import { type LoadProblem, type Resource, unknown } from '#model/resource.ts';
import type { ReadFile } from '../loader.ts';
import { evaluate } from './evaluate/expression.ts';
import type { Budget } from './evaluate/scope.ts';
import { type Cell, failed, isObject, member } from './evaluate/value.ts';
import { callFunction } from './functions/index.ts';
import type { Expression } from './hcl/syntax.ts';
import { createModule, type Module, type ModuleInput, placeOf, type World } from './module/evaluation.ts';
import { type Declaration, find, type ModuleSource, moduleSource, type SourceBody } from './module/source.ts';
import { resourcesOf } from './resources.ts';

/** Deeper than any estate calls modules, and more of them than any has. */
const MAX_MODULE_DEPTH = 50;
const MAX_MODULES = 50_000;
/** Steps of evaluation and resources, however little code asks for them; more code may ask for more. */
const STEPS = 5_000_000;
const STEPS_PER_CHARACTER = 20;
const RESOURCES = 50_000;
const CHARACTERS_PER_RESOURCE = 10;

/** What evaluation may ask of the rest of the tree, and where it says what is wrong. */
export interface Surroundings {
  readonly problems: LoadProblem[];
  readonly read: ReadFile;
  readonly parseTemplate: (text: string) => Expression | undefined;
  /** How much code there is. */
  readonly characters: number;
}

/**
 * Evaluates all modules of a scan. A folder that no other calls is a root and is evaluated with its own `.tfvars`; what
 * only a circle of modules reaches is evaluated as if it were one.
 */
export function* evaluateTree(files: readonly SourceBody[], surroundings: Surroundings): Generator<Resource> {
  const { problems, read, parseTemplate, characters } = surroundings;
  const folders = Map.groupBy(files, ({ file }) => posix.dirname(file));
  const sources = new Map<string, ModuleSource>();
  for (const [folder, inside] of folders) {
    const code = inside.filter(({ file }) => !isVariables(file));
    if (code.length > 0) sources.set(folder, moduleSource(folder, code, problems));
  }
  const said = new Set<string>();
  const budget: Budget = { left: STEPS + STEPS_PER_CHARACTER * characters, depth: 0 };
  const maxResources = RESOURCES + Math.ceil(characters / CHARACTERS_PER_RESOURCE);
  const reached = new Set<string>();
  const world: World = {
    budget,
    context: (folder) => ({ readFile: (path) => read(fileIn(folder, path)), render, budget }),
    source: (call, from, input) => calledSource(call, from, input),
    problem,
  };
  const called = new Set([...sources.values()].flatMap(calledFolders));
  const order = [...sources.values()].sort((a, b) => Number(called.has(a.folder)) - Number(called.has(b.folder)));
  const counts = { modules: 0, resources: 0 };
  let isFull = false;
  for (const source of order) {
    if (reached.has(source.folder)) continue;
    yield* walk(createModule(source, rootInput(source), world));
  }
  const [first] = files;
  if (budget.left < 0 && first)
    problem(
      { file: first.file, line: 1 },
      'The code of this scan takes too long to evaluate; some values are left unknown.',
    );

  function* walk(module: Module): Generator<Resource> {
    if (isFull) return;
    reached.add(module.source.folder);
    if (++counts.modules > MAX_MODULES) return tooMany(module, `more than ${MAX_MODULES} modules`);
    for (const resource of resourcesOf(module, tooDeep)) {
      if (++counts.resources > maxResources) return tooMany(module, `more than ${maxResources} resources`);
      yield resource;
    }
    for (const declaration of module.source.calls.values()) {
      const folder = folderOf(declaration, module.source);
      if (folder !== undefined) reached.add(folder);
    }
    for (const inner of module.calls()) yield* walk(inner);
  }

  function render(text: string, names: Cell): Cell {
    const template = parseTemplate(text);
    if (!template) return unknown('the template is broken');
    const call = (name: string, args: readonly Cell[]) => callFunction(name, args, world.context('.'));
    const root = (name: string) =>
      (isObject(names) ? member(names, name) : undefined) ?? failed(`${name} is not given to the template`);
    return evaluate(template, { bindings: undefined, root, call, budget });
  }

  /** The last resort: no bound of ours was met before the stack’s own. */
  function tooDeep(declaration: Declaration): void {
    budget.depth = 0;
    problem(placeOf(declaration), 'This block is too deeply nested to be evaluated; it is left out.');
  }

  function tooMany(module: Module, what: string): void {
    isFull = true;
    const [first] = folders.get(module.source.folder) ?? [];
    problem({ file: first?.file ?? module.source.folder, line: 1 }, `The code makes ${what}; the rest is left out.`);
  }

  function problem(at: { readonly file: string; readonly line: number }, text: string): void {
    const key = `${at.file}:${at.line}:${text}`;
    if (said.has(key)) return;
    said.add(key);
    problems.push({ file: at.file, line: at.line, problem: text });
  }

  function calledSource(call: Declaration, from: ModuleSource, input: ModuleInput): ModuleSource | string {
    const written = find(call.block, 'source')?.value;
    const text = written?.kind === 'literal' ? written.value : undefined;
    if (typeof text !== 'string') return `module "${call.name}" has no source that is a plain text`;
    if (!/^\.\.?(\/|$)/.test(text)) return `module "${call.name}" comes from elsewhere and is not read`;
    const folder = posix.normalize(posix.join(from.folder, text)).replace(/\/$/, '');
    if (input.callers.includes(folder) || from.folder === folder) {
      problem(placeOf(call), `Module "${call.name}" calls a module that it is part of.`);
      return `module "${call.name}" is part of itself`;
    }
    if (input.callers.length >= MAX_MODULE_DEPTH) {
      problem(placeOf(call), `Modules are nested deeper than ${MAX_MODULE_DEPTH} levels.`);
      return `module "${call.name}" is nested too deep`;
    }
    return sources.get(folder) ?? missingModule(call);
  }

  function missingModule(call: Declaration): string {
    problem(placeOf(call), `The folder of module "${call.name}" is not in what is scanned.`);
    return `module "${call.name}" is not in what is scanned`;
  }

  function rootInput(source: ModuleSource): ModuleInput {
    const given = new Map<string, Expression>();
    const files = (folders.get(source.folder) ?? []).filter(({ file }) => isTakenByItself(file));
    for (const { body } of files.sort(byPrecedence))
      for (const { name, value } of body.attributes) given.set(name, value);
    const nowhere = { bindings: undefined, root: (): Cell => null, call: (): Cell => null, budget };
    const variable = (name: string) => {
      const value = given.get(name);
      return value && evaluate(value, nowhere);
    };
    return { variable, prefix: '', callers: [] };
  }
}

/** `path.module` is the module’s folder already; any other path begins in the folder of the file. */
function fileIn(folder: string, path: string): string {
  const plain = posix.normalize(path);
  const isInside = folder === '.' || plain === folder || plain.startsWith(`${folder}/`);
  return isInside ? plain : posix.join(folder, plain);
}

function calledFolders(source: ModuleSource): readonly string[] {
  return [...source.calls.values()].map((call) => folderOf(call, source)).filter((folder) => folder !== undefined);
}

function folderOf(call: Declaration, from: ModuleSource): string | undefined {
  const written = find(call.block, 'source')?.value;
  if (written?.kind !== 'literal' || typeof written.value !== 'string' || !written.value.startsWith('.'))
    return undefined;
  const folder = posix.normalize(posix.join(from.folder, written.value)).replace(/\/$/, '');
  return folder === from.folder ? undefined : folder;
}

function isVariables(file: string): boolean {
  return /\.tfvars(\.json)?$/.test(file);
}

function isTakenByItself(file: string): boolean {
  return /(?:^|\/)terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/.test(file);
}

/** `terraform.tfvars`, then its JSON, then `*.auto.tfvars` by name: the later wins. Others are only read when named. */
function byPrecedence(a: SourceBody, b: SourceBody): number {
  const [first, second] = [rank(a.file), rank(b.file)];
  return first - second || (a.file < b.file ? -1 : 1);
}

function rank(file: string): number {
  const name = posix.basename(file);
  if (name === 'terraform.tfvars') return 0;
  return name === 'terraform.tfvars.json' ? 1 : 2;
}
