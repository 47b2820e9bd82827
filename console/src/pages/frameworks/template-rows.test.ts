import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FrameworkEntry } from '../../api/shapes.ts';
import { en } from '../../locales/en/index.ts';
import { zhCN } from '../../locales/zh-CN/index.ts';
import { industryRows, SIZES } from './template-rows.ts';

const entry = (id: string, suits?: FrameworkEntry['suits']): FrameworkEntry => ({
  id,
  kind: suits ? 'template' : 'framework',
  title: { zh: id, en: id },
  clauses: 1,
  standing: {} as FrameworkEntry['standing'],
  ...(suits && { suits }),
});

test('templates stand by industry, small first; standards are not among them', () => {
  const rows = industryRows([
    entry('pipl'),
    entry('shop-large', { industry: 'shop', size: 'large' }),
    entry('shop-own', { industry: 'shop', size: 'tiny' }),
    entry('game-small', { industry: 'game', size: 'small' }),
    entry('shop-small', { industry: 'shop', size: 'small' }),
  ]);
  expect(rows.map(({ industry, templates }) => [industry, templates.map(({ id }) => id)])).toEqual([
    ['shop', ['shop-small', 'shop-large', 'shop-own']],
    ['game', ['game-small']],
  ]);
});

test('every industry and size of the templates that ship has words', () => {
  const folder = join(import.meta.dirname, '../../../../content/frameworks/templates');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const all = (name: string) =>
    texts.map((text) => new RegExp(`name: ${name}, .*value: ([\\w-]+)\\}`).exec(text)?.[1] ?? '');
  expect(texts.length).toBeGreaterThanOrEqual(50);
  for (const { frameworks } of [en, zhCN])
    for (const industry of all('industry')) expect(Object.keys(frameworks.industries)).toContain(industry);
  for (const size of all('size')) expect(SIZES).toContain(size);
});
