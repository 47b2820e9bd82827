import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCheckSet } from '../checks/index.ts';
import { readChecks } from '../content.ts';
import { LOADERS, loadTree } from '../resources/index.ts';
import { proposeRepairs } from './repairs.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const { checks } = readChecks([fileURLToPath(new URL('../../../content/checks/', import.meta.url))]);
const repairable = checks.filter(({ repair }) => repair !== undefined);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'btz-repairs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the repairs that ship', () => {
  it('are many', () => expect(repairable.length).toBeGreaterThan(100));

  it.each(repairable.map((check) => [check.id, check] as const))('%s mends a case of its check', async (_id, check) => {
    const set = createCheckSet([check]);
    const load = async (instead?: ReadonlyMap<string, string>) =>
      (await loadTree([folder], LOADERS, instead)).resources;
    let mended = 0;
    for (const { terraform, expect: expected } of check.cases) {
      if (terraform === undefined || !Object.values(expected).includes('fail')) continue;
      writeFileSync(join(folder, 'main.tf'), terraform);
      const findings = [...set.run(await load(), NOW_MS)];
      mended += (await proposeRepairs(findings, set, load, NOW_MS, true)).mended.length;
    }
    expect(mended).toBeGreaterThan(0);
  });
});
