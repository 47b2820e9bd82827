import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isUnknown, type Resource } from '#model/resource.ts';
import { type Answering, rpcError } from './wire.fixture.ts';
import { needing, scanWire } from './wire-scan.fixture.ts';

let folder = '';
let progressFile = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bartizan-scan-'));
  progressFile = join(folder, 'state', 'scan.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const vpcs = needing('alicloud_vpc', 'vpc:DescribeVpcs');
const page = (region: string, count: number, total: number, number = 1): string =>
  JSON.stringify({
    TotalCount: total,
    PageNumber: number,
    PageSize: 50,
    RequestId: 'C6532AA8-D0F7-497F-A8EE-094126D441F5',
    Vpcs: {
      Vpc: Array.from({ length: count }, (_, at) => ({
        VpcId: `vpc-${region}-${number}-${at}`,
        RegionId: region,
        VpcName: 'shop',
        CidrBlock: '10.0.0.0/8',
        IsDefault: false,
        Status: 'Available',
        Tags: {},
      })),
    },
  });
const oneEach: Answering = ({ query }) => page(query.get('RegionId') ?? '', 1, 1);
const ids = (resources: readonly Resource[]) => resources.map(({ id }) => id).sort();
const NOW = Date.UTC(2026, 10, 24);

describe('regions', () => {
  test('are those of the account, asked at once', async () => {
    const { resources, connection } = await scanWire(
      {
        DescribeRegions: `{"RequestId":"1","Regions":{"Region":[{"RegionId":"cn-hangzhou","LocalName":"华东1","RegionEndpoint":"ecs.cn-hangzhou.aliyuncs.com"},{"RegionId":"eu-central-1","LocalName":"德国","RegionEndpoint":"ecs.eu-central-1.aliyuncs.com"}]}}`,
        DescribeVpcs: oneEach,
      },
      vpcs,
      { regions: [] },
    );
    expect(connection.regions).toEqual(['cn-hangzhou', 'eu-central-1']);
    expect(resources.map(({ region }) => region).sort()).toEqual(['cn-hangzhou', 'eu-central-1']);
  });

  test('that may not be listed are all that are known, and that is said', async () => {
    const { connection } = await scanWire(
      { DescribeRegions: rpcError(403, 'Forbidden.RAM'), DescribeVpcs: page('x', 0, 0) },
      vpcs,
      { regions: [] },
    );
    expect(connection.regions.length).toBeGreaterThanOrEqual(29);
    expect(connection.notes[0]).toContain('ecs:DescribeRegions');
  });

  test('where the service is not open hold nothing, and that is no doubt', async () => {
    const { resources, problems } = await scanWire(
      {
        DescribeVpcs: ({ query }) =>
          query.get('RegionId') === 'b' ? rpcError(404, 'InvalidRegionId.NotFound') : oneEach({ query } as never, 1),
      },
      vpcs,
      { regions: ['a', 'b'] },
    );
    expect(ids(resources)).toEqual(['vpc-a-1-0']);
    expect(problems).toEqual([]);
  });
});

describe('pages', () => {
  test('are all read', async () => {
    const { resources, wire } = await scanWire(
      {
        DescribeVpcs: ({ query }) => {
          const number = Number(query.get('PageNumber') ?? 1);
          return page('a', number === 3 ? 20 : 50, 120, number);
        },
      },
      vpcs,
      { regions: ['a'] },
    );
    expect(resources).toHaveLength(120);
    expect(wire.count('DescribeVpcs')).toBe(3);
  });

  test('that say there is more than they show leave a doubt, and are not asked for ever', async () => {
    const { wire, resources, problems } = await scanWire(
      { DescribeVpcs: ({ query }) => page('a', 0, 1_000_000, Number(query.get('PageNumber') ?? 1)) },
      vpcs,
      { regions: ['a'] },
    );
    expect(wire.count('DescribeVpcs')).toBe(1);
    expect(resources[0]?.unread).toBe('vpc:DescribeVpcs answered without 1000000 of 1000000 entries');
    expect(problems).toHaveLength(1);
  });

  test('of which a later one fails leave what was read, and a doubt about the rest', async () => {
    const { resources, problems } = await scanWire(
      {
        DescribeVpcs: ({ query }) =>
          query.get('PageNumber') === '2' ? rpcError(403, 'Forbidden.RAM') : page('a', 50, 60),
      },
      vpcs,
      { regions: ['a'] },
    );
    expect(resources.filter(({ unread }) => unread === undefined)).toHaveLength(50);
    expect(resources.find(({ unread }) => unread !== undefined)).toMatchObject({ type: 'alicloud_vpc', region: 'a' });
    expect(problems).toHaveLength(1);
  });
});

describe('a server in trouble', () => {
  test.each([
    ['cut connections', { body: '', cut: true }],
    ['503', rpcError(503, 'ServiceUnavailable')],
    ['half an answer', { body: '{"Vpcs":{"Vpc":[{"VpcId":"vpc-' }],
    ['a page of a proxy', { body: '<html>sign in</html>', type: 'text/html' }],
    ['an array', { body: '[]' }],
    ['nothing', { body: '' }],
    ['an answer without the list', { body: '{"RequestId":"1","TotalCount":0}' }],
    ['no without a status', { body: '{"Success":false,"Code":"InternalError","Message":"try later"}' }],
  ])('that answers with %s leaves unknown, never nothing', async (_name, told) => {
    const { resources, problems } = await scanWire({ DescribeVpcs: told }, vpcs, { regions: ['a'] });
    expect(resources).toHaveLength(1);
    expect(resources[0]?.unread).toContain('vpc:DescribeVpcs');
    expect(isUnknown(resources[0]?.attributes['cidr_block'])).toBe(true);
    expect(problems).toHaveLength(1);
  });

  test('that recovers is asked again', async () => {
    const { resources } = await scanWire(
      { DescribeVpcs: (asked, times) => (times <= 2 ? { body: '', cut: true } : oneEach(asked, times)) },
      vpcs,
      { regions: ['a'] },
    );
    expect(ids(resources)).toEqual(['vpc-a-1-0']);
  });

  test('that is slow is waited for', async () => {
    const { resources } = await scanWire({ DescribeVpcs: { body: page('a', 1, 1), delayMs: 3500 } }, vpcs, {
      regions: ['a'],
    });
    expect(resources[0]?.unread).toBeUndefined();
  });
});

describe('a scan that ended early', () => {
  const expired = rpcError(400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');

  test('goes on where it stopped, and says how old that is', async () => {
    await expect(
      scanWire(
        {
          DescribeVpcs: (asked, times) =>
            asked.query.get('RegionId') === 'b' ? { ...expired, delayMs: 300 } : oneEach(asked, times),
        },
        vpcs,
        { regions: ['a', 'b'], progressFile, nowMs: NOW },
      ),
    ).rejects.toMatchObject({ code: 'BTZ_CLOUD_CREDENTIALS' });
    expect(statSync(progressFile).mode & 0o777).toBe(0o600);

    const again = await scanWire({ DescribeVpcs: oneEach }, vpcs, {
      regions: ['a', 'b'],
      progressFile,
      nowMs: NOW + 600_000,
    });
    expect(ids(again.resources)).toEqual(['vpc-a-1-0', 'vpc-b-1-0']);
    expect(
      again.wire.asked.filter(({ call }) => call === 'DescribeVpcs').map(({ query }) => query.get('RegionId')),
    ).toEqual(['b']);
    expect(again.resumed).toEqual({ units: 1, ageMs: 600_000 });
    // It is whole now: the next one begins anew.
    expect(existsSync(progressFile)).toBe(false);
  });

  test('asks again what failed, and keeps unknowns unknown', async () => {
    const denied = rpcError(403, 'Forbidden.RAM');
    const first = await scanWire(
      { DescribeVpcs: ({ query }) => (query.get('RegionId') === 'a' ? denied : rpcError(400, 'InvalidStatus')) },
      vpcs,
      { regions: ['a', 'b'], progressFile, nowMs: NOW },
    );
    expect(first.problems).toHaveLength(2);
    const again = await scanWire({ DescribeVpcs: oneEach }, vpcs, {
      regions: ['a', 'b'],
      progressFile,
      nowMs: NOW + 1,
    });
    // What was denied may be granted by now.
    expect(ids(again.resources)).toEqual(['vpc-a-1-0', 'vpc-b-1-0']);
  });

  test.each([
    [
      'of another scan',
      () => writeFileSync(progressFile, readFileSync(progressFile, 'utf8').replace(/"scan":"./, '"scan":"x')),
    ],
    ['cut off', () => writeFileSync(progressFile, readFileSync(progressFile, 'utf8').slice(0, -20))],
    ['not ours at all', () => writeFileSync(progressFile, '\u0000\u0001 nonsense\n{}')],
  ])('begins anew from a file that is %s', async (_name, spoil) => {
    await expect(
      scanWire(
        {
          DescribeVpcs: (asked, times) =>
            asked.query.get('RegionId') === 'b' ? { ...expired, delayMs: 300 } : oneEach(asked, times),
        },
        vpcs,
        {
          regions: ['a', 'b'],
          progressFile,
          nowMs: NOW,
        },
      ),
    ).rejects.toThrow();
    spoil();
    const again = await scanWire({ DescribeVpcs: oneEach }, vpcs, {
      regions: ['a', 'b'],
      progressFile,
      nowMs: NOW + 1,
    });
    expect(ids(again.resources)).toEqual(['vpc-a-1-0', 'vpc-b-1-0']);
    expect(again.resumed).toBeUndefined();
  });

  test('is forgotten after a day', async () => {
    await expect(
      scanWire(
        {
          DescribeVpcs: (asked, times) =>
            asked.query.get('RegionId') === 'b' ? { ...expired, delayMs: 300 } : oneEach(asked, times),
        },
        vpcs,
        {
          regions: ['a', 'b'],
          progressFile,
          nowMs: NOW,
        },
      ),
    ).rejects.toThrow();
    const again = await scanWire({ DescribeVpcs: oneEach }, vpcs, {
      regions: ['a', 'b'],
      progressFile,
      nowMs: NOW + 25 * 3_600_000,
    });
    expect(again.resumed).toBeUndefined();
  });
});
