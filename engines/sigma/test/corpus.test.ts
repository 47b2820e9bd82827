import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compile, parseRules, type SigmaRule } from '../src/index.ts';
import { readPlainYaml } from '../src/parse/plain-yaml.ts';
import { FLAT } from './one-rule.ts';
import { referenceMatch } from './reference.ts';
import { wholeYaml } from './whole-yaml.ts';
import { jsonDocuments, windowsFields } from './windows-event.ts';

const corpus = join(import.meta.dirname, '../../../../shared/corpora/sigma');

describe.skipIf(!existsSync(corpus))('the SigmaHQ corpus (skipped where ../shared/corpora is absent)', () => {
  const files = existsSync(corpus) ? globSync('rules*/**/*.yml', { cwd: corpus }) : [];
  const parsed = files.map((file) => parseRules(readFileSync(join(corpus, file), 'utf8'), file));
  const rules = parsed.flatMap((file) => file.rules);
  const events = (file: string): Record<string, unknown>[] =>
    jsonDocuments(readFileSync(join(corpus, file), 'utf8')).map(windowsFields);

  it('loads, but for rules whose placeholders nobody filled in', () => {
    const problems = parsed.flatMap((file) => file.problems);
    console.log(`loaded ${rules.length} of ${files.length} rules`);
    expect(problems.filter(({ problem }) => !problem.includes('placeholder %'))).toEqual([]);
    expect(rules.length + problems.length).toBe(files.length);
    expect(problems.every(({ line, ruleId }) => line > 1 && ruleId !== undefined)).toBe(true);
  });

  it('is nearly all plain YAML, and read as the whole parser reads it', () => {
    const texts = files.map((file) => readFileSync(join(corpus, file), 'utf8'));
    const plain = texts.map((text) => readPlainYaml(text));
    expect(plain.filter((read) => read !== undefined).length).toBeGreaterThan(texts.length * 0.95);
    for (let at = 0; at < texts.length; at += 10)
      if (plain[at] !== undefined) expect(plain[at]).toEqual(wholeYaml(texts[at] as string));
  });

  it('finds what its regression cases say', () => {
    const matcher = compile(rules, FLAT);
    const cases = globSync('regression_data/**/*.json', { cwd: corpus });
    const failed: string[] = [];
    const doubtful: string[] = [];
    for (const file of cases) {
      const info = parse(readFileSync(join(corpus, dirname(file), 'info.yml'), 'utf8')) as {
        rule_metadata: { id: string }[];
        regression_tests_info: { match_count?: number }[];
      };
      const id = info.rule_metadata[0]?.id;
      const found = events(file).filter((event) => matcher.match('flat', event).some((rule) => rule.id === id)).length;
      const expected = info.regression_tests_info[0]?.match_count;
      if (found === 0) failed.push(file);
      else if (expected !== undefined && expected !== found) doubtful.push(`${file}: ${found}, said to be ${expected}`);
    }
    console.log(`${cases.length - failed.length} of ${cases.length} cases; counts that differ:`, doubtful);
    expect(failed).toEqual([]);
    expect(doubtful.length).toBeLessThanOrEqual(10);
  });

  it('matches what the slow reference matches on every event', () => {
    const matcher = compile(rules, FLAT);
    const sample = globSync('regression_data/**/*.json', { cwd: corpus })
      .flatMap(events)
      .filter((_, at) => at % 40 === 0);
    for (const event of sample) {
      const expected = rules.filter((rule: SigmaRule) => referenceMatch(rule, event)).map(({ id }) => id);
      expect(matcher.match('flat', event).map(({ id }) => id)).toEqual(expected);
    }
    expect(sample.length).toBeGreaterThan(3);
  });
});
