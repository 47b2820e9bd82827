import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { checkPlaybook } from './check.ts';
import { EXTENSIONS } from './extensions.ts';
import { findPlaybooks } from './folder.ts';
import { readPlaybook } from './read.ts';
import { automatic, manual, rawPlaybook, stepId } from './testing/make-playbook.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpora/cacao', import.meta.url));
const SHIPPED = fileURLToPath(new URL('../../../content/playbooks', import.meta.url));
const isMissing = !existsSync(CORPUS);
const START = stepId('start', 1);
const ACT = stepId('action', 2);
const IF = stepId('if-condition', 3);
const WHILE = stepId('while-condition', 4);
const SWITCH = stepId('switch-condition', 5);
const PARALLEL = stepId('parallel', 6);
const END = stepId('end', 9);

/** Every kind of step, our extensions included. */
const ALL_STEPS = rawPlaybook(
  {
    [START]: { type: 'start', on_completion: IF },
    [IF]: { type: 'if-condition', condition: "__kind__:value = 'a'", on_true: ACT, on_completion: WHILE },
    [WHILE]: { type: 'while-condition', condition: '__n__:value < 3', on_true: ACT, on_completion: SWITCH },
    [SWITCH]: {
      type: 'switch-condition',
      switch: '__kind__:value',
      cases: { a: ACT, default: ACT },
      on_completion: PARALLEL,
    },
    [PARALLEL]: { type: 'parallel', next_steps: [ACT, stepId('action', 7)], on_completion: END },
    [ACT]: automatic('notify', { message: 'hello' }, { on_completion: END }),
    [stepId('action', 7)]: manual('agree', {
      on_success: END,
      step_extensions: {
        [EXTENSIONS.approval]: { needed: 1, expires_seconds: 60, question: { zh: '好吗', en: 'ok?' } },
      },
    }),
    [END]: { type: 'end' },
  },
  { playbook_variables: { __kind__: { type: 'string' }, __n__: { type: 'integer', value: '0' } } },
);

describe.skipIf(isMissing)(`the official schemas of CACAO 2.0${isMissing ? ' (skipped: no corpora)' : ''}`, () => {
  const validate = isMissing ? () => false : compileSchemas();

  test('accept what we write, and so do we', () => {
    expect(validate(ALL_STEPS)).toBe(true);
    const { playbook, problems } = readPlaybook(JSON.stringify(ALL_STEPS));
    expect(problems).toEqual([]);
    expect(playbook && checkPlaybook(playbook)).toEqual([]);
  });

  test('accept the playbooks that ship', () => {
    const shipped = findPlaybooks([SHIPPED]).map(({ playbook }) => playbook);
    expect(shipped.length).toBeGreaterThan(0);
    for (const playbook of shipped) expect(validate(JSON.parse(JSON.stringify(playbook))), playbook?.name).toBe(true);
  });

  test('accept the samples where we do', () => {
    const folder = join(CORPUS, 'soarca-examples/examples');
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      const { playbook } = readPlaybook(text);
      expect(playbook, file).toBeDefined();
      // An export gives back what came.
      expect(JSON.parse(JSON.stringify(playbook)), file).toEqual(JSON.parse(text));
      const problems = playbook ? checkPlaybook(playbook) : [];
      expect(
        problems.filter(({ severity }) => severity === 'invalid'),
        file,
      ).toEqual([]);
    }
  });

  test('refuse nothing that we would take: each member left out, or of another type', () => {
    let refused = 0;
    for (const spoiled of spoiledVersions(ALL_STEPS)) {
      if (validate(spoiled.value)) continue;
      refused += 1;
      const { playbook, problems } = readPlaybook(JSON.stringify(spoiled.value));
      const all = playbook ? checkPlaybook(playbook) : problems;
      expect(all.filter(({ severity }) => severity === 'invalid').length, spoiled.what).toBeGreaterThan(0);
    }
    expect(refused).toBeGreaterThan(50);
  });
});

interface Validator {
  addSchema(schema: unknown): void;
  getSchema(id: string): ((value: unknown) => unknown) | undefined;
}

function compileSchemas(): (value: unknown) => boolean {
  // The validator that fastify brings along: the product itself has no use for it.
  const { Ajv } = createRequire(import.meta.resolve('fastify'))('ajv') as {
    readonly Ajv: new (options: object) => Validator;
  };
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const folder = join(CORPUS, 'schemas');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.json')) ajv.addSchema(JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const schema = JSON.parse(readFileSync(join(folder, 'playbook.json'), 'utf8')) as { $id: string };
  const compiled = ajv.getSchema(schema.$id);
  return (value) => compiled?.(value) === true;
}

/** The value with one member taken out or put to a number, for each member at each place. */
function* spoiledVersions(value: object): Generator<{ readonly what: string; readonly value: unknown }> {
  for (const path of pathsIn(value)) {
    for (const spoil of ['left out', 'a number'] as const) {
      const copy = structuredClone(value) as Record<string, unknown>;
      const parent = path
        .slice(0, -1)
        .reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, copy);
      const name = path.at(-1) as string;
      if (spoil === 'a number') parent[name] = 7;
      else if (Array.isArray(parent)) parent.splice(Number(name), 1);
      else delete parent[name];
      yield { what: `${path.join('.')} ${spoil}`, value: copy };
    }
  }
}

function* pathsIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield [...path, name];
    yield* pathsIn(member, [...path, name]);
  }
}
