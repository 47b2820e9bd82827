import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readRuleCases, runRuleCases } from '../src/cli/rule-cases.ts';
import { readContent } from '../src/cli/rules.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const { ruleSet } = readContent([join(here, 'rules', 'web'), join(here, 'correlations')]);
const cases = readRuleCases(readFileSync(join(here, 'ordinary-web.yml'), 'utf8'));

describe('nothing alerts on', () => {
  for (const result of runRuleCases(ruleSet, 'ordinary-web.yml', cases)) {
    test(result.name, () => expect(result.failures).toEqual([]));
  }
});

test('the same requests do alert with a payload in them, so that the silence means something', () => {
  const spoiled = cases.map((one) => ({
    ...one,
    log: one.log?.replaceAll(/ HTTP\/2\.0"/g, '/../../etc/passwd HTTP/2.0"'),
  }));
  for (const result of runRuleCases(ruleSet, 'ordinary-web.yml', spoiled)) {
    expect(result.failures.join(), result.name).toContain('web-path-traversal');
  }
});
