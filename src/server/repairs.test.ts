import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RespondMode } from '#model/action.ts';
import type { AdminSession } from '#respond/guard.ts';
import { createRepairs, type Repairs, type RepairsOptions } from '#respond/repairs.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { createClouds } from './clouds.ts';
import { createRecheck } from './recheck.ts';
import {
  ACCOUNT,
  type Account,
  newAccount,
  OLD_KEY,
  READ_KEY,
  rule,
  serveAccount,
  WRITE_KEY,
} from './repairs.fixture.ts';

const START_MS = Date.UTC(2026, 10, 24);
const WRITE_ROLE = {
  BARTIZAN_REPAIR_ALIBABA_CLOUD_ACCESS_KEY_ID: WRITE_KEY,
  BARTIZAN_REPAIR_ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'wire-test-secret',
};

let folder: string;
let state: StateStore;
let account: Account;
let wire: Awaited<ReturnType<typeof serveAccount>>;
let before: Parameters<typeof serveAccount>[1];
let nowMs: number;
let mode: RespondMode;
let env: Record<string, string>;
let adminSessions: AdminSession[];
let lastId: number;

beforeEach(async () => {
  process.env['ALIBABA_CLOUD_ACCESS_KEY_ID'] = READ_KEY;
  process.env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] = 'wire-test-secret';
  folder = mkdtempSync(join(tmpdir(), 'btz-repairs-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  account = newAccount();
  before = undefined;
  wire = await serveAccount(account, (call) => before?.(call));
  nowMs = START_MS;
  mode = 'ask';
  env = WRITE_ROLE;
  adminSessions = [];
  lastId = 0;
});
afterEach(async () => {
  await wire.stop();
  await state.close();
  rmSync(folder, { recursive: true });
});

/** As the centre makes it: the real SDKs, with their endpoint overridden. */
const newRepairs = (more: Partial<RepairsOptions> = {}): Repairs => {
  const clouds = createClouds({ env, endpointBase: wire.url });
  return createRepairs({
    state,
    evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
    guardFacts: async () => ({ adminSessions }),
    consolePorts: () => [443],
    mode: () => mode,
    clock: () => nowMs,
    ids: () => `repair-${++lastId}`,
    reader: clouds.reader,
    writer: clouds.writer,
    recheck: createRecheck(wire.url),
    pauseMs: 5,
    ...more,
  });
};
const about = (check: string, type: string, id: string, region?: string) => ({
  check,
  resource: { provider: 'alicloud', account: ACCOUNT, region, type, id, name: id },
});
const BUCKET = about('oss-bucket-not-public', 'alicloud_oss_bucket', 'shop-photos', 'cn-shanghai');
const SSH_RULE = about('security-group-ssh-not-open', 'alicloud_security_group_rule', 'sgr-bp1ssh', 'cn-hangzhou');
const kindsOf = async (subject: string): Promise<string[]> =>
  (await state.evidence.read(0, 1_000)).filter((leaf) => leaf.subject === subject).map(({ kind }) => kind);
const calls = (): string[] => wire.writes.map(({ call }) => call);

describe('a public bucket, from the finding to the undo', () => {
  test('a dry run reads, shows the exact call and the change, and changes nothing', async () => {
    const shown = await newRepairs().plan(BUCKET);
    expect(shown).toMatchObject({ allowed: true, obstacle: undefined });
    expect(shown.repair.changes).toEqual([{ attribute: 'acl', before: 'public-read', after: 'private' }]);
    expect(shown.repair.calls).toEqual([
      {
        call: 'oss PUT ?acl',
        parameters: { bucket: 'shop-photos', location: 'oss-cn-shanghai', 'x-oss-acl': 'private' },
      },
    ]);
    expect(shown.repair.effects.map(({ en }) => en).join()).toContain('static website');
    expect(wire.writes).toEqual([]);
    expect(await state.evidence.count()).toBe(0);
  });

  test('it is done once a person approves, by the writing role alone, and the check passes then', async () => {
    const repairs = newRepairs();
    const asked = await repairs.ask(BUCKET, 'user:li');
    expect(asked).toMatchObject({ state: 'asked', verb: 'repair' });
    expect(account.acl).toBe('public-read');
    const done = await repairs.approve(asked.id, 'user:wang');
    expect(done).toMatchObject({ state: 'done', approvedBy: 'user:wang', repair: { verdict: 'pass' } });
    expect(account.acl).toBe('private');
    expect(wire.writes).toEqual([{ call: 'PUT oss ?acl', key: WRITE_KEY }]);
    expect(await kindsOf(asked.id)).toEqual(['action.asked', 'action.approved', 'action.started', 'action.done']);
  });

  test('undoing it puts back what was read before', async () => {
    const repairs = newRepairs();
    const { id } = await repairs.ask(BUCKET, 'cli');
    await repairs.approve(id, 'cli');
    expect(await repairs.undo(id, 'cli')).toMatchObject({ state: 'undone' });
    expect(account.acl).toBe('public-read');
    expect((await kindsOf(id)).slice(-2)).toEqual(['action.started', 'action.undone']);
    await expect(repairs.undo(id, 'cli')).rejects.toMatchObject({ code: 'BTZ_ACTION_STATE' });
  });

  test('what starts is in the evidence before the provider hears of it', async () => {
    let written: string[] = [];
    before = () => undefined;
    const repairs = newRepairs();
    const { id } = await repairs.ask(BUCKET, 'cli');
    const { writer } = createClouds({ env, endpointBase: wire.url });
    const watching = newRepairs({
      writer: async (provider) => {
        const cloud = await writer(provider);
        return {
          ...cloud,
          ask: async (call) => {
            written = await kindsOf(id);
            return await cloud.ask(call);
          },
        };
      },
    });
    await watching.approve(id, 'cli');
    expect(written).toEqual(['action.asked', 'action.approved', 'action.started']);
  });

  test('the same question is not put twice, and what is right already is not asked about', async () => {
    const repairs = newRepairs();
    const [one, other] = await Promise.all([repairs.ask(BUCKET, 'cli'), repairs.ask(BUCKET, 'user:li')]);
    expect(other.id).toBe(one.id);
    account.acl = 'private';
    await expect(repairs.plan(BUCKET)).rejects.toMatchObject({ code: 'BTZ_REPAIR_NOT_NEEDED' });
  });
});

/** Every kind: what it calls, and what the account looks like then. */
const KINDS: readonly {
  readonly about: ReturnType<typeof about>;
  readonly calls: readonly string[];
  readonly undoCalls: readonly string[];
  readonly mended: (now: Account) => void;
  readonly isWithoutVerdict?: true;
}[] = [
  {
    about: BUCKET,
    calls: ['PUT oss ?acl'],
    undoCalls: ['PUT oss ?acl'],
    mended: ({ acl }) => expect(acl).toBe('private'),
  },
  {
    about: about('oss-bucket-encrypted', 'alicloud_oss_bucket', 'shop-photos', 'cn-shanghai'),
    calls: ['PUT oss ?encryption'],
    undoCalls: ['DELETE oss ?encryption'],
    mended: ({ encryption }) => expect(encryption).toBe('AES256'),
  },
  {
    about: SSH_RULE,
    calls: ['RevokeSecurityGroup'],
    undoCalls: ['AuthorizeSecurityGroup'],
    mended: ({ rules }) => expect(rules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId)).toEqual(['sgr-bp1web']),
  },
  {
    about: about('actiontrail-on', 'alicloud_actiontrail_trail', 'audit', 'cn-hangzhou'),
    calls: ['StartLogging'],
    undoCalls: ['StopLogging'],
    mended: ({ isLogging }) => expect(isLogging).toBe(true),
  },
  {
    about: about('sls-logstore-kept', 'alicloud_log_store', 'shop-logs:audit', 'cn-hangzhou'),
    calls: ['PUT sls /logstores/audit'],
    undoCalls: ['PUT sls /logstores/audit'],
    // What else the store is set to stays.
    mended: ({ store }) =>
      expect(store).toMatchObject({ ttl: 180, shardCount: 2, autoSplit: true, maxSplitShard: 64, appendMeta: true }),
  },
  {
    about: about('ram-password-long', 'alicloud_ram_account_password_policy', `${ACCOUNT}:password-policy`),
    calls: ['SetPasswordPolicy'],
    undoCalls: ['SetPasswordPolicy'],
    mended: ({ policy }) => expect(policy).toEqual({ ...newAccount().policy, MinimumPasswordLength: 14 }),
  },
  {
    about: about('ram-key-renewed', 'alicloud_ram_access_key', `shop:${OLD_KEY.slice(0, 4)}…${OLD_KEY.slice(-4)}`),
    calls: ['UpdateAccessKey'],
    undoCalls: ['UpdateAccessKey'],
    mended: ({ keyStatus }) => expect(keyStatus).toBe('Inactive'),
  },
  {
    about: about('rds-whitelist-not-open', 'alicloud_db_instance', 'rm-bp1shop', 'cn-hangzhou'),
    calls: ['ModifySecurityIps', 'ModifySecurityIps'],
    undoCalls: ['ModifySecurityIps', 'ModifySecurityIps'],
    mended: ({ whitelists }) => expect(whitelists).toEqual({ default: '10.0.0.0/8', office: '127.0.0.1' }),
  },
];

