import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RespondMode } from '#model/action.ts';
import type { AdminSession } from '#respond/guard.ts';
import { createRepairs, type Repairs, type RepairsOptions } from '#respond/repairs.ts';
import { parseTarget } from '#respond/target.ts';
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

describe('what is refused', () => {
  test('nothing is done while responses are off, though a dry run says what would be', async () => {
    mode = 'off';
    const repairs = newRepairs();
    expect(await repairs.plan(BUCKET)).toMatchObject({ allowed: true });
    await expect(repairs.ask(BUCKET, 'cli')).rejects.toMatchObject({ code: 'BTZ_RESPONSE_OFF' });
  });

  test('without a role of its own nothing is done, and the question stays open', async () => {
    env = {};
    const repairs = newRepairs();
    expect((await repairs.plan(BUCKET)).obstacle).toMatchObject({ code: 'BTZ_REPAIR_NO_ROLE' });
    const { id } = await repairs.ask(BUCKET, 'cli');
    await expect(repairs.approve(id, 'cli')).rejects.toMatchObject({ code: 'BTZ_REPAIR_NO_ROLE' });
    expect(await state.actions.find(id)).toMatchObject({ state: 'asked' });
    expect(wire.writes).toEqual([]);
    env = WRITE_ROLE;
    expect(await newRepairs().approve(id, 'cli')).toMatchObject({ state: 'done' });
  });

  test('the keys of the scan never repair', async () => {
    env = { ...WRITE_ROLE, BARTIZAN_REPAIR_ALIBABA_CLOUD_ACCESS_KEY_ID: READ_KEY };
    const repairs = newRepairs();
    const { id } = await repairs.ask(BUCKET, 'cli');
    await expect(repairs.approve(id, 'cli')).rejects.toMatchObject({ code: 'BTZ_REPAIR_ROLE_SHARED' });
    expect(account).toEqual(newAccount());
  });

  test('another key of the user that scans is no role of its own either', async () => {
    env = { ...WRITE_ROLE, BARTIZAN_REPAIR_ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI5tWireReader0002' };
    const { id } = await newRepairs().ask(BUCKET, 'cli');
    await expect(newRepairs().approve(id, 'cli')).rejects.toMatchObject({ code: 'BTZ_REPAIR_ROLE_SHARED' });
    expect(wire.writes).toEqual([]);
  });

  test('a finding of another account is not looked for in this one', async () => {
    const other = { ...BUCKET, resource: { ...BUCKET.resource, account: '1000000000000001' } };
    await expect(newRepairs().plan(other)).rejects.toMatchObject({ code: 'BTZ_REPAIR_OTHER_ACCOUNT' });
  });

  test('a setting that changed after it was asked is left alone', async () => {
    const repairs = newRepairs();
    const { id } = await repairs.ask(BUCKET, 'cli');
    account.acl = 'public-read-write';
    expect(await repairs.approve(id, 'cli')).toMatchObject({
      state: 'refused',
      problem: { code: 'BTZ_REPAIR_CHANGED' },
    });
    expect(account.acl).toBe('public-read-write');
    expect(wire.writes).toEqual([]);
  });

  test('a question that is a day old cannot be answered with yes, and ends by itself', async () => {
    const repairs = newRepairs();
    const one = await repairs.ask(BUCKET, 'cli');
    const other = await repairs.ask(SSH_RULE, 'cli');
    nowMs += 24 * 3_600_000 + 1;
    await expect(repairs.approve(one.id, 'cli')).rejects.toMatchObject({ code: 'BTZ_REPAIR_EXPIRED' });
    expect(await state.actions.find(one.id)).toMatchObject({ state: 'expired' });
    await repairs.tick();
    expect(await state.actions.find(other.id)).toMatchObject({ state: 'expired' });
    expect(wire.writes).toEqual([]);
    expect((await repairs.ask(BUCKET, 'cli')).id).not.toBe(one.id);
  });

  test('a refused question cannot be approved, and a block is none of its business', async () => {
    const repairs = newRepairs();
    const { id } = await repairs.ask(BUCKET, 'cli');
    expect(await repairs.refuse(id, 'user:wang')).toMatchObject({ state: 'refused' });
    await expect(repairs.approve(id, 'cli')).rejects.toMatchObject({ code: 'BTZ_ACTION_STATE' });
    await expect(repairs.approve('other', 'cli')).rejects.toMatchObject({ code: 'BTZ_NOT_FOUND' });
    expect(wire.writes).toEqual([]);
  });

  test('what the reading role may not see is named; what only people want to know stops nothing', async () => {
    account.denied = ['oss ?acl'];
    await expect(newRepairs().ask(BUCKET, 'cli')).rejects.toMatchObject({
      code: 'BTZ_REPAIR_NOT_READ',
      details: { permission: 'oss:GetBucketAcl' },
    });
    expect(await state.actions.list({ limit: 9 })).toEqual([]);
    account.denied = ['oss ?website'];
    const { repair } = await newRepairs().plan(BUCKET);
    expect(repair.effects.map(({ en }) => en).join()).toContain('needs oss:GetBucketWebsite');
  });

  test('what is no bucket, or has no repair, is not asked for', async () => {
    const seen = about('oss-bucket-encrypted', 'alicloud_oss_bucket', 'Not A Bucket', 'cn-shanghai');
    await expect(newRepairs().plan(seen)).rejects.toMatchObject({
      code: 'BTZ_REPAIR_NOT_READ',
      details: { permission: 'oss:GetBucketEncryption' },
    });
    await expect(newRepairs().plan(about('sls-project-described', 'x', 'y'))).rejects.toMatchObject({
      code: 'BTZ_REPAIR_NONE',
    });
  });
});

describe('never locks its owner out', () => {
  const session = (address: string, more: Partial<AdminSession> = {}): AdminSession => ({
    address: parseTarget(address),
    kind: 'ssh',
    sinceMs: START_MS,
    live: true,
    ...more,
  });

  test('a rule by which an administrator is signed in is refused, and says what to do first', async () => {
    adminSessions = [session('198.51.100.7')];
    expect((await newRepairs().plan(SSH_RULE)).refusal).toMatchObject({ code: 'BTZ_REPAIR_LOCKS_OUT' });
    expect(await newRepairs().ask(SSH_RULE, 'cli')).toMatchObject({ state: 'refused' });
    account.rules.push(rule('sgr-bp1own', '22/22', '198.51.100.0/24'));
    expect(await newRepairs().plan(SSH_RULE)).toMatchObject({ allowed: true });
    // Somebody else's door is none.
    adminSessions = [session('203.0.113.9')];
    expect(await newRepairs().plan(SSH_RULE)).toMatchObject({ allowed: false });
  });

  test('one who signs in between the question and the answer is not locked out', async () => {
    const repairs = newRepairs();
    const { id } = await repairs.ask(SSH_RULE, 'cli');
    adminSessions = [session('198.51.100.7', { live: false })];
    expect(await repairs.approve(id, 'cli')).toMatchObject({
      state: 'refused',
      problem: { code: 'BTZ_REPAIR_LOCKS_OUT' },
    });
    expect(wire.writes).toEqual([]);
  });

  test('a session on another port, or a rule that refuses beside it, is seen', async () => {
    adminSessions = [session('198.51.100.7', { ports: [2222] })];
    expect(await newRepairs().plan(SSH_RULE)).toMatchObject({ allowed: true });
    adminSessions = [session('198.51.100.7', { ports: [2222, 22] })];
    account.rules.push(rule('sgr-bp1own', '22/22', '198.51.100.7'));
    account.rules.push({ ...rule('sgr-bp1no', '22/22', '198.51.0.0/16'), Policy: 'Drop' });
    expect(await newRepairs().plan(SSH_RULE)).toMatchObject({ allowed: false });
  });

  test('the door of the console stays open for who is signed in to it', async () => {
    adminSessions = [session('198.51.100.7', { kind: 'console' })];
    const web = about('security-group-not-open-to-all', SSH_RULE.resource.type, 'sgr-bp1web', 'cn-hangzhou');
    expect((await newRepairs().plan(web)).refusal).toMatchObject({ code: 'BTZ_REPAIR_LOCKS_OUT' });
    expect(await newRepairs().plan(SSH_RULE)).toMatchObject({ allowed: true });
  });

  test('the keys that the program itself works with stay on', async () => {
    process.env['ALIBABA_CLOUD_ACCESS_KEY_ID'] = OLD_KEY;
    const key = about('ram-key-renewed', 'alicloud_ram_access_key', `shop:${OLD_KEY.slice(0, 4)}…${OLD_KEY.slice(-4)}`);
    expect(await newRepairs().ask(key, 'cli')).toMatchObject({
      state: 'refused',
      problem: { code: 'BTZ_REPAIR_OWN_KEY' },
    });
  });
});

describe('lists of a database', () => {
  const DATABASE = about('rds-whitelist-not-open', 'alicloud_db_instance', 'rm-bp1shop', 'cn-hangzhou');

  test('that somebody made after the repair are left alone by its undo', async () => {
    const repairs = newRepairs();
    const { id } = await repairs.ask(DATABASE, 'cli');
    await repairs.approve(id, 'cli');
    account.whitelists['later'] = '192.0.2.7';
    expect(await repairs.undo(id, 'cli')).toMatchObject({ state: 'undone' });
    expect(account.whitelists).toEqual({ ...newAccount().whitelists, later: '192.0.2.7' });
  });

  test('of one name in two networks stand apart', async () => {
    account.whitelists = { 'default@VPC': '0.0.0.0/0', 'default@Classic': '10.1.1.1' };
    const repairs = newRepairs();
    const { id } = await repairs.ask(DATABASE, 'cli');
    await repairs.approve(id, 'cli');
    expect(account.whitelists).toEqual({ 'default@VPC': '127.0.0.1', 'default@Classic': '10.1.1.1' });
  });
});

describe('when it goes wrong', () => {
  const DENIED = {
    status: 403,
    body: '{"Code":"Forbidden.RAM","Message":"User not authorized to operate on the specified resource."}',
  };

  test('a role without the right fails, naming the permission, and leaves everything as it was', async () => {
    before = () => DENIED;
    const repairs = newRepairs();
    const { id } = await repairs.ask(SSH_RULE, 'cli');
    const failed = await repairs.approve(id, 'cli');
    expect(failed).toMatchObject({ state: 'failed', problem: { code: 'BTZ_REPAIR_NOT_APPLIED' } });
    expect(failed.problem?.message).toContain('ecs:RevokeSecurityGroup');
    expect(account.rules).toHaveLength(2);
    expect((await kindsOf(id)).at(-1)).toBe('action.failed');
    before = undefined;
    expect(await repairs.undo(id, 'cli')).toMatchObject({ state: 'undone' });
    expect(account.rules).toHaveLength(2);
  });

  test('a call that is throttled is made again', async () => {
    let times = 0;
    before = () =>
      ++times < 3 ? { status: 400, body: '{"Code":"Throttling.User","Message":"slow down"}' } : undefined;
    const repairs = newRepairs();
    const { id } = await repairs.ask(SSH_RULE, 'cli');
    expect(await repairs.approve(id, 'cli')).toMatchObject({ state: 'done' });
    expect(times).toBe(3);
  });

  test('a change that the provider takes and does not make is not called done', async () => {
    before = () => ({ status: 200, body: '{"RequestId":"8F2B7C10"}' });
    const repairs = newRepairs();
    const { id } = await repairs.ask(SSH_RULE, 'cli');
    expect(await repairs.approve(id, 'cli')).toMatchObject({
      state: 'failed',
      problem: { code: 'BTZ_REPAIR_NOT_SEEN' },
    });
  });

  test('a check that still fails afterwards is said, and the change can be undone', async () => {
    const repairs = newRepairs({ recheck: async () => 'fail' });
    const { id } = await repairs.ask(BUCKET, 'cli');
    expect(await repairs.approve(id, 'cli')).toMatchObject({
      state: 'failed',
      problem: { code: 'BTZ_REPAIR_STILL_FAILS' },
      repair: { verdict: 'fail' },
    });
    expect(await repairs.undo(id, 'cli')).toMatchObject({ state: 'undone' });
    expect(account.acl).toBe('public-read');
  });

  test('a check that cannot be run leaves it unknown, never passed', async () => {
    const repairs = newRepairs({ recheck: async () => Promise.reject(new Error('no network')) });
    const { id } = await repairs.ask(BUCKET, 'cli');
    expect(await repairs.approve(id, 'cli')).toMatchObject({ state: 'done', repair: { verdict: 'unknown' } });
  });

  test('evidence that cannot be written leaves the account as it was', async () => {
    const { id } = await newRepairs().ask(BUCKET, 'cli');
    const repairs = newRepairs({ evidence: { record: async () => Promise.reject(new Error('disk full')) } });
    await expect(repairs.approve(id, 'cli')).rejects.toThrow('disk full');
    expect(wire.writes).toEqual([]);
    expect(await state.actions.find(id)).toMatchObject({ state: 'asked' });
  });

  test('what somebody changed after the repair is not overwritten by its undo, unless forced', async () => {
    const repairs = newRepairs();
    const { id } = await repairs.ask(BUCKET, 'cli');
    await repairs.approve(id, 'cli');
    account.acl = 'public-read-write';
    await expect(repairs.undo(id, 'cli')).rejects.toMatchObject({ code: 'BTZ_REPAIR_CHANGED' });
    expect(account.acl).toBe('public-read-write');
    expect(await repairs.undo(id, 'cli', true)).toMatchObject({ state: 'undone' });
    expect(account.acl).toBe('public-read');
  });
});

describe('when the program ends in the middle', () => {
  const DATABASE = about('rds-whitelist-not-open', 'alicloud_db_instance', 'rm-bp1shop', 'cn-hangzhou');

  /** Approves, and dies where `writes` calls have been made: what is left is what a crash leaves. */
  const dieAfter = async (made: number, weakness = DATABASE): Promise<string> => {
    const clouds = createClouds({ env, endpointBase: wire.url });
    let count = 0;
    let die = (): void => undefined;
    const died = new Promise<void>((resolve) => {
      die = resolve;
    });
    const dying = newRepairs({
      writer: async (provider) => {
        const cloud = await clouds.writer(provider);
        const ask: typeof cloud.ask = async (call) => {
          if (count === made) {
            die();
            return await new Promise(() => undefined);
          }
          count += 1;
          const answer = await cloud.ask(call);
          if (count < made || made < 2) return answer;
          die();
          return await new Promise(() => undefined);
        };
        return { ...cloud, ask };
      },
    });
    const { id } = await dying.ask(weakness, 'cli');
    void dying.approve(id, 'cli');
    await died;
    return id;
  };

  test.each([
    { made: 0, calls: 2, what: 'before the first call' },
    { made: 1, calls: 2, what: 'between two calls' },
    { made: 2, calls: 2, what: 'after the last call' },
  ])('$what: the next start does what is left, and nothing twice', async ({ made, calls: all }) => {
    const id = await dieAfter(made);
    expect(wire.writes).toHaveLength(made);
    expect(await state.actions.find(id)).toMatchObject({ state: 'running' });
    await newRepairs().tick();
    expect(await state.actions.find(id)).toMatchObject({ state: 'done', repair: { verdict: 'pass' } });
    expect(wire.writes).toHaveLength(all);
    expect(account.whitelists).toEqual({ default: '10.0.0.0/8', office: '127.0.0.1' });
    expect((await kindsOf(id)).filter((kind) => kind === 'action.started')).toHaveLength(1);
    await newRepairs().tick();
    expect(wire.writes).toHaveLength(all);
  });

  test('what somebody else changed meanwhile is left alone, and said', async () => {
    const id = await dieAfter(0);
    account.whitelists['default'] = '192.0.2.1';
    await newRepairs().tick();
    expect(await state.actions.find(id)).toMatchObject({ state: 'failed', problem: { code: 'BTZ_REPAIR_CHANGED' } });
    expect(wire.writes).toEqual([]);
  });

  test('a provider that does not answer at the start is asked again later', async () => {
    const id = await dieAfter(0);
    const unreachable = newRepairs({ reader: async () => Promise.reject(new Error('no network')) });
    await unreachable.tick();
    expect(await state.actions.find(id)).toMatchObject({ state: 'running' });
    await newRepairs().tick();
    expect(await state.actions.find(id)).toMatchObject({ state: 'done' });
  });
});
