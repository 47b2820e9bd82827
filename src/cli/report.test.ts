import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cell } from './reports/csv.ts';
import type { FrameworkReport } from './reports/framework-report.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), '报告 '));
  writeFileSync(
    join(folder, 'main.tf'),
    `resource "alicloud_oss_bucket" "photos" {\n  bucket = "<b>x</b>"\n  acl = "public-read"\n}\n`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function report(...options: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, [main, 'report', ...options], { encoding: 'utf8' });
  return { status, stderr };
}

describe('bartizan report', () => {
  it('answers each clause from code, with the findings, and counts nothing as met that nobody asked', () => {
    const out = join(folder, '等保.json');
    expect(report('djbp-2.0-level-2', folder, '--out', out)).toEqual({ status: 0, stderr: '' });
    const made = JSON.parse(readFileSync(out, 'utf8')) as FrameworkReport;
    const byId = new Map(made.clauses.map((clause) => [clause.id, clause]));
    expect(byId.get('7.1.4.10 b')).toMatchObject({ status: 'not_satisfied' });
    expect(byId.get('7.1.4.10 b')?.findings.some(({ check }) => check === 'oss-bucket-not-public')).toBe(true);
    expect(byId.get('7.1.4.10 b')?.evidence[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(byId.get('7.1.1.5 a')).toMatchObject({ status: 'manual' });
    expect(byId.get('7.1.4.5')).toMatchObject({ status: 'no_data' });
  });

  it('writes a page that says things in the language asked for, and in which names are only text', () => {
    const out = join(folder, 'a.html');
    expect(report('djbp-2.0-level-2', folder, '--out', out, '--lang', 'zh').status).toBe(0);
    const page = readFileSync(out, 'utf8');
    expect(page).toContain('不符合');
    expect(page).toContain('alicloud_oss_bucket.photos');
    expect(page).not.toContain('<b>x</b>');
    expect(page).not.toMatch(/<script|src=|@import/);
  });

  it('writes a table that a spreadsheet reads and cannot run', () => {
    const out = join(folder, 'a.csv');
    expect(report('shop-small', folder, '--out', out).status).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/^\uFEFFframework,clause,title/);
    expect(cell('=cmd|x')).toBe("'=cmd|x");
    expect(cell('a "b", c')).toBe('"a ""b"", c"');
  });

  it('says in one line what is wrong with the question', () => {
    expect(report('nobody', folder, '--out', join(folder, 'a.csv'))).toMatchObject({ status: 2 });
    expect(report('pipl', folder, '--out', join(folder, 'a.doc')).stderr).toContain('.html');
    const missing = report('pipl', folder, '--out', join(folder, 'no', 'a.csv'));
    expect(missing.status).toBe(2);
    expect(missing.stderr.trim().split('\n')).toHaveLength(1);
    expect(missing.stderr).toContain('BTZ_OUTPUT_UNWRITABLE');
    const alone = report('pipl', '--data', join(folder, 'nothing'), '--out', join(folder, 'a.csv'));
    expect(alone.stderr).toContain('BTZ_NOT_RUNNING');
  });

  it('makes no report of what is not there, nor of a folder without code, and moves no cursor', () => {
    const out = join(folder, 'none.html');
    expect(report('pipl', join(folder, 'gone'), '--out', out).stderr).toMatch(/^BTZ_INPUT_UNREADABLE: .*ENOENT/);
    mkdirSync(join(folder, 'empty'));
    expect(report('pipl', join(folder, 'empty'), '--out', out).stderr).toMatch(/^BTZ_INPUT_UNREADABLE: /);
    expect(existsSync(out)).toBe(false);

    writeFileSync(join(folder, '\u001b[2Ja.tf'), 'resource "alicloud_oss_bucket" {');
    writeFileSync(join(folder, 'b.tf'), 'resource "alicloud_oss_bucket" "\u001b[31mred" {\n  acl = "public-read"\n}\n');
    const told = report('djbp-2.0-level-2', folder, '--out', out);
    expect(told.status).toBe(2);
    expect(told.stderr).toContain('broken');
    expect(`${told.stderr}${readFileSync(out, 'utf8')}`).not.toContain('\u001b');
  });
});
