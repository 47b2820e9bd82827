import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isUnknown, type Resource } from '#model/resource.ts';
import { awsCollector } from './index.ts';
import { ec2Error, queryError, s3Error, serveWire } from './wire.fixture.ts';
import { needing, scanWire } from './wire-scan.fixture.ts';

const vpcs = needing('aws_vpc', 'ec2:DescribeVpcs');
const page = (region: string, from: number, count: number, token?: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>5e2d</requestId>
<vpcSet>${Array.from({ length: count }, (_, at) => `<item><vpcId>vpc-${region}-${from + at}</vpcId><state>available</state><cidrBlock>10.${at}.0.0/16</cidrBlock><isDefault>false</isDefault></item>`).join('')}</vpcSet>
${token === undefined ? '' : `<nextToken>${token}</nextToken>`}</DescribeVpcsResponse>`;
const ids = (resources: readonly Resource[]) => resources.map(({ id }) => id).sort();

describe('regions', () => {
  test('are those that the account may use, asked at once', async () => {
    const { resources, connection, wire } = await scanWire(
      {
        'ec2 DescribeRegions': `<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><regionInfo><item><regionName>eu-west-1</regionName><regionEndpoint>ec2.eu-west-1.amazonaws.com</regionEndpoint><optInStatus>opt-in-not-required</optInStatus></item><item><regionName>me-south-1</regionName><regionEndpoint>ec2.me-south-1.amazonaws.com</regionEndpoint><optInStatus>opted-in</optInStatus></item></regionInfo></DescribeRegionsResponse>`,
        'ec2 DescribeVpcs': ({ region }) => page(region, 0, 1),
      },
      vpcs,
      { regions: [] },
    );
    expect(connection.regions).toEqual(['eu-west-1', 'me-south-1']);
    expect(ids(resources)).toEqual(['vpc-eu-west-1-0', 'vpc-me-south-1-0']);
    expect(wire.count('ec2 DescribeVpcs')).toBe(2);
  });

  test('that may not be listed are all that are open to everybody, and that is said', async () => {
    const { connection } = await scanWire(
      { 'ec2 DescribeRegions': ec2Error(403, 'UnauthorizedOperation'), 'ec2 DescribeVpcs': page('x', 0, 0) },
      vpcs,
      { regions: [] },
    );
    expect(connection.regions).toHaveLength(17);
    expect(connection.notes[0]).toContain('ec2:DescribeRegions');
  });

  test('where the service is not to be had hold nothing, and that is no doubt', async () => {
    const { resources, problems } = await scanWire(
      { 'ec2 DescribeVpcs': ({ region }) => (region === 'b' ? ec2Error(403, 'OptInRequired') : page('a', 0, 1)) },
      vpcs,
      { regions: ['a', 'b'] },
    );
    expect(ids(resources)).toEqual(['vpc-a-0']);
    expect(problems).toEqual([]);
  });

  test('that hold nothing are read to their end with one call', async () => {
    const { resources, problems, wire } = await scanWire({ 'ec2 DescribeVpcs': page('a', 0, 0) }, vpcs);
    expect(resources).toEqual([]);
    expect(problems).toEqual([]);
    expect(wire.count('ec2 DescribeVpcs')).toBe(1);
  });
});

describe('pages', () => {
  test('are all read, each with the token of the one before', async () => {
    const { resources, wire } = await scanWire(
      {
        'ec2 DescribeVpcs': ({ query }) => {
          const token = query.get('NextToken');
          if (token === null) return page('a', 0, 2, 'second/page==');
          return token === 'second/page==' ? page('a', 2, 2, 'third') : page('a', 4, 1);
        },
      },
      vpcs,
    );
    expect(resources).toHaveLength(5);
    expect(
      wire.asked.filter(({ call }) => call === 'ec2 DescribeVpcs').map(({ query }) => query.get('NextToken')),
    ).toEqual([null, 'second/page==', 'third']);
  });

  test('of which a later one is denied leave what was read, and a doubt about the rest', async () => {
    const { resources, problems } = await scanWire(
      {
        'ec2 DescribeVpcs': ({ query }) =>
          query.get('NextToken') === null ? page('a', 0, 3, 'next') : ec2Error(403, 'UnauthorizedOperation'),
      },
      vpcs,
    );
    expect(resources.filter(({ unread }) => unread === undefined)).toHaveLength(3);
    expect(resources.find(({ unread }) => unread !== undefined)?.unread).toBe('needs ec2:DescribeVpcs');
    expect(problems).toHaveLength(1);
  });
});

describe('a server in trouble', () => {
  test.each([
    ['cut connections', { body: '', cut: true }],
    ['503', { status: 503, body: '<html>Service Unavailable</html>', type: 'text/html' }],
    ['half an answer', { body: page('a', 0, 1).slice(0, 260) }],
    ['a page of a proxy', { body: '<html><body>sign in</body></html>', type: 'text/html' }],
    ['JSON', { body: '{"vpcSet":[]}' }],
    ['nothing', { body: '' }],
    ['an answer without the list', { body: '<DescribeVpcsResponse><requestId>1</requestId></DescribeVpcsResponse>' }],
    ['throttling to the end', ec2Error(503, 'RequestLimitExceeded')],
  ])('that answers with %s leaves unknown, never nothing', async (_name, told) => {
    const { resources, problems } = await scanWire({ 'ec2 DescribeVpcs': told }, vpcs);
    // It may be an ordinary network or the default one: of neither is it known whether there are any.
    expect(resources.map(({ type }) => type).sort()).toEqual(['aws_default_vpc', 'aws_vpc']);
    for (const { unread, attributes } of resources) {
      expect(unread).toContain('ec2:DescribeVpcs');
      expect(isUnknown(attributes['cidr_block'])).toBe(true);
    }
    expect(problems).toHaveLength(1);
  });

  test('of S3 that answers as a proxy does says of nothing that it is not set', async () => {
    const { resources } = await scanWire(
      {
        s3: '<ListAllMyBucketsResult><Buckets><Bucket><Name>shop-photos</Name><BucketRegion>eu-west-1</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>',
        's3 ?versioning': { body: '<html><body>sign in</body></html>', type: 'text/html' },
      },
      needing('aws_s3_bucket', 's3:GetBucketVersioning'),
    );
    const versioning = resources.find(({ type }) => type === 'aws_s3_bucket_versioning');
    expect(versioning?.attributes['bucket']).toBe('shop-photos');
    expect(isUnknown(versioning?.attributes['versioning_configuration'])).toBe(true);
  });

  test('that throttles or breaks off is asked again, by the scan and not by the SDK', async () => {
    const { resources, wire, throttled } = await scanWire(
      {
        'ec2 DescribeVpcs': (_asked, times) =>
          times === 1 ? ec2Error(503, 'RequestLimitExceeded') : times === 2 ? { body: '', cut: true } : page('a', 0, 1),
      },
      vpcs,
    );
    expect(ids(resources)).toEqual(['vpc-a-0']);
    expect(wire.count('ec2 DescribeVpcs')).toBe(3);
    expect(throttled).toBe(1);
  });
});

describe('credentials', () => {
  test.each([
    ['expired', queryError(403, 'ExpiredToken', 'The security token included in the request is expired')],
    ['unknown', queryError(403, 'InvalidClientTokenId', 'The security token AKIAWIREWIREWIRE1 is invalid.')],
    [
      'wrong',
      queryError(403, 'SignatureDoesNotMatch', "The Canonical String for this request should have been 'POST /'"),
    ],
  ])('that are %s end the scan before it begins, and no key is shown', async (_name, told) => {
    await using wire = await serveWire({ 'sts GetCallerIdentity': told });
    const thrown = await awsCollector.connect({ endpointBase: wire.url }).then(
      () => undefined,
      (reason: Error & { readonly code?: string }) => reason,
    );
    expect(thrown?.code).toBe('BTZ_CLOUD_CREDENTIALS');
    expect(thrown?.message).not.toContain('WIREWIREWIRE1');
    expect(thrown?.message).not.toContain('POST /');
    expect(wire.asked).toHaveLength(1);
  });

  test('that expire on the way end it, and the next scan goes on there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bartizan-aws-'));
    const progressFile = join(folder, 'scan.ndjson');
    try {
      await expect(
        scanWire(
          {
            'ec2 DescribeVpcs': ({ region }) =>
              region === 'b' ? { ...ec2Error(403, 'RequestExpired'), delayMs: 300 } : page('a', 0, 1),
          },
          vpcs,
          { regions: ['a', 'b'], progressFile },
        ),
      ).rejects.toMatchObject({ code: 'BTZ_CLOUD_CREDENTIALS' });
      const again = await scanWire({ 'ec2 DescribeVpcs': page('b', 0, 1) }, vpcs, {
        regions: ['a', 'b'],
        progressFile,
      });
      expect(ids(again.resources)).toEqual(['vpc-a-0', 'vpc-b-0']);
      expect(again.wire.asked.filter(({ call }) => call === 'ec2 DescribeVpcs').map(({ region }) => region)).toEqual([
        'b',
      ]);
      expect(existsSync(progressFile)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('are not blamed where something in between answers', async () => {
    await expect(scanWire({ 'sts GetCallerIdentity': '<html>sign in</html>' }, vpcs)).rejects.toMatchObject({
      code: 'BTZ_CLOUD_UNREACHABLE',
    });
  });
});

test('what one bucket denies is unknown there and nowhere else', async () => {
  const bucket = (name: string): string =>
    `<Bucket><Name>${name}</Name><BucketRegion>eu-west-1</BucketRegion></Bucket>`;
  const { resources, problems } = await scanWire(
    {
      s3: `<ListAllMyBucketsResult><Buckets>${bucket('open-house')}${bucket('locked-house')}</Buckets></ListAllMyBucketsResult>`,
      's3 ?acl': (asked) =>
        asked.bucket === 'locked-house'
          ? s3Error(403, 'AccessDenied')
          : `<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>7f</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`,
      's3 ?versioning': '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
    },
    [needing('aws_s3_bucket', 's3:GetBucketAcl'), needing('aws_s3_bucket', 's3:GetBucketVersioning')],
  );
  const acl = (name: string) =>
    resources.find(({ type, attributes }) => type === 'aws_s3_bucket_acl' && attributes['bucket'] === name)?.attributes[
      'access_control_policy'
    ];
  expect(acl('open-house')).toEqual([
    {
      grant: [
        { permission: 'READ', grantee: [{ type: 'Group', uri: 'http://acs.amazonaws.com/groups/global/AllUsers' }] },
      ],
    },
  ]);
  expect(acl('locked-house')).toMatchObject({ reason: 'needs s3:GetBucketAcl' });
  expect(resources.filter(({ type }) => type === 'aws_s3_bucket_versioning').map(({ unread }) => unread)).toEqual([
    undefined,
    undefined,
  ]);
  expect(problems.map(({ permission }) => permission)).toEqual(['s3:GetBucketAcl']);
});
