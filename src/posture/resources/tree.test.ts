import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOADERS, loadTree } from './index.ts';

let room: string;
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'tree-'));
});
afterEach(() => rmSync(room, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(join(room, path, '..'), { recursive: true });
  writeFileSync(join(room, path), text);
}

describe('a tree of code', () => {
  it('is read file by file, each by its own loader, without the copies that tools keep', async () => {
    put('a/main.tf', 'resource "aws_a" "b" {}');
    put('a/.terraform/modules/x/main.tf', 'resource "aws_a" "copy" {}');
    put('node_modules/p/main.tf', 'resource "aws_a" "package" {}');
    put('readme.md', 'resource "aws_a" "text" {}');
    put(
      'ros.json',
      '{"ROSTemplateFormatVersion": "2015-09-01", "Resources": {"B": {"Type": "ALIYUN::OSS::Bucket", "Properties": {}}}}',
    );
    const { resources, problems, files } = await loadTree([room], LOADERS);
    expect(problems).toEqual([]);
    expect(files).toBe(2);
    expect(resources.map(({ id, file }) => [id, file])).toEqual([
      ['aws_a.b', join(room, 'a/main.tf')],
      ['alicloud_oss_bucket.B', join(room, 'ros.json')],
    ]);
  });

  it('answers files that code names, inside of it only', async () => {
    put('in/policy.json', '{"a": 1}');
    put('out/secret.txt', 'hunter2');
    symlinkSync(join(room, 'out/secret.txt'), join(room, 'in/link.txt'));
    put(
      'in/main.tf',
      'resource "aws_a" "b" {\n  ok = file("${path.module}/policy.json")\n  up = file("../out/secret.txt")\n  link = file("link.txt")\n  shape = templatefile("t.tftpl", { n = 2 })\n}',
    );
    put('in/t.tftpl', '%{ for x in range(n) }${x};%{ endfor }');
    const { resources } = await loadTree([join(room, 'in')], LOADERS);
    expect(resources[0]?.attributes).toMatchObject({ ok: '{"a": 1}', shape: '0;1;' });
    expect(JSON.stringify(resources)).not.toContain('hunter2');
  });

  it('does not follow links out of it or round in it, and says so', async () => {
    put('in/main.tf', 'resource "aws_a" "b" {}');
    put('out/main.tf', 'resource "aws_a" "outside" {}');
    symlinkSync(join(room, 'out'), join(room, 'in/out'));
    symlinkSync(join(room, 'in'), join(room, 'in/again'));
    symlinkSync('b', join(room, 'in/a'));
    symlinkSync('a', join(room, 'in/b'));
    symlinkSync('main.tf', join(room, 'in/same.tf'));
    const { resources, problems } = await loadTree([join(room, 'in')], LOADERS);
    expect(resources.map(({ id }) => id)).toEqual(['aws_a.b', 'aws_a.b']);
    expect(problems.map(({ file, problem }) => [file.slice(room.length + 4), problem])).toEqual([
      ['a', 'This link leads in a circle.'],
      ['b', 'This link leads in a circle.'],
      ['out', 'This link leads out of the tree and is not followed.'],
    ]);
  });

  it('leaves a file of 100 MB out with a word, and reads the rest', async () => {
    put('big.tf', `# begins like code${' '.repeat(70_000)}`);
    truncateSync(join(room, 'big.tf'), 100 * 1024 * 1024);
    put('ok.tf', 'resource "aws_a" "b" {}');
    const { resources, problems } = await loadTree([room], LOADERS);
    expect(resources.map(({ id }) => id)).toEqual(['aws_a.b']);
    expect(problems).toEqual([{ file: join(room, 'big.tf'), problem: expect.stringContaining('larger than') }]);
  });

  it('says that a named file is of no known kind, and throws for a path that is not there', async () => {
    put('notes.txt', 'nothing');
    expect((await loadTree([join(room, 'notes.txt')], LOADERS)).problems).toHaveLength(1);
    await expect(loadTree([join(room, 'absent')], LOADERS)).rejects.toThrow('ENOENT');
  });
});

it('reads a plan that is larger than any code may be', async () => {
  const filler = 'x'.repeat(9 * 1024 * 1024);
  put(
    'plan.json',
    JSON.stringify({
      format_version: '1.2',
      terraform_version: '1.9.5',
      planned_values: {
        root_module: {
          resources: [{ address: 'aws_a.b', mode: 'managed', type: 'aws_a', name: 'b', values: { filler } }],
        },
      },
    }),
  );
  const { resources, problems } = await loadTree([room], LOADERS);
  expect(problems).toEqual([]);
  expect(resources.map(({ id }) => id)).toEqual(['aws_a.b']);
});
