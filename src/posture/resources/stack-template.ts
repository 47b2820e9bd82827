import type { LoadProblem, Value } from '#model/resource.ts';
import { at, readYaml, textOf, type YamlMap, type YamlOptions } from './yaml-lines.ts';

/** A template of stacks: ROS and CloudFormation have the same bones. */
export interface StackTemplate {
  readonly file: string;
  readonly root: YamlMap;
  readonly resources: readonly StackResource[];
}

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly line: number;
  readonly endLine: number;
  readonly node: YamlMap;
}

/** What a dialect says of a name that the template itself does not define. */
export interface StackNames {
  /** `ALIYUN::Region`, `AWS::AccountId`. `undefined` when there is no such name. */
  readonly pseudo: (name: string) => Value | typeof NO_VALUE | undefined;
  /** The ids of the canonical resources that a logical id became; several where it has a count. */
  readonly ids: (logicalId: string) => readonly string[];
  /** The provider’s name of an attribute of a resource: `SecurityGroupId` → `id`. */
  readonly attribute: (logicalId: string, attribute: string) => string;
}

/** `AWS::NoValue`: the property is as if it were not written. */
export const NO_VALUE: unique symbol = Symbol('no value');

/** Reads one file as templates. A document whose `Resources` are no map, or a resource without a type, is a problem. */
export function readStackTemplates(
  file: string,
  text: string,
  options: YamlOptions,
): { readonly templates: readonly StackTemplate[]; readonly problems: readonly LoadProblem[] } {
  const read = readYaml(file, text, options);
  const problems: LoadProblem[] = [...read.problems];
  const templates: StackTemplate[] = [];
  for (const root of read.documents) {
    const section = at(root, 'Resources');
    const transform = at(root, 'Transform');
    if (section === undefined && textOf(transform)?.startsWith('Aliyun::Terraform')) {
      problems.push({
        file,
        line: transform?.line,
        problem: 'This template is Terraform code in a wrapper; scan that code itself.',
      });
      continue;
    }
    if (root.kind !== 'map' || section?.kind !== 'map') {
      const empty = root.kind === 'map' && section?.kind === 'scalar' && section.value === undefined;
      if (!empty)
        problems.push({ file, line: (section ?? root).line, problem: 'This template has no map of Resources.' });
      continue;
    }
    const resources: StackResource[] = [];
    for (const [logicalId, { line, value }] of section.entries) {
      if (logicalId.startsWith('Fn::')) continue;
      const type = textOf(at(value, 'Type'));
      if (value.kind !== 'map' || type === undefined) {
        problems.push({ file, line, problem: `The resource "${logicalId.slice(0, 80)}" has no Type.` });
        continue;
      }
      resources.push({ logicalId, type, line, endLine: value.endLine, node: value });
    }
    templates.push({ file, root, resources });
  }
  return { templates, problems };
}
