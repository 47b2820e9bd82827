import {
  type Attributes,
  isAttributes,
  type Loaded,
  type LoadProblem,
  type Provider,
  type Resource,
  type Value,
} from '#model/resource.ts';
import { canonicalAttributes, type Given, type Made, present, type TypeRule } from './canonical-shape.ts';
import { cycleOf } from './stack-cycles.ts';
import type { SourceFile } from './loader.ts';
import { readStackTemplates, type StackNames, type StackResource, type StackTemplate } from './stack-template.ts';
import { attributeOf, condition, EVALUATION_BUDGET, evaluate, type StackScope } from './stack-values.ts';
import { at, textOf, type YamlMap, type YamlOptions } from './yaml-lines.ts';

/** What sets one template language apart from the other. */
export interface StackLanguage {
  readonly provider: Provider;
  readonly rules: Readonly<Record<string, TypeRule>>;
  /** The canonical type of one that has no rule; `undefined` for what is no resource. */
  readonly typeOf: (type: string) => string | undefined;
  readonly pseudo: StackNames['pseudo'];
  /** The provider’s name of an attribute asked for by `Fn::GetAtt`. */
  readonly attribute: (type: string, attribute: string) => string;
}

/** All templates of the files, in their order. */
export function loadStacks(files: readonly SourceFile[], language: StackLanguage, options: YamlOptions): Loaded {
  const resources: Resource[] = [];
  const problems: LoadProblem[] = [];
  for (const file of files) {
    const read = readStackTemplates(file.path, file.text, options);
    problems.push(...read.problems);
    for (const template of read.templates) {
      const made = stackResources(template, language);
      for (const resource of made.resources) resources.push(resource);
      problems.push(...made.problems);
    }
  }
  return { resources, problems };
}

const MAX_COPIES = 100;
const MAX_RESOURCES = 20_000;

/** The canonical resources of a template. Those whose condition is false are not there; those whose condition is unknown are. */
export function stackResources(
  template: StackTemplate,
  language: StackLanguage,
): { readonly resources: readonly Resource[]; readonly problems: readonly LoadProblem[] } {
  const problems: LoadProblem[] = [];
  const resources: Resource[] = [];
  const scope = scopeOf(template, language, (problem) => {
    const known = problems.some((told) => told.line === problem.line && told.problem === problem.problem);
    if (!known && problems.length < 50) problems.push(problem);
  });
  const references = new Map<string, Set<string>>();
  for (const resource of template.resources) {
    const type = canonicalType(resource, language);
    if (type === undefined) continue;
    const named = new Set<string>();
    references.set(resource.logicalId, named);
    const wanted = textOf(at(resource.node, 'Condition'));
    if (wanted !== undefined && condition(wanted, scope, resource.line) === false) continue;
    const copies = copiesOf(resource.node, scope);
    const number = copies ?? 1;
    for (let index = 0; index < number; index += 1) {
      const own: StackScope = {
        ...scope,
        index: copies === undefined ? undefined : index,
        refers: (name) => named.add(name),
      };
      resources.push(...convert(resource, type, language, own, copies === undefined ? '' : `[${index}]`));
    }
    if (resources.length > MAX_RESOURCES || scope.budget.left <= 0) {
      problems.push({
        file: template.file,
        line: resource.line,
        problem: 'This template makes too much; what follows is not read.',
      });
      break;
    }
  }
  const cycle = cycleOf(references);
  if (cycle !== undefined) {
    const line = template.resources.find((resource) => resource.logicalId === cycle[0])?.line;
    const names = cycle.slice(0, 5).map((name) => `"${name.slice(0, 80)}"`);
    problems.push({
      file: template.file,
      line,
      problem: `Resources refer to each other in a circle: ${names.join(', ')}.`,
    });
  }
  return { resources, problems };
}

function scopeOf(template: StackTemplate, language: StackLanguage, report: StackScope['report']): StackScope {
  const byId = new Map(template.resources.map((resource) => [resource.logicalId, resource]));
  const budget = { left: EVALUATION_BUDGET };
  const ids = new Map<string, readonly string[]>();
  const scope: StackScope = {
    template,
    logicalIds: new Set(byId.keys()),
    report,
    busy: new Set(),
    budget,
    names: {
      pseudo: language.pseudo,
      attribute: (logicalId, attribute) => language.attribute(byId.get(logicalId)?.type ?? '', attribute),
      ids: (logicalId) => {
        const known = ids.get(logicalId);
        if (known !== undefined) return known;
        const resource = byId.get(logicalId);
        const type = resource && canonicalType(resource, language);
        if (resource === undefined || type === undefined) return [];
        // Before its count is evaluated, so that a count that names its own resource ends.
        ids.set(logicalId, [`${type}.${logicalId}`]);
        const copies = copiesOf(resource.node, scope);
        const made = Array.from(
          { length: copies ?? 1 },
          (_, index) => `${type}.${logicalId}${copies === undefined ? '' : `[${index}]`}`,
        );
        ids.set(logicalId, made);
        return made;
      },
    },
  };
  return scope;
}

function canonicalType(resource: StackResource, language: StackLanguage): string | undefined {
  const rule = Object.hasOwn(language.rules, resource.type) ? language.rules[resource.type] : undefined;
  const own = rule?.kind?.((property) => at(at(resource.node, 'Properties'), property) !== undefined);
  return own ?? rule?.type ?? language.typeOf(resource.type);
}

/** How often the resource is made; `undefined` where it says nothing. A count that is unknown is one. */
function copiesOf(node: YamlMap, scope: StackScope): number | undefined {
  const given = at(node, 'Count');
  if (given === undefined) return undefined;
  const count = Number(evaluate(given, scope));
  return Number.isInteger(count) && count >= 0 ? Math.min(count, MAX_COPIES) : 1;
}

function convert(
  resource: StackResource,
  type: string,
  language: StackLanguage,
  scope: StackScope,
  copy: string,
): readonly Resource[] {
  const evaluated = evaluate(at(resource.node, 'Properties'), scope);
  const properties: Attributes = evaluated !== undefined && isAttributes(evaluated) ? evaluated : {};
  const rule: TypeRule = Object.hasOwn(language.rules, resource.type) ? (language.rules[resource.type] ?? {}) : {};
  const name = `${resource.logicalId}${copy}`;
  const given: Given = {
    properties,
    name: resource.logicalId,
    own: (attribute): Value => attributeOf(resource.logicalId, attribute, scope),
  };
  const made: Made[] = [];
  if (!rule.only) {
    const attributes = canonicalAttributes(properties, rule.properties);
    rule.finish?.(attributes, given);
    made.push({ type, attributes });
  }
  made.push(...(rule.also?.(given) ?? []));
  return made.map((one) => ({
    provider: language.provider,
    type: one.type,
    id: `${one.type}.${name}${one.suffix ?? ''}`,
    name: resource.logicalId,
    attributes: present(one.attributes),
    file: scope.template.file,
    line: resource.line,
    endLine: resource.endLine,
  }));
}
