import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

const REPOSITORY = join(import.meta.dirname, '..');

/** For each wall, a file that goes through it: [file, what it imports]. */
const BREACHES: Readonly<Record<string, readonly [file: string, imported: string]>> = {
  'model-knows-nothing': ['src/model/event.ts', '../kit/errors.ts'],
  'kit-knows-only-the-model': ['src/kit/clock.ts', '../store/port.ts'],
  'store-stands-below-the-stages': ['src/store/port.ts', '../detect/index.ts'],
  'ports-do-not-name-an-engine': ['src/store/other-port.ts', './sqlite/index.ts'],
  'only-roots-choose-an-engine': ['src/audit/log.ts', '../store/sqlite/index.ts'],
  'stages-do-not-meet': ['src/trace/chain.ts', '../detect/index.ts'],
  'stages-stand-below-the-pipeline': ['src/respond/act.ts', '../pipeline/index.ts'],
  'pipeline-stands-below-the-roots': ['src/pipeline/wire.ts', '../server/index.ts'],
  'api-is-given-its-services': ['src/api/route.ts', '../detect/index.ts'],
  'pure-stages-touch-nothing': ['src/normalise/sshd.ts', 'node:fs'],
  'engines-know-nothing-of-the-product': ['engines/tlog/src/product.ts', '../../../src/kit/errors.ts'],
  'engines-are-pure': ['engines/sigma/src/read.ts', 'node:fs/promises'],
  'engines-are-entered-by-the-door': ['src/detect/rules.ts', '../../engines/sigma/src/inner.ts'],
  'console-knows-the-model-and-the-api': ['console/src/page.ts', '../../src/kit/errors.ts'],
  'nothing-needs-the-tests': ['src/cli/try.ts', '../../test/world.ts'],
  'no-circles': ['src/access/one.ts', './two.ts'],
  'no-development-tools-in-the-program': ['src/cli/dev.ts', 'vitest'],
  'nothing-unresolvable': ['src/cli/gone.ts', './no-such-file.ts'],
};

const GOOD: readonly (readonly [file: string, imported?: string])[] = [
  ['src/kit/errors.ts'],
  ['src/detect/index.ts', '../model/alert.ts'],
  ['src/model/alert.ts'],
  ['src/pipeline/index.ts', '../detect/index.ts'],
  ['src/server/index.ts', '../store/sqlite/index.ts'],
  ['src/store/sqlite/index.ts', '../../kit/errors.ts'],
  ['src/audit/log.test.ts', '../store/sqlite/index.ts'],
  ['engines/sigma/src/inner.ts'],
  ['engines/tlog/src/files.ts', 'node:fs'],
  ['test/world.ts', '../src/server/index.ts'],
  ['src/access/two.ts', './one.ts'],
];

interface Summary {
  readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
}

let house: string;

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'btz-walls-'));
  for (const [file, imported] of [...GOOD, ...Object.values(BREACHES)]) write(file, imported);
  writeFileSync(join(house, 'package.json'), '{ "type": "module", "devDependencies": { "vitest": "*" } }');
  writeFileSync(join(house, 'tsconfig.json'), '{ "compilerOptions": { "module": "nodenext" } }');
  symlinkSync(join(REPOSITORY, 'node_modules'), join(house, 'node_modules'));
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

it('every wall holds against a file that goes through it, and no other file is taken for one', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...['--import', join(REPOSITORY, 'test/typescript-5.mjs')],
      join(REPOSITORY, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      ...['--config', join(REPOSITORY, '.dependency-cruiser.mjs'), '--output-type', 'json'],
      ...['src', 'engines', 'console/src', 'test'],
    ],
    { cwd: house, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const { violations, ruleSetUsed }: Summary = JSON.parse(stdout).summary;
  expect(ruleSetUsed.forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(BREACHES).sort());
  const found = new Map(Object.keys(BREACHES).map((name): [string, string[]] => [name, []]));
  for (const { from, rule } of violations) found.get(rule.name)?.push(from);
  for (const [name, [file]] of Object.entries(BREACHES)) expect(found.get(name), name).toContain(file);
  const breaches = new Set([...Object.values(BREACHES).map(([file]) => file), 'src/access/two.ts']);
  expect(violations.filter(({ from }) => !breaches.has(from))).toEqual([]);
});

function write(file: string, imported: string | undefined): void {
  const place = join(house, file);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, `${imported ? `import '${imported}';\n` : ''}export const here = 1;\n`);
}
