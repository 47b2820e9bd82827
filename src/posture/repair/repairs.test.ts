import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckSet } from '../checks/index.ts';
import { readChecks } from '../content.ts';
import { LOADERS, loadTree } from '../resources/index.ts';
import { proposeRepairs } from './repairs.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const { checks } = readChecks([fileURLToPath(new URL('../../../content/checks/', import.meta.url))]);
const checkSet = createCheckSet(checks);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), '修复 '));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function propose(text: string) {
  writeFileSync(join(folder, 'main.tf'), text);
  const findings = [...checkSet.run((await loadTree([folder], LOADERS)).resources, NOW_MS)];
  const reload = async (instead: ReadonlyMap<string, string>) => (await loadTree([folder], LOADERS, instead)).resources;
  return await proposeRepairs(findings, checkSet, reload, NOW_MS);
}

/** What `patch` makes of the file, and what fails then. */
async function applied(patch: string) {
  const { status, stderr } = spawnSync('patch', ['-p1', '-d', '/'], { input: patch, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const text = readFileSync(join(folder, 'main.tf'), 'utf8');
  const { resources, problems } = await loadTree([folder], LOADERS);
  expect(problems).toEqual([]);
  return {
    text,
    failing: new Set(
      [...checkSet.run(resources, NOW_MS)].filter((one) => one.verdict === 'fail').map((one) => one.check),
    ),
  };
}

describe('a repair', () => {
  it('is a patch that applies, keeps what is around it, and re-scans clean', async () => {
    const { patch, mended, left } = await propose(`# the shop's pictures
resource "alicloud_oss_bucket" "photos" {
  bucket = "shop-photos" # do not rename
  acl    = "public-read" # TODO
}
`);
    expect(mended.map(({ check }) => check)).toContain('oss-bucket-not-public');
    expect(left.map(({ check }) => check)).not.toContain('oss-bucket-not-public');
    const { text, failing } = await applied(patch);
    for (const { check } of mended) expect(failing).not.toContain(check);
    expect(text).toContain('bucket = "shop-photos" # do not rename');
    expect(text).toContain('acl    = "private" # TODO');
  });

  it('puts in what is absent, in a block of its own or the one that is there, and in an empty resource', async () => {
    const { patch, mended } = await propose(`resource "aws_instance" "web" {
  ami = "ami-1"
  metadata_options {
    http_endpoint = "enabled"
  }
}

resource "aws_instance" "other" {}
`);
    const imds = mended.filter(({ check }) => check === 'aws-ec2-imdsv2');
    expect(imds.map(({ resource }) => resource.id)).toEqual(['aws_instance.web', 'aws_instance.other']);
    const { text } = await applied(patch);
    expect(text.match(/metadata_options \{/g)).toHaveLength(2);
    expect(text.match(/http_tokens = "required"/g)).toHaveLength(2);
    expect(text).toContain('http_endpoint = "enabled"');
  });

  it('mends the resources of one block with count once', async () => {
    const { patch, mended } = await propose(`resource "alicloud_oss_bucket" "many" {
  count = 2
  acl   = "public-read"
}
`);
    expect(mended.filter(({ check }) => check === 'oss-bucket-not-public')).toHaveLength(2);
    expect((await applied(patch)).text.match(/acl {3}= "private"/g)).toHaveLength(1);
  });

  it('is not proposed where it would not hold, or where the text is written on one line', async () => {
    const single = await propose('resource "alicloud_oss_bucket" "b" { acl = "public-read" }\n');
    expect(single.left.map(({ check }) => check)).toContain('oss-bucket-not-public');
    expect(single.patch).not.toContain('private');
    // Another resource opens it again: setting the attribute alone changes nothing.
    const opened = await propose(`resource "alicloud_oss_bucket" "b" {
  bucket = "b"
}
resource "alicloud_oss_bucket_acl" "b" {
  bucket = alicloud_oss_bucket.b.bucket
  acl    = "public-read"
}
`);
    expect(opened.mended.map(({ check, resource }) => `${check} ${resource.id}`)).not.toContain(
      'oss-bucket-not-public alicloud_oss_bucket.b',
    );
  });
});
