import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Verdict } from '#model/finding.ts';
import { readChecks } from '../../content.ts';
import { terraformLoader } from '../../resources/terraform/index.ts';
import { type CheckSet, createCheckSet } from '../index.ts';

/** A resource of an example, and what somebody else’s check says of it. */
export interface Label {
  readonly check: string;
  readonly title: string;
  readonly dir: string;
  /** `type.name` as it is written in the code. */
  readonly resource: string;
  readonly expect: 'pass' | 'fail';
}

export interface Answer extends Label {
  /** Our check that answers theirs; `undefined` where none does. */
  readonly ours: string | undefined;
  /** One for each instance of the resource. */
  readonly verdicts: readonly Verdict[];
  readonly agreed: boolean;
}

/** Their check’s id, and ours that answer it: the first that speaks of the resource’s type does. */
export type CheckMap = Readonly<Record<string, string | readonly string[]>>;

const NOW_MS = Date.UTC(2026, 0, 15);

/** Where a corpus lies, beside this repository; tests skip where it does not. */
export function corpusFolder(name: string): string {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  return join(root, '..', 'shared', 'corpora', name);
}

export function hasCorpus(name: string): boolean {
  return existsSync(join(corpusFolder(name), 'labels.ndjson'));
}

/**
 * Asks our checks of each label. One instance that fails makes the resource fail; `not_applicable` agrees with a pass,
 * `unknown` and a missing finding with neither.
 */
export async function askLabels(corpus: string, map: CheckMap): Promise<readonly Answer[]> {
  const folder = corpusFolder(corpus);
  const labels = readFileSync(join(folder, 'labels.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Label);
  const wanted = new Set(labels.flatMap(({ check }) => [map[check] ?? []].flat()));
  const { checks } = readChecks([fileURLToPath(new URL('../../../../content/checks', import.meta.url))]);
  const set = createCheckSet(checks.filter(({ id }) => wanted.has(id)));
  const types = new Map(set.checks.map((check) => [check.id, new Set([check.resource].flat())]));

  const answers: Answer[] = [];
  for (const dir of new Set(labels.map((label) => label.dir))) {
    const verdicts = await verdictsOf(join(folder, dir), set);
    for (const label of labels.filter((one) => one.dir === dir)) {
      const { type, id: address } = addressOf(label.resource);
      const ours = [map[label.check] ?? []].flat().find((id) => types.get(id)?.has(type) ?? false);
      const found = ours === undefined ? [] : (verdicts.get(`${ours} ${address}`) ?? []);
      answers.push({ ...label, ours, verdicts: found, agreed: agrees(found, label.expect) });
    }
  }
  return answers;
}

/** The type and our id of what a label names: `type.name`, inside of modules too, or `aws.alias` for a provider block. */
function addressOf(resource: string): { readonly type: string; readonly id: string } {
  const [, provider, alias] = /^([a-z]+)\.([\w-]+)$/.exec(resource) ?? [];
  if (provider !== undefined)
    return { type: `${provider}_provider`, id: `provider.${provider}${alias === 'default' ? '' : `.${alias}`}` };
  return { type: /(?:^|\.)([a-z]+_\w+)\.[^.]+$/.exec(resource)?.[1] ?? '', id: resource };
}

/** What came of a corpus against the map and the arguments that lie beside this file under its name. */
export interface Comparison {
  readonly agreed: number;
  readonly total: number;
  /** Labels on which we differ without having said why, as lines. */
  readonly unargued: readonly string[];
  /** Arguments about labels on which we agree by now. */
  readonly outdated: readonly string[];
}

/** Asks all labels of a corpus by `<corpus>.yml` and sorts what differs by `<corpus>-differences.yml`. */
export async function compareLabels(corpus: string): Promise<Comparison> {
  const read = (name: string): unknown => parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
  const argued = (read(`${corpus}-differences.yml`) ?? {}) as Readonly<Record<string, string>>;
  const answers = await askLabels(corpus, read(`${corpus}.yml`) as CheckMap);
  const isArgued = ({ check, dir, resource }: Answer): boolean => Object.hasOwn(argued, `${check} ${dir} ${resource}`);
  const differing = answers.filter(({ agreed }) => !agreed);
  return {
    agreed: answers.length - differing.length,
    total: answers.length,
    unargued: differing.filter((one) => !isArgued(one)).map(shownAnswer),
    outdated: answers.filter((one) => one.agreed && isArgued(one)).map(shownAnswer),
  };
}

/** A label as a line: what was expected of what, and what we say. */
export function shownAnswer({ check, dir, resource, expect, ours, verdicts }: Answer): string {
  return `${check} ${dir} ${resource}: expected ${expect}, ${ours ?? 'no check'} says ${verdicts.join(', ') || 'nothing'}`;
}

async function verdictsOf(folder: string, set: CheckSet): Promise<ReadonlyMap<string, readonly Verdict[]>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => terraformLoader.claims(path, ''))
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
  const { resources } = await terraformLoader.load(files);
  const verdicts = new Map<string, Verdict[]>();
  for (const { check, resource, verdict } of set.run(resources, NOW_MS)) {
    // A label may name one instance, or the resource with all of its instances.
    for (const id of new Set([resource.id, resource.id.replace(/\[[^\]]*\]/g, '')]))
      verdicts.set(`${check} ${id}`, [...(verdicts.get(`${check} ${id}`) ?? []), verdict]);
  }
  return verdicts;
}

function agrees(verdicts: readonly Verdict[], expected: Label['expect']): boolean {
  if (expected === 'fail') return verdicts.includes('fail');
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass' || verdict === 'not_applicable');
}
