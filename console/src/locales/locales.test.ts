import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { en } from './en/index.ts';
import { zhCN } from './zh-CN/index.ts';

const CONSOLE = join(import.meta.dirname, '..');

/** `overview.title` → text. */
function flat(tree: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([name, value]) =>
      typeof value === 'string' ? [[path + name, value] as const] : [...flat(value as object, `${path}${name}.`)],
    ),
  );
}

/** English has a singular, Chinese has none; the server's own errors come in English already. */
const isShared = (key: string) => !key.endsWith('_one') && !key.startsWith('failures.BTZ_');
const english = flat(en);
const chinese = flat(zhCN);
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

test('both languages say the same things', () => {
  expect([...english.keys()].filter(isShared).sort()).toEqual([...chinese.keys()].filter(isShared).sort());
});

test('nothing is left empty, or left in English on the Chinese side', () => {
  const sameInBoth = new Set(['words.logSource.json']);
  for (const [key, text] of chinese) {
    expect(text.trim(), key).not.toBe('');
    if (!sameInBoth.has(key) && /[a-z]{3}/i.test(english.get(key) ?? '') && !/^\{\{\w+\}\}$/.test(text))
      expect(text, key).toMatch(/\p{Script=Han}/u);
  }
  for (const [key, text] of english) expect(text, key).not.toMatch(/\p{Script=Han}/u);
});

test('a translation fills in the same values as the other', () => {
  for (const [key, text] of chinese) {
    const other = english.get(key);
    if (other !== undefined) expect(placeholders(text), key).toEqual(placeholders(other));
  }
});

test('every error code of the server has Chinese words', () => {
  const table = readFileSync(join(CONSOLE, '../../src/kit/error-table.ts'), 'utf8');
  const codes = [...table.matchAll(/^ {2}(BTZ_\w+):/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  const missing = codes.filter((code) => !chinese.has(`failures.${code}.message`));
  expect(missing).toEqual([]);
});

test('every evidence kind of the model has words', () => {
  const model = readFileSync(join(CONSOLE, '../../src/model/evidence.ts'), 'utf8');
  // A leaf of its own in words only: `action.started` of an undo.
  const kinds = [
    'undo_started',
    ...[...model.matchAll(/^ {2}'(\w+(?:\.\w+)?)',$/gm)].map(([, kind]) => kind?.replace('.', '_')),
  ];
  expect(kinds.length).toBeGreaterThan(10);
  for (const kind of kinds) expect(english.has(`words.evidenceKind.${kind}`), kind).toBe(true);
});

describe('pages and parts', () => {
  const files = ['app', 'pages', 'parts'].flatMap((folder) =>
    readdirSync(join(CONSOLE, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.tsx'))
      .map((name) => join(folder, name)),
  );

  test.each(files)('%s has no words of its own, and no markup out of text', (file) => {
    const code = readFileSync(join(CONSOLE, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(code).not.toMatch(/\p{Script=Han}/u);
    // Two words between tags are a sentence that somebody forgot to translate.
    expect(code.match(/>\s*[A-Za-z]+ [a-z]+[^<>{}=;()]*<\//g) ?? []).toEqual([]);
    expect(code.match(/(?:placeholder|title|aria-label|alt)="[A-Za-z]+ [a-z]/g) ?? []).toEqual([]);
    expect(code).not.toMatch(/dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/);
  });
});
