import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readRuleCases, runRuleCases } from '../src/cli/rule-cases.ts';
import { readContent, ruleFileOf, rulesWithoutCase } from '../src/cli/rules.ts';
import { ruleKey } from '../src/detect/index.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const content = readContent([join(here, 'rules'), join(here, 'correlations')]);
const { ruleSet, caseFiles } = content;
const all = [...ruleSet.rules, ...ruleSet.correlations];

describe('the rules that ship', () => {
  test('are read without a problem by the parser that runs them', () => {
    expect(ruleSet.problems).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(80);
  });

  test('have cases beside them, every one', () => {
    expect(rulesWithoutCase(content)).toEqual([]);
    for (const path of caseFiles.keys()) expect(existsSync(ruleFileOf(path)), `${path} tests nothing`).toBe(true);
  });

  test('have ids and names of their own, and the name is the file’s', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(ruleKey)).size).toBe(all.length);
    for (const rule of all) expect(rule.name).toBe(basename(rule.file, '.yml'));
  });

  test.each(all.map((rule) => [ruleKey(rule), rule] as const))('%s says all that its reader needs', (_name, rule) => {
    const details = ruleSet.details.get(rule);
    expect(details?.info.attack.length, 'an ATT&CK technique').toBeGreaterThan(0);
    expect(rule.description?.length, 'a description').toBeGreaterThan(20);
    expect(rule.falsepositives.length, 'false positives').toBeGreaterThan(0);
    expect(details?.info.title.zh).toMatch(/\p{Script=Han}/u);
    expect(details?.info.title.en).not.toMatch(/\p{Script=Han}/u);
    if (details?.alerts !== true) return;
    const notes = (rule.custom.bartizan ?? {}) as Record<string, unknown>;
    for (const part of ['reason', 'advice', 'group_by']) expect(notes[part], part).toBeDefined();
    for (const text of [details.info.reason, details.info.advice]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(text.en).not.toMatch(/\p{Script=Han}/u);
    }
  });

  test('refer to each other by names that exist', () => {
    const names = new Set(all.map(ruleKey));
    for (const { info } of ruleSet.details.values()) {
      for (const name of info.unless ?? []) expect(names, `${info.id} unless ${name}`).toContain(name);
    }
  });

  test('never propose to block anything but the source address', () => {
    for (const { info } of ruleSet.details.values()) expect(['src_ip', undefined]).toContain(info.respond?.entity);
  });
});

describe.each([...caseFiles])('%s', (path, text) => {
  const cases = readRuleCases(text);
  const file = ruleFileOf(path);
  const own = new Set(all.filter((rule) => rule.file === file).map(ruleKey));

  test('has a case that matches and one that does not', () => {
    expect(cases.some((each) => each.expect.some(({ rule }) => own.has(rule)))).toBe(true);
    expect(cases.some((each) => !each.expect.some(({ rule }) => own.has(rule)))).toBe(true);
  });

  for (const result of runRuleCases(ruleSet, file, cases)) {
    test(result.name, () => expect(result.failures).toEqual([]));
  }
});

test('an ordinary day raises nothing', () => {
  const cases = readRuleCases(readFileSync(join(here, 'ordinary-day.yml'), 'utf8'));
  for (const result of runRuleCases(ruleSet, 'ordinary-day.yml', cases)) {
    expect(result.failures, result.name).toEqual([]);
  }
});
