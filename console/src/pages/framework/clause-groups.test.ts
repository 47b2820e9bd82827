import { expect, test } from 'vitest';
import type { Clause } from '../../api/shapes.ts';
import { en } from '../../locales/en/index.ts';
import { zhCN } from '../../locales/zh-CN/index.ts';
import { clauseGroups } from './clause-groups.ts';
import { webLink } from './web-link.ts';

const clause = (framework: string, id: string, ...groups: string[]): Clause => ({
  framework,
  id,
  key: id,
  title: { zh: id, en: id },
  groups: groups.map((name) => ({ zh: name, en: name })),
  controls: [],
  status: 'manual',
  failed: 0,
  unknown: 0,
  passed: 0,
  evidence: [],
});

test('clauses stand under their groups, in the order of the framework', () => {
  const groups = clauseGroups([
    clause('f', '1', 'A'),
    clause('f', '2', 'A'),
    clause('f', '3', 'A', 'inner'),
    clause('g', '1', 'A'),
    clause('f', '4', 'A'),
  ]);
  expect(groups.map(({ framework, clauses }) => [framework, clauses.map(({ id }) => id)])).toEqual([
    ['f', ['1', '2']],
    ['f', ['3']],
    ['g', ['1']],
    ['f', ['4']],
  ]);
});

test('the words for what people or others show never say that it is met', () => {
  const { status } = zhCN.frameworks;
  for (const word of [status.manual, status.elsewhere, status.no_data, status.unknown])
    expect(word).not.toContain('符合');
  const { manual, elsewhere, no_data: none, unknown } = en.frameworks.status;
  for (const word of [manual, elsewhere, none, unknown]) expect(word).not.toMatch(/\bmet\b|pass|compl/i);
});

test('only web addresses become links', () => {
  expect(webLink('https://example.org/a')).toBe('https://example.org/a');
  for (const bad of ['javascript:alert(1)', ' https://x', 'data:text/html,x', '//x', undefined])
    expect(webLink(bad)).toBeUndefined();
});
