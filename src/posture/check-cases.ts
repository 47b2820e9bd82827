import type { Verdict } from '#model/finding.ts';
import { type Loaded, type Provider, PROVIDERS, type Resource, type Value } from '#model/resource.ts';
import { CASE_KINDS, type Check, type CheckCase, createCheckSet } from './checks/index.ts';
import type { Loader } from './resources/loader.ts';

/** Loaded when a case asks for one: a parser is not needed for the checks of another kind. */
const LOADERS: Readonly<
  Record<Exclude<(typeof CASE_KINDS)[number], 'resources'>, readonly [file: string, loader: () => Promise<Loader>]>
> = {
  terraform: ['main.tf', async () => (await import('./resources/terraform/index.ts')).terraformLoader],
  ros: ['template.yml', async () => (await import('./resources/ros/index.ts')).rosLoader],
  cloudformation: [
    'template.yml',
    async () => (await import('./resources/cloudformation/index.ts')).cloudformationLoader,
  ],
  kubernetes: ['manifest.yml', async () => (await import('./resources/kubernetes/index.ts')).kubernetesLoader],
  dockerfile: ['Dockerfile', async () => (await import('./resources/dockerfile/index.ts')).dockerfileLoader],
};

/** When a case takes place, for tests of age. */
const CASE_MS = Date.UTC(2026, 0, 15);

/** What came of a case: each resource that differs from what was expected, as a sentence. */
export async function runCheckCase(check: Check, one: CheckCase): Promise<readonly string[]> {
  const { resources, problems } = await load(one);
  const verdicts = new Map<string, Verdict>();
  for (const { resource, verdict } of createCheckSet([check]).run(resources, CASE_MS))
    verdicts.set(resource.id, verdict);
  return [
    ...problems.map(({ file, line, problem }) => `${file}:${line ?? '?'}: ${problem}`),
    ...Object.entries(one.expect).flatMap(([id, expected]) => {
      const verdict = verdicts.get(id);
      return verdict === expected ? [] : [`${id}: expected ${expected}, got ${verdict ?? 'no finding'}`];
    }),
  ];
}

async function load(one: CheckCase): Promise<Loaded> {
  if (one.resources !== undefined) {
    const resources = one.resources.map(
      (resource): Resource => ({
        ...resource,
        name: resource.name ?? resource.id,
        provider: providerOf(resource.type),
        attributes: resource.attributes as Readonly<Record<string, Value>>,
      }),
    );
    return { resources, problems: [] };
  }
  for (const [kind, [path, loader]] of Object.entries(LOADERS)) {
    const text = one[kind as keyof typeof LOADERS];
    if (text !== undefined) return await (await loader()).load([{ path, text }]);
  }
  return { resources: [], problems: [] };
}

function providerOf(type: string): Provider {
  return PROVIDERS.find((provider) => type.startsWith(provider)) ?? 'docker';
}
