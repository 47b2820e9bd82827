import type { Verdict } from '#model/finding.ts';
import { type Loaded, type Provider, PROVIDERS, type Resource, type Value } from '#model/resource.ts';
import { CASE_KINDS, type Check, type CheckCase, createCheckSet } from './checks/index.ts';
import { cloudformationLoader } from './resources/cloudformation/index.ts';
import { dockerfileLoader } from './resources/dockerfile/index.ts';
import { kubernetesLoader } from './resources/kubernetes/index.ts';
import type { Loader } from './resources/loader.ts';
import { rosLoader } from './resources/ros/index.ts';
import { terraformLoader } from './resources/terraform/index.ts';

const LOADERS: Readonly<
  Record<Exclude<(typeof CASE_KINDS)[number], 'resources'>, readonly [file: string, loader: Loader]>
> = {
  terraform: ['main.tf', terraformLoader],
  ros: ['template.yml', rosLoader],
  cloudformation: ['template.yml', cloudformationLoader],
  kubernetes: ['manifest.yml', kubernetesLoader],
  dockerfile: ['Dockerfile', dockerfileLoader],
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
    if (text !== undefined) return await loader.load([{ path, text }]);
  }
  return { resources: [], problems: [] };
}

function providerOf(type: string): Provider {
  return PROVIDERS.find((provider) => type.startsWith(provider)) ?? 'docker';
}
