import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findingSchema } from '#model/finding.ts';

const room = mkdtempSync(join(tmpdir(), 'scan-'));
afterAll(() => rmSync(room, { recursive: true }));

const PUBLIC = 'resource "alicloud_oss_bucket" "open" {\n  bucket = "shop"\n  acl    = "public-read-write"\n}\n';
const PRIVATE = 'resource "alicloud_oss_bucket" "closed" {\n  bucket = "shop"\n  acl    = "private"\n}\n';
const CHECK = ['--check', 'oss-bucket-not-public'];
const MAIN = join(import.meta.dirname, 'main.ts');

function put(path: string, text: string): string {
  mkdirSync(join(room, path, '..'), { recursive: true });
  writeFileSync(join(room, path), text);
  return join(room, path);
}

function scan(...argv: readonly string[]) {
  const flags = [
    '--enable-experimental-regexp-engine-on-excessive-backtracks',
    '--disable-warning=ExperimentalWarning',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, MAIN, 'scan', ...argv], {
    encoding: 'utf8',
    env: { ...process.env, LANG: 'C', LC_ALL: 'C' },
  });
  return { status, stdout, stderr };
}

describe('bartizan scan', () => {
  it.skipIf(!existsSync('/dev/full'))('says that its output cannot be written (needs /dev/full)', () => {
    const file = put('full/main.tf', PUBLIC);
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'scan', file], {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^BTZ_OUTPUT_UNWRITABLE: .*ENOSPC/);
  });

  it('still exits 1 where its reader goes after the first finding, and says nothing of it', () => {
    const buckets = Array.from({ length: 3_000 }, (_, at) => PUBLIC.replace('"open"', `"open${at}"`));
    const file = put('gone/main.tf', buckets.join(''));
    const scanning = `"$0" "$1" scan "$2" --format ndjson | head -1 >/dev/null; exit \${PIPESTATUS[0]}`;
    const told = spawnSync('bash', ['-c', scanning, process.execPath, MAIN, file], { encoding: 'utf8' });
    expect(told).toMatchObject({ status: 1, stderr: '' });
  });

  it('prints one finding a line, with verdict, place and what to do, and exits 1', () => {
    const file = put('one/main.tf', PUBLIC);
    const { status, stdout, stderr } = scan(file, ...CHECK);
    expect(stderr).toBe('');
    expect(status).toBe(1);
    const printed = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(printed)).toEqual([
      'check',
      'title',
      'severity',
      'verdict',
      'resource',
      'controls',
      'reason',
      'fix',
    ]);
    expect(printed).toMatchObject({
      check: 'oss-bucket-not-public',
      severity: 'high',
      verdict: 'fail',
      resource: { type: 'alicloud_oss_bucket', id: 'alicloud_oss_bucket.open', file, line: 1, endLine: 4 },
    });
    expect(findingSchema.shape.resource.safeParse(printed['resource']).success).toBe(true);
    expect(typeof printed['title']).toBe('string');
  });

  it('exits 0 where nothing fails, or nothing as grave as asked', () => {
    expect(scan(put('two/main.tf', PRIVATE), ...CHECK)).toMatchObject({ status: 0, stderr: '' });
    expect(scan(put('one/main.tf', PUBLIC), ...CHECK, '--fail-on', 'critical').status).toBe(0);
  });

  it('speaks the asked language', () => {
    const { stdout } = scan(put('one/main.tf', PUBLIC), ...CHECK, '--lang', 'zh');
    expect(stdout).toMatch(/"title":"[^"]*\p{Script=Han}/u);
  });

  it('judges the rest of what cannot be read whole, says what, and exits 2', () => {
    put('three/main.tf', PUBLIC);
    put('three/broken.tf', 'resource "alicloud_oss_bucket" {{\n');
    const { status, stdout, stderr } = scan(join(room, 'three'), ...CHECK);
    expect(status).toBe(2);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^\S*broken\.tf:1: This file is broken here: .*\n$/);
  });

  it('does not take a resource of one root module for that of another', () => {
    const bucket = 'resource "alicloud_oss_bucket" "logs" {}\n';
    const acl =
      'resource "alicloud_oss_bucket_acl" "a" {\n  bucket = alicloud_oss_bucket.logs.id\n  acl    = "public-read"\n}\n';
    put('roots/open/main.tf', bucket + acl);
    put('roots/closed/main.tf', bucket);
    const lines = scan(join(room, 'roots'), ...CHECK)
      .stdout.trim()
      .split('\n');
    const verdicts = lines.map((line) => JSON.parse(line) as { verdict: string; resource: { file: string } });
    expect(verdicts.map(({ verdict, resource }) => [resource.file.split('/').at(-2), verdict])).toEqual([
      ['closed', 'pass'],
      ['open', 'fail'],
    ]);
  });

  it('prints arrays, SARIF, JUnit and a table', () => {
    const file = put('one/main.tf', PUBLIC);
    expect(JSON.parse(scan(file, ...CHECK, '--format', 'json', '--verdict', 'pass').stdout)).toEqual([]);
    expect(JSON.parse(scan(file, ...CHECK, '--format', 'sarif').stdout)).toMatchObject({ version: '2.1.0' });
    expect(scan(file, ...CHECK, '--format', 'junit').stdout).toContain('<failure');
    expect(scan(file, ...CHECK, '--format', 'table', '--lang', 'en').stdout).toMatch(/1 failed, 0 unknown, 0 passed/);
  });

  it('runs checks of the user’s own, and refuses what is not there', () => {
    put(
      'checks/alicloud/bucket-has-owner.yml',
      `id: bucket-has-owner
title: {en: A bucket has an owner, zh: 存储桶有负责人}
why: {en: Somebody must answer for it., zh: 需有人负责。}
severity: low
provider: alicloud
resource: alicloud_oss_bucket
condition: {tags.owner: {exists: true}}
controls: [exposure.public-storage]
fix: {en: Tag it., zh: 打标签。}
cases:
  - {name: none, terraform: 'resource "alicloud_oss_bucket" "b" {}', expect: {alicloud_oss_bucket.b: fail}}
  - {name: one, terraform: 'resource "alicloud_oss_bucket" "b" { tags = { owner = "x" } }', expect: {alicloud_oss_bucket.b: pass}}
`,
    );
    const file = put('one/main.tf', PUBLIC);
    const own = scan(file, '--checks', join(room, 'checks'), '--check', 'bucket-has-owner');
    expect(own.stderr).toBe('');
    expect(JSON.parse(own.stdout)).toMatchObject({ check: 'bucket-has-owner', verdict: 'fail' });
    expect(scan(file, '--check', 'no-such-check')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('no-such-check'),
    });
    expect(scan(file, '--framework', 'no-such-framework').stderr).toContain('djbp-2.0-level-3');
    expect(scan(join(room, 'absent')).status).toBe(2);
    put('empty/readme.md', 'nothing');
    expect(scan(join(room, 'empty'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no infrastructure code'),
    });
  });

  it('asks only the checks of a framework', () => {
    const file = put('one/main.tf', PUBLIC);
    const whole = scan(file).stdout.trim().split('\n').length;
    const some = scan(file, '--framework', 'gdpr-article-32').stdout.trim().split('\n').length;
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(whole);
  });
});
