import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { JournalEntry } from '../src/respond/playbooks/journal.ts';
import {
  canRun,
  EXTENSIONS,
  type FoundPlaybook,
  findPlaybooks,
  latestById,
  type Playbook,
  procedureSchema,
} from '../src/respond/playbooks/index.ts';
import { createMachine } from '../src/respond/playbooks/machine.ts';

const FOLDER = fileURLToPath(new URL('playbooks', import.meta.url));
const RULES = ['rules', 'correlations'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const found = findPlaybooks([FOLDER]);
const all = latestById(found.flatMap(({ playbook }) => playbook ?? []));
const ruleNames = new Set(
  RULES.filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replace(/^.*\/|\.yml$/g, '')),
  ),
);

test('there are playbooks, each with an identifier and a short name of its own', () => {
  expect(found.length).toBeGreaterThanOrEqual(8);
  expect(all.size).toBe(found.length);
  const names = found.map(({ path }) => path.replace(/^.*\/|\.yml$/g, ''));
  expect(found.map(({ playbook }) => playbook?.labels?.[1])).toEqual(names);
  const steps = found.flatMap(({ playbook }) => Object.keys(playbook?.workflow ?? {}));
  expect(new Set(steps).size).toBe(steps.length);
});

describe.each(found.map((one) => [one.playbook?.name ?? one.path, one] as const))('%s', (_name, one) => {
  const playbook = soundOf(one);
  const procedure = procedureSchema.parse(playbook.playbook_extensions?.[EXTENSIONS.procedure]);

  test('can be run as it is', () => {
    expect(one.problems).toEqual([]);
    expect(canRun(one.problems)).toBe(true);
  });

  test('says all of it in Chinese and in English', () => {
    for (const { zh, en } of bilingualIn(playbook)) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/[a-z]{2}/);
      // Addresses, commands and names may stand in both; a sentence may not.
      expect(en).not.toMatch(/\p{Script=Han}/u);
    }
    const actions = Object.values(playbook.workflow).filter(({ type }) => type === 'action');
    const told = actions.filter(({ step_extensions: extensions }) => bilingualIn(extensions).length > 0);
    expect(told).toHaveLength(actions.length);
  });

  test('keeps evidence before it acts, and names the law it stands under', () => {
    const steps = Object.values(playbook.workflow);
    const first = steps.find(({ type }) => type === 'action');
    expect(JSON.stringify(first)).toContain('"action":"collect-evidence"');
    expect(procedure.law.length).toBeGreaterThan(0);
    for (const { source } of procedure.law) expect(source).toMatch(/法/);
  });

  test('names rules that are there', () => {
    for (const rule of procedure.trigger.rules ?? []) expect(ruleNames).toContain(rule);
  });

  test('comes to an end whatever is answered, and whatever fails', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1_000)), (chances) => {
        const { phase, keys } = walk(playbook, () => chances.next().value as number);
        expect(['succeeded', 'failed']).toContain(phase);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 50 },
    );
  });

  test('goes well to its end when nothing fails', () => {
    expect(walk(playbook, () => 1).phase).toBe('succeeded');
  });
});

/** Goes through with answers by chance; one in ten orders fails where chance says 0 of ten. */
function walk(playbook: Playbook, chance: () => number): { readonly phase: string; readonly keys: readonly string[] } {
  const machine = createMachine('run', playbook, all, {}, 0);
  const keys: string[] = [];
  const add = (entry: JournalEntry): void => machine.apply(entry);
  for (let turn = 0; turn < 5_000; turn += 1) {
    for (let entry = machine.decide(turn); entry; entry = machine.decide(turn)) add(entry);
    const phase = machine.phase();
    if (phase === 'succeeded' || phase === 'failed') return { phase, keys };
    for (const started of machine.startable(turn)) {
      keys.push(started.key);
      add(started);
    }
    for (const { branch, step, key, order } of machine.running()) {
      const values = Object.fromEntries(order.outArgs.map((name) => [name, answerFor(playbook, name, chance())]));
      const outcome = chance() % 10 === 0 ? 'failure' : 'success';
      add({ kind: 'finished', branch, step, key, outcome, values, timeMs: turn });
    }
    const undo = machine.undo();
    if (undo) add({ kind: 'undone', key: undo.key, step: undo.step, outcome: 'success', timeMs: turn });
  }
  return { phase: machine.phase(), keys };
}

function answerFor({ playbook_variables: variables = {} }: Playbook, name: string, chance: number): string {
  if (variables[name]?.type === 'bool') return chance % 2 === 0 ? 'true' : 'false';
  return ['one', 'some', 'many', 'intact', 'gap', 'altered', '203.0.113.0/24', ''][chance % 8] ?? '';
}

function soundOf({ path, playbook, problems }: FoundPlaybook): Playbook {
  if (!playbook) throw new Error(`${path}: ${problems[0]?.problem}`);
  return playbook;
}

function bilingualIn(value: unknown): readonly { readonly zh: string; readonly en: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { zh, en } = value as Partial<Record<string, unknown>>;
  const own = typeof zh === 'string' && typeof en === 'string' ? [{ zh, en }] : [];
  return [...own, ...Object.values(value).flatMap(bilingualIn)];
}
