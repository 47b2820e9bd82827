import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Setting } from '#model/action.ts';
import { parseTarget } from '../../target.ts';
import { accessKey } from './alicloud/access-key.ts';
import { bucketAcl } from './alicloud/bucket-acl.ts';
import { databaseWhitelist } from './alicloud/database-whitelist.ts';
import { logRetention } from './alicloud/log-retention.ts';
import { passwordPolicy } from './alicloud/password-policy.ts';
import { whyNotRepair } from './guard.ts';
import { kindFor, REPAIR_KINDS, writePermissions } from './index.ts';
import { changesOf, isBetween, isSame, shownCall } from './setting.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const weakness = (check: string, id = 'x') => ({
  check,
  resource: { provider: 'alicloud', account: '1', region: 'cn-hangzhou', type: 't', id, name: id },
});

describe('every kind of repair', () => {
  test('stands in the list, under the name of its file', () => {
    for (const provider of ['alicloud', 'aws']) {
      const files = globSync(`${provider}/*.ts`, { cwd: import.meta.dirname }).map((file) => basename(file, '.ts'));
      // Those without a kind of their own are words that several share.
      const kinds = files.filter((name) => !['index', 'bucket', 'call'].includes(name));
      const listed = REPAIR_KINDS.filter((kind) => kind.provider === provider).map(({ id }) => id.replace(/^aws-/, ''));
      expect(listed.toSorted()).toEqual(kinds.toSorted());
    }
    expect(new Set(REPAIR_KINDS.map(({ id }) => id)).size).toBe(REPAIR_KINDS.length);
  });

  test('mends checks that exist, each by one kind, and reads what they need', () => {
    const all = REPAIR_KINDS.flatMap(({ checks }) => checks);
    expect(new Set(all).size).toBe(all.length);
    for (const { provider, checks, permissions } of REPAIR_KINDS) {
      for (const check of checks) {
        const file = join(ROOT, 'content/checks', provider, `${check}.yml`);
        expect(existsSync(file), check).toBe(true);
        const { needs } = parse(readFileSync(file, 'utf8')) as { readonly needs: readonly string[] };
        expect(
          needs.some((need) => permissions.read.includes(need)),
          `${check} needs ${needs.join()}`,
        ).toBe(true);
      }
    }
  });

  test('has a role that writes and never reads', () => {
    for (const permission of ['alicloud', 'aws'].flatMap(writePermissions))
      expect(permission).toMatch(/:(Put|Delete|Start|Stop|Update|Set|Revoke|Authorize|Modify)/);
    expect(writePermissions('google')).toEqual([]);
  });

  test('is not there for what nobody made one for', () => {
    expect(() => kindFor('ecs-instance-has-name')).toThrow('no repair yet');
  });
});

