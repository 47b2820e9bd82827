import type { LoadProblem, Resource } from '#model/resource.ts';
import { snakeCase } from '../canonical-shape.ts';
import type { Loader, SourceFile } from '../loader.ts';
import { at, INVALID, readYaml, TEMPLATE_KEY, textOf, type YamlMap, type YamlNode } from '../yaml-lines.ts';
import { withPodSpec } from './pod.ts';
import { manifestAttributes } from './shape.ts';

export { withPodSpec } from './pod.ts';

/**
 * Kubernetes manifests: YAML (any number of documents) or JSON, lists of them, what `helm template` prints. The attributes are those of
 * the Terraform provider (`shape.ts`), and workloads have `pod` (`pod.ts`). A resource’s id is `<type>.<namespace>/<name>`, without
 * the namespace where the manifest names none; its lines are those of the document. Custom kinds are `kubernetes_<kind>`.
 * A chart’s template that was not rendered is one problem, which says to render it.
 */
export const kubernetesLoader: Loader = {
  id: 'kubernetes',
  claims: (path, head) => {
    if (/\.json$/i.test(path))
      return /"apiVersion"\s*:/.test(head) && /"kind"\s*:/.test(head) && !/"(?:ROS|AWS)Template/.test(head);
    return (
      /\.ya?ml$/i.test(path) &&
      /^(?:-\s+|\ufeff)?["']?apiVersion["']?\s*:/m.test(head) &&
      /^[ ]{0,4}["']?kind["']?\s*:/m.test(head)
    );
  },
  load: async (files) => {
    const loaded = files.map(loadFile);
    return {
      resources: loaded.flatMap(({ resources }) => resources),
      problems: loaded.flatMap(({ problems }) => problems),
    };
  },
};

const MAX_LIST_DEPTH = 5;

function loadFile(file: SourceFile): {
  readonly resources: readonly Resource[];
  readonly problems: readonly LoadProblem[];
} {
  const read = readYaml(file.path, file.text, { oldBooleans: true });
  const template = templateLine(file.text, read.problems);
  if (template !== undefined) {
    return {
      resources: [],
      problems: [
        {
          file: file.path,
          line: template,
          problem: 'This is a Helm template that is not rendered; scan what `helm template` prints.',
        },
      ],
    };
  }
  const problems = [...read.problems];
  const resources: Resource[] = [];
  const take = (node: YamlNode, line: number, depth: number): void => {
    const kind = textOf(at(node, 'kind'));
    const items = at(node, 'items');
    if (node.kind === 'list' && depth < MAX_LIST_DEPTH) {
      for (const item of node.items) take(item, item.line, depth + 1);
    } else if (kind?.endsWith('List') && items?.kind === 'list' && depth < MAX_LIST_DEPTH) {
      for (const item of items.items) take(item, item.line, depth + 1);
    } else if (node.kind === 'map' && kind !== undefined && at(node, 'apiVersion') !== undefined) {
      resources.push(resourceOf(file.path, kind, node, line));
    }
  };
  for (const document of read.documents) take(document, document.line, 0);
  return { resources, problems };
}

function resourceOf(file: string, kind: string, manifest: YamlMap, line: number): Resource {
  const type = `kubernetes_${KINDS.get(kind) ?? snakeCase(kind)}`;
  const metadata = at(manifest, 'metadata');
  const name = textOf(at(metadata, 'name')) ?? textOf(at(metadata, 'generateName')) ?? 'unnamed';
  const namespace = textOf(at(metadata, 'namespace'));
  return withPodSpec({
    provider: 'kubernetes',
    type,
    id: `${type}.${namespace === undefined ? '' : `${namespace}/`}${name}`,
    name,
    attributes: manifestAttributes(kind, manifest),
    file,
    line,
    endLine: manifest.endLine,
  });
}

/** Kinds that the provider names otherwise than by their words. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['DaemonSet', 'daemonset'],
  ['CustomResourceDefinition', 'custom_resource_definition'],
  ['APIService', 'api_service'],
  ['CSIDriver', 'csi_driver'],
]);

/** The line where a chart’s template shows; what merely holds braces in a text (alerts, dashboards) is none. Linear, whatever the text. */
function templateLine(text: string, problems: readonly LoadProblem[]): number | undefined {
  if (!text.includes('{{')) return undefined;
  const sure = chartOffset(text);
  if (sure !== undefined) return text.slice(0, sure).split('\n').length;
  const lines = text.split('\n');
  const broken = problems.some(
    ({ line, problem }) =>
      (problem.startsWith(INVALID) || problem === TEMPLATE_KEY) && lines[(line ?? 1) - 1]?.includes('{{'),
  );
  const bare = lines.findIndex((line) => line.trimStart().startsWith('{{'));
  return broken || (bare !== -1 && problems.length > 0) ? Math.max(bare, 0) + 1 : undefined;
}

/** Where something of a chart is named, and not in a comment. */
function chartOffset(text: string): number | undefined {
  let looked = 0;
  for (const { index } of text.matchAll(CHART)) {
    looked += 1;
    if (looked > MAX_LOOKS) return index;
    const before = text.slice(Math.max(text.lastIndexOf('\n', index) + 1, index - 500), index);
    if (!/(?:^|\s)#/.test(before)) return index;
  }
  return undefined;
}

const MAX_LOOKS = 200;
const CHART = /\{\{-?(?:[^{}\n]{0,200}?[ (]\.(?:Values|Release|Chart)\.|[ ]{0,20}include[ ]{1,20}")/g;
