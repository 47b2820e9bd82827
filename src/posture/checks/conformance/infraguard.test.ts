import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readChecks } from '../../content.ts';
import type { Loader } from '../../resources/loader.ts';
import { rosLoader } from '../../resources/ros/index.ts';
import { terraformLoader } from '../../resources/terraform/index.ts';
import { createCheckSet } from '../index.ts';
import { corpusFolder } from './labels.ts';

const here = dirname(fileURLToPath(import.meta.url));
const corpus = corpusFolder('infraguard-alicloud');
const isHere = existsSync(join(corpus, 'ALL-RULE-NAMES.txt'));
const missing = isHere ? '' : ' (skipped: the corpus infraguard-alicloud is not here)';

/** Rule to the checks that answer it, from every file `names-….yml`; a text instead says why none does. */
const names = new Map<string, readonly string[] | string>(
  readdirSync(join(here, 'infraguard'))
    .filter((name) => name.startsWith('names-'))
    .flatMap((name) => Object.entries(readYaml<Record<string, readonly string[] | string>>(name))),
);
const argued = readYaml<Record<string, string>>('not-told.yml');
const { checks } = readChecks([fileURLToPath(new URL('../../../../content/checks/alicloud', import.meta.url))]);
const byId = new Map(checks.map((check) => [check.id, check]));

/** Of what the twins of the corpus are made, and how each language lays them out. */
const LANGUAGES: Readonly<Record<string, readonly [loader: Loader, path: (twin: string) => string]>> = {
  terraform: [terraformLoader, (twin) => join('terraform', twin, 'main.tf')],
  ros: [rosLoader, (twin) => join('ros', `${twin}.yaml`)],
};

describe(`the rules of infraguard${missing}`, () => {
  test('are answered by checks that exist, each of them', () => {
    const unknown = [...names].flatMap(([rule, ids]) =>
      typeof ids === 'string' ? [] : ids.filter((id) => !byId.has(id)).map((id) => `${rule}: ${id}`),
    );
    expect(unknown).toEqual([]);
    expect(Object.values(argued).every((why) => why.length > 40)).toBe(true);
  });

  test.skipIf(!isHere)('are all in the map, also those whose twins are not here', () => {
    const all = readFileSync(join(corpus, 'ALL-RULE-NAMES.txt'), 'utf8')
      .split('\n')
      .filter((name) => name !== '');
    expect(all.filter((name) => !names.has(name))).toEqual([]);
  });

  test.skipIf(!isHere)(
    'a check fails on the violation and not on its compliant twin, in 97 of 100 pairs',
    async () => {
      const pairs = await askPairs();
      const told = pairs.filter((pair) => pair.told);
      console.info(`infraguard: ${told.length} of ${pairs.length} pairs told apart`);
      const unargued = pairs.filter((pair) => !pair.told && argued[pair.name] === undefined);
      expect(unargued.map(({ name, says }) => `${name}: ${says}`)).toEqual([]);
      expect(Object.keys(argued).filter((name) => told.some((pair) => pair.name === name))).toEqual([]);
      expect(told.length / pairs.length).toBeGreaterThanOrEqual(0.97);
    },
    60_000,
  );
});

interface Pair {
  readonly name: string;
  readonly told: boolean;
  readonly says: string;
}

async function askPairs(): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (const rule of readdirSync(corpus).sort()) {
    for (const [language, [loader, path]] of Object.entries(LANGUAGES)) {
      const [bad, good] = ['violation', 'compliant'].map((twin) => join(corpus, rule, path(twin)));
      if (bad === undefined || good === undefined || !existsSync(bad) || !existsSync(good)) continue;
      const onBad = await failuresOf(rule, bad, loader);
      const onGood = await failuresOf(rule, good, loader);
      pairs.push({
        name: `${rule}/${language}`,
        told: onBad.length > 0 && onGood.length === 0,
        says: `on the violation ${onBad.join(', ') || 'nothing fails'}; on the twin ${onGood.join(', ') || 'nothing fails'}`,
      });
    }
  }
  return pairs;
}

/** Which of the checks that answer the rule fail on a file. */
async function failuresOf(rule: string, file: string, loader: Loader): Promise<readonly string[]> {
  const ids = names.get(rule) ?? [];
  const asked = (typeof ids === 'string' ? [] : ids).flatMap((id) => byId.get(id) ?? []);
  const { resources } = await loader.load([{ path: file, text: readFileSync(file, 'utf8') }]);
  const failed = [...createCheckSet(asked).run(resources, Date.UTC(2026, 0, 15))].filter(
    ({ verdict }) => verdict === 'fail',
  );
  return failed.map(({ check, resource }) => `${check} on ${resource.id}`);
}

function readYaml<T>(name: string): T {
  return parse(readFileSync(join(here, 'infraguard', name), 'utf8')) as T;
}