describe('what is planned', () => {
  test('nothing, where the setting is right', () => {
    const seen = (setting: Setting) => ({ setting, facts: {} });
    expect(bucketAcl.plan(weakness('oss-bucket-not-public'), seen({ acl: 'private' }))).toBeUndefined();
    expect(logRetention.plan(weakness('sls-logstore-kept'), seen({ ttl: 365 }))).toBeUndefined();
    expect(accessKey.plan(weakness('ram-key-used'), seen({ status: 'Inactive' }))).toBeUndefined();
    expect(databaseWhitelist.plan(weakness('rds-whitelist-not-open'), seen({ a: '10.0.0.0/8' }))).toBeUndefined();
  });

  test('a password policy becomes no weaker, whatever it was and whichever finding is mended', () => {
    const policy = fc.record({
      MinimumPasswordLength: fc.integer({ min: 8, max: 32 }),
      RequireLowercaseCharacters: fc.boolean(),
      RequireUppercaseCharacters: fc.boolean(),
      RequireNumbers: fc.boolean(),
      RequireSymbols: fc.boolean(),
      HardExpire: fc.boolean(),
      MaxLoginAttemps: fc.integer({ min: 0, max: 32 }),
      PasswordReusePrevention: fc.integer({ min: 0, max: 24 }),
      MaxPasswordAge: fc.integer({ min: 0, max: 1095 }),
    });
    fc.assert(
      fc.property(policy, fc.constantFrom(...passwordPolicy.checks), (setting, check) => {
        const plan = passwordPolicy.plan(weakness(check), { setting, facts: {} });
        const after = { ...setting, ...plan?.after };
        expect(after.MinimumPasswordLength).toBeGreaterThanOrEqual(setting.MinimumPasswordLength);
        expect(after.PasswordReusePrevention).toBeGreaterThanOrEqual(setting.PasswordReusePrevention);
        for (const name of ['MaxLoginAttemps', 'MaxPasswordAge'] as const)
          expect(after[name] || 9_999).toBeLessThanOrEqual(setting[name] || 9_999);
        // It would lock people out.
        expect(after.HardExpire).toBe(setting.HardExpire);
        for (const [name, value] of Object.entries(setting))
          if (value === true) expect(after[name as keyof typeof after]).toBe(true);
        // Everything is said again, for what is not said goes back to the default.
        if (plan) expect(plan.calls[0]?.params).toEqual(after);
      }),
    );
  });

  test('a database keeps every address that is not the whole world, and no list becomes empty', () => {
    const address = fc.oneof(
      fc.constantFrom('0.0.0.0/0', '0.0.0.0', '::/0'),
      fc.ipV4().filter((one) => one !== '0.0.0.0'),
      fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 })).map(([ip, bits]) => `${ip}/${bits}`),
    );
    const list = fc.array(address, { minLength: 1, maxLength: 5 }).map((all) => all.join(','));
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), list), (setting) => {
        const plan = databaseWhitelist.plan(weakness('rds-whitelist-not-open'), { setting, facts: {} });
        const isOpen = (one: string): boolean => ['0.0.0.0/0', '0.0.0.0', '::/0'].includes(one);
        for (const [name, before] of Object.entries(setting)) {
          const kept = before.split(',').filter((one) => !isOpen(one));
          const after = String((plan?.after ?? setting)[name]).split(',');
          expect(after).toEqual(kept.length === 0 ? ['127.0.0.1'] : kept);
        }
      }),
    );
  });
});

describe('settings', () => {
  const setting = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.constantFrom<string | number | boolean>(1, '1', true),
  );

  test('are the same when nothing differs, and never when something does', () => {
    fc.assert(
      fc.property(setting, setting, (one, other) => {
        expect(isSame(one, other)).toBe(changesOf(one, other).length === 0);
        expect(isBetween(one, one, other)).toBe(true);
        expect(isBetween(other, one, other)).toBe(true);
        if (isSame(one, other)) expect(Object.keys(one).toSorted()).toEqual(Object.keys(other).toSorted());
      }),
    );
  });

  test('what is neither before nor after is not in between', () => {
    expect(isBetween({ acl: 'public-read-write' }, { acl: 'public-read' }, { acl: 'private' })).toBe(false);
    expect(isBetween({ acl: 'private', more: 1 }, { acl: 'public-read' }, { acl: 'private' })).toBe(false);
  });

  test('calls are shown with their parameters, the marked ones in part', () => {
    const shown = shownCall({
      permission: 'ram:UpdateAccessKey',
      api: { product: 'ram', version: '2015-05-01', action: 'UpdateAccessKey' },
      params: { UserName: 'shop', UserAccessKeyId: 'LTAI5tOldKeyOfShop99' },
      masked: ['UserAccessKeyId'],
    });
    expect(shown).toEqual({
      call: 'ram UpdateAccessKey 2015-05-01',
      region: undefined,
      parameters: { UserName: 'shop', UserAccessKeyId: 'LTAI…op99' },
    });
  });
});

test('a door that is opened by no address, or by IPv6 alone, holds nobody in', () => {
  const session = { address: parseTarget('198.51.100.7'), kind: 'ssh', sinceMs: 0, live: true } as const;
  const guard = { lockout: { adminSessions: [session] }, consolePorts: [], ownKeys: [] };
  const closing = (from: readonly string[], ports: readonly [number, number]) =>
    whyNotRepair({ after: {}, calls: [], effects: [], closes: { from, ports, stillOpen: [] } }, guard)?.code;
  expect(closing(['0.0.0.0/0'], [1, 65_535])).toBe('BTZ_REPAIR_LOCKS_OUT');
  expect(closing(['::/0'], [22, 22])).toBeUndefined();
  expect(closing(['not an address'], [22, 22])).toBeUndefined();
  expect(closing(['0.0.0.0/0'], [80, 443])).toBeUndefined();
});
