import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTENT_FOLDER } from '#server/content.ts';
import { createCheckSet } from './checks/index.ts';
import { readChecks } from './content.ts';
import { REASON_FORMS } from './reason-forms.ts';
import { bilingualReason, reasonIn } from './reasons.ts';
import { LOADERS, loadTree } from './resources/index.ts';

const zh = (reason: string) => reasonIn(reason, 'zh');

describe('a reason in Chinese', () => {
  it.each([
    ['acl is public-read-write', 'acl 的值是 public-read-write'],
    ['server_side_encryption_rule.sse_algorithm is absent', '没有设置 server_side_encryption_rule.sse_algorithm'],
    ['access_key holds a credential (hidden)', 'access_key 中有凭证（内容已隐藏）'],
    ['metadata_options.http_tokens is set (hidden)', 'metadata_options.http_tokens 已设置（内容已隐藏）'],
    ['security_ips has one that must not be: 0.0.0.0/0', 'security_ips 中有不该有的一项：0.0.0.0/0'],
    ['a.b is 1 and c is {"x":"y and z is w"}', 'a.b 的值是 1，c 的值是 {"x":"y and z is w"}'],
    ['description is made by hand', 'description is made by hand'],
    ['tags.Owner is made by hand', 'tags.Owner 的值是 made by hand'],
    ['there is no aws_eip or aws_nat_gateway for which it holds', '没有符合要求的 aws_eip 或 aws_nat_gateway'],
    ['variable "cidr" has no value', '变量 "cidr" 没有值'],
    ['needs oss:GetBucketAcl', '缺少权限 oss:GetBucketAcl'],
    [
      'ecs:DescribeInstances was refused after 50 entries (Throttling)',
      'ecs:DescribeInstances 读到 50 条后被拒绝（Throttling）',
    ],
    ['policy: data.x.y is not declared', 'policy：data.x.y 没有声明'],
    ['security_group_id names sg-1, which is not in this scan', 'security_group_id 指向 sg-1，它不在这次扫描中'],
    ['tcp 22/22 is open to the internet', 'tcp 22/22 对互联网开放'],
    [
      'ops can assume deploy, which can start a program as admin, which is administrator',
      'ops 可以扮演 deploy；deploy 可以用 admin 的身份运行程序；admin 是管理员',
    ],
  ])('%s', (english, chinese) => {
    expect(zh(english)).toBe(chinese);
  });

  it.each(['nobody is allowed to say this', 'Ça ne va pas', '', 'is', 'constructor is valueOf the thing'])(
    'stays as it is where its form is not known: %s',
    (reason) => {
      expect(zh(reason)).toBe(reason);
    },
  );

  it('keeps English as it was made, and both side by side', () => {
    expect(reasonIn('acl is private', 'en')).toBe('acl is private');
    expect(bilingualReason('its ports cannot be told')).toEqual({
      en: 'its ports cannot be told',
      zh: '无法判断它的端口',
    });
  });

  it('is fast whatever a file put into the reason', () => {
    const start = performance.now();
    for (const bit of [' is ', ' has ', ' and a is ', ', which ', ' can assume ', ': ', ' names ', '"', ' or '])
      zh(bit.repeat(Math.floor(1_000 / bit.length)));
    expect(performance.now() - start).toBeLessThan(500);
    fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (text) => typeof zh(text) === 'string'));
  });

  it('holds every name and value of the English one', () => {
    const word = fc.stringMatching(/^[a-z]{3,8}_[a-z0-9]{1,6}$/);
    fc.assert(
      fc.property(fc.constantFrom(...REASON_FORMS), fc.array(word, { minLength: 3, maxLength: 3 }), ([form], words) => {
        let at = 0;
        const used: string[] = [];
        const reason = form.replace(/\{\w+\}/g, () => {
          const next = words[at++] ?? 'x_y';
          used.push(next);
          return next;
        });
        const said = zh(reason);
        expect(said).toMatch(/\p{Script=Han}/u);
        for (const one of used) expect(said).toContain(one);
      }),
    );
  });

  it('has no form twice, and no slot that the English form has not got', () => {
    expect(new Set(REASON_FORMS.map(([english]) => english)).size).toBe(REASON_FORMS.length);
    for (const [english, chinese] of REASON_FORMS) {
      const slots = english.match(/\{\w+\}/g)?.length ?? 0;
      for (const [, ...places] of chinese.matchAll(/\{(\d)(?:\+(\d))?\}/g))
        for (const place of places) expect(Number(place ?? 1), english).toBeLessThanOrEqual(slots);
      expect(chinese).toMatch(/\p{Script=Han}/u);
    }
  });
});

const CORPORA = join(import.meta.dirname, '../../../shared/corpora');
const FOLDERS = ['terragoat', 'infraguard-alicloud', 'checkov-alicloud'].map((name) => join(CORPORA, name));
const missing = FOLDERS.filter((folder) => !existsSync(folder) || globSync('**/*', { cwd: folder }).length === 0);

describe.skipIf(missing.length > 0)('reasons of real code (needs the corpora beside the checkout)', () => {
  it('are nearly all worded', async () => {
    const { checks } = readChecks([join(CONTENT_FOLDER, 'checks')]);
    const { resources } = await loadTree(FOLDERS, LOADERS);
    const reasons = [...createCheckSet(checks).run(resources, Date.UTC(2026, 0))].flatMap(({ reason }) => reason ?? []);
    const left = [...new Set(reasons)].filter((reason) => !/\p{Script=Han}/u.test(zh(reason)));
    expect(reasons.length).toBeGreaterThan(500);
    expect(left.length, left.join('\n')).toBeLessThan(new Set(reasons).size * 0.05);
  }, 30_000);
});