describe.each(KINDS)('$about.check', ({ about: weakness, calls: made, undoCalls, mended }) => {
  test('is mended, passes then, and is put back as it was', async () => {
    const repairs = newRepairs();
    const { repair } = await repairs.plan(weakness);
    expect(wire.writes).toEqual([]);
    expect(account).toEqual(newAccount());
    const { id } = await repairs.ask(weakness, 'cli');
    const done = await repairs.approve(id, 'user:li');
    // What was approved is what was shown.
    expect(done).toMatchObject({ state: 'done', repair: { ...JSON.parse(JSON.stringify(repair)), verdict: 'pass' } });
    expect(calls()).toEqual(made);
    mended(account);
    expect(await repairs.undo(id, 'user:li')).toMatchObject({ state: 'undone' });
    expect(calls().slice(made.length)).toEqual(undoCalls);
    expect(wire.writes.every(({ key }) => key === WRITE_KEY)).toBe(true);
    const { SecurityGroupRuleId: _, ...rest } =
      account.rules.find(({ PortRange }) => PortRange === '22/22') ?? rule('', '', '');
    expect(rest).toMatchObject({ PortRange: '22/22', SourceCidrIp: '0.0.0.0/0', Description: 'shop' });
    expect({ ...account, rules: [], store: { ...account.store, lastModifyTime: 0 } }).toEqual({
      ...newAccount(),
      rules: [],
      store: { ...newAccount().store, lastModifyTime: 0 },
    });
  });

  test('names no whole access key in what is kept', async () => {
    const { id } = await newRepairs().ask(weakness, 'cli');
    const kept = JSON.stringify([await state.actions.find(id), await state.evidence.read(0, 100)]);
    for (const key of [OLD_KEY, READ_KEY, WRITE_KEY]) expect(kept).not.toContain(key);
  });
});
