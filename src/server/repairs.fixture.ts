import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const ACCOUNT = '1098765432101234';
/** Keys of the two roles, as the environment gives them. */
export const READ_KEY = 'LTAI5tWireReader0001';
export const WRITE_KEY = 'LTAI5tWireWriter0002';
export const OLD_KEY = 'LTAI5tOldKeyOfShop99';

/** A small account. Writes change it, reads show it. */
export function newAccount() {
  return {
    /** Calls that the reading role may not make. */
    denied: [] as string[],
    acl: 'public-read',
    isWebsite: true,
    encryption: undefined as string | undefined,
    rules: [rule('sgr-bp1ssh', '22/22', '0.0.0.0/0'), rule('sgr-bp1web', '443/443', '0.0.0.0/0')],
    isLogging: false,
    store: {
      logstoreName: 'audit',
      ttl: 30,
      shardCount: 2,
      enable_tracking: false,
      autoSplit: true,
      maxSplitShard: 64,
      appendMeta: true,
      mode: 'standard',
      createTime: 1_690_000_000,
      lastModifyTime: 1_690_000_001,
    } as Record<string, unknown>,
    policy: {
      MinimumPasswordLength: 8,
      RequireLowercaseCharacters: false,
      RequireUppercaseCharacters: true,
      RequireNumbers: false,
      RequireSymbols: false,
      HardExpire: false,
      MaxLoginAttemps: 0,
      PasswordReusePrevention: 0,
      MaxPasswordAge: 0,
      MinimumPasswordDifferentCharacter: 3,
      PasswordNotContainUserName: true,
    } as Record<string, unknown>,
    keyStatus: 'Active',
    whitelists: { default: '10.0.0.0/8,0.0.0.0/0', office: '0.0.0.0/0' } as Record<string, string>,
  };
}
export type Account = ReturnType<typeof newAccount>;

export function rule(id: string, ports: string, source: string) {
  return {
    SecurityGroupRuleId: id,
    Direction: 'ingress',
    IpProtocol: 'TCP',
    PortRange: ports,
    SourcePortRange: '',
    SourceCidrIp: source,
    Ipv6SourceCidrIp: '',
    SourceGroupId: '',
    DestCidrIp: '',
    Policy: 'Accept',
    NicType: 'intranet',
    Priority: '1',
    Description: 'shop',
  };
}

/** A request that changes something. */
export interface Written {
  readonly call: string;
  readonly key: string;
}

interface Call {
  readonly name: string;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/**
 * Alibaba Cloud on loopback, for the real SDKs: raw XML and JSON of one account that remembers what was written.
 *
 * @param before called ahead of each write; an answer of its own is given instead
 */
export async function serveAccount(
  account: Account,
  before: (call: string) => { readonly status: number; readonly body: string } | undefined = () => undefined,
) {
  const writes: Written[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const call = readCall(request, Buffer.concat(chunks).toString('utf8'));
    const key = /LTAI\w+/.exec(String(request.headers.authorization))?.[0] ?? '';
    const isWrite = WRITES.test(call.name) || call.method === 'DELETE' || call.method === 'PUT';
    const name = call.method === 'POST' || call.method === 'GET' ? call.name : `${call.method} ${call.name}`;
    if (isWrite) writes.push({ call: name, key });
    const own = isWrite ? before(name) : undefined;
    const { status, body } = own ?? answer(account, call, key);
    response.writeHead(status, { 'content-type': body.startsWith('<') ? 'application/xml' : 'application/json' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const WRITES = /^(Revoke|Authorize|Start|Stop|Set|Update|Modify)/;
const DONE = '{"RequestId":"8F2B7C10-3F6E-5D1A-9E0B-6A1C0D9E7F21"}';

function readCall(request: IncomingMessage, body: string): Call {
  const url = new URL(request.url ?? '/', 'http://wire');
  const [subresource] = [...url.searchParams].find(([, value]) => value === '') ?? [];
  const action = request.headers['x-acs-action'];
  const isLog = request.headers['x-log-apiversion'] !== undefined;
  const path = isLog ? `sls ${url.pathname}` : `oss ?${subresource ?? 'buckets'}`;
  const method = request.method ?? 'GET';
  const name = typeof action === 'string' ? action : path;
  return { name, method, query: url.searchParams, headers: request.headers, body };
}

function answer(account: Account, { name, method, query, headers, body }: Call, key: string) {
  const ok = (value: object) => ({ status: 200, body: JSON.stringify({ RequestId: '0A1B', ...value }) });
  const xml = (text: string, status = 200) => ({ status, body: `<?xml version="1.0" encoding="UTF-8"?>${text}` });
  const of = (parameter: string): string => query.get(parameter) ?? '';
  const done = { status: 200, body: DONE };
  if (account.denied.includes(name))
    return xml(
      '<Error><Code>AccessDenied</Code><Message>You have no right to access this object.</Message></Error>',
      403,
    );
  switch (method === 'PUT' || method === 'DELETE' ? `${method} ${name}` : name) {
    case 'GetCallerIdentity':
      return ok({ AccountId: ACCOUNT, Arn: `acs:ram::${ACCOUNT}:user/${key === WRITE_KEY ? 'mender' : 'scanner'}` });
    case 'oss ?buckets':
      return xml(
        '<ListAllMyBucketsResult><IsTruncated>false</IsTruncated><Buckets><Bucket><Name>shop-photos</Name><Location>oss-cn-shanghai</Location></Bucket></Buckets></ListAllMyBucketsResult>',
      );
    case 'oss ?acl':
      return xml(
        `<AccessControlPolicy><AccessControlList><Grant>${account.acl}</Grant></AccessControlList></AccessControlPolicy>`,
      );
    case 'PUT oss ?acl':
      account.acl = String(headers['x-oss-acl']);
      return { status: 200, body: '' };
    case 'oss ?website':
      return account.isWebsite
        ? xml('<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>')
        : xml('<Error><Code>NoSuchWebsiteConfiguration</Code><Message>none</Message></Error>', 404);
    case 'oss ?encryption':
      return account.encryption === undefined
        ? xml('<Error><Code>NoSuchServerSideEncryptionRule</Code><Message>none</Message></Error>', 404)
        : xml(
            `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${account.encryption}</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`,
          );
    case 'PUT oss ?encryption':
      account.encryption = /<SSEAlgorithm>(\w+)</.exec(body)?.[1];
      return { status: 200, body: '' };
    case 'DELETE oss ?encryption':
      account.encryption = undefined;
      return { status: 204, body: '' };
    case 'DescribeSecurityGroups':
      return ok({
        NextToken: '',
        SecurityGroups: { SecurityGroup: [{ SecurityGroupId: 'sg-bp1web', SecurityGroupName: 'web', VpcId: 'vpc-1' }] },
      });
    case 'DescribeSecurityGroupAttribute':
      return ok({
        SecurityGroupId: 'sg-bp1web',
        InnerAccessPolicy: 'Accept',
        NextToken: '',
        Permissions: { Permission: account.rules },
      });
    case 'RevokeSecurityGroup':
      account.rules = account.rules.filter((one) => one.SecurityGroupRuleId !== of('SecurityGroupRuleId.1'));
      return done;
    case 'AuthorizeSecurityGroup':
      account.rules.push({
        ...rule(`sgr-bp1again${account.rules.length}`, of('Permissions.1.PortRange'), of('Permissions.1.SourceCidrIp')),
        Description: of('Permissions.1.Description'),
        IpProtocol: of('Permissions.1.IpProtocol'),
      });
      return done;
    case 'DescribeTrails':
      return ok({ TrailList: [{ Name: 'audit', HomeRegion: 'cn-hangzhou', TrailRegion: 'All', Status: 'Enable' }] });
    case 'GetTrailStatus':
      return ok({ IsLogging: account.isLogging });
    case 'StartLogging':
    case 'StopLogging':
      account.isLogging = name === 'StartLogging';
      return done;
    case 'sls /':
      return { status: 200, body: '{"total":1,"count":1,"projects":[{"projectName":"shop-logs"}]}' };
    case 'sls /logstores':
      return { status: 200, body: '{"total":1,"count":1,"logstores":["audit"]}' };
    case 'sls /logstores/audit':
      return { status: 200, body: JSON.stringify(account.store) };
    case 'PUT sls /logstores/audit':
      // It sets everything anew: what is not said is lost.
      account.store = { ...JSON.parse(body), createTime: 1_690_000_000, lastModifyTime: 1_790_000_000 };
      return { status: 200, body: '' };
    case 'GetPasswordPolicy': {
      const { HardExpire, ...rest } = account.policy;
      return ok({ PasswordPolicy: { ...rest, HardExpire, HardExpiry: HardExpire } });
    }
    case 'SetPasswordPolicy':
      account.policy = Object.fromEntries(
        [...query]
          .filter(([parameter]) => /^(Min|Require|Hard|Max|Password|Initial)/.test(parameter))
          .map(([parameter, value]) => [parameter, /^\d+$/.test(value) ? Number(value) : value === 'true']),
      );
      return done;
    case 'ListUsers':
      return ok({ IsTruncated: false, Users: { User: [{ UserName: 'shop' }] } });
    case 'ListAccessKeys':
      return ok({
        AccessKeys: {
          AccessKey: [{ AccessKeyId: OLD_KEY, Status: account.keyStatus, CreateDate: '2023-01-01T00:00:00Z' }],
        },
      });
    case 'GetAccessKeyLastUsed':
      return ok({ AccessKeyLastUsed: { LastUsedDate: '2026-11-01T00:00:00Z', ServiceName: 'Oss' } });
    case 'UpdateAccessKey':
      if (of('UserAccessKeyId') === OLD_KEY) account.keyStatus = of('Status');
      return done;
    case 'DescribeDBInstances':
      return ok({
        TotalRecordCount: 1,
        PageNumber: 1,
        PageRecordCount: 1,
        Items: { DBInstance: [{ DBInstanceId: 'rm-bp1shop', Engine: 'MySQL', DBInstanceStatus: 'Running' }] },
      });
    case 'DescribeDBInstanceIPArrayList':
      return ok({
        Items: {
          DBInstanceIPArray: [
            ...Object.entries(account.whitelists).map(([key_, list]) => ({
              DBInstanceIPArrayName: key_.split('@')[0],
              WhitelistNetworkType: key_.split('@')[1] ?? 'MIX',
              DBInstanceIPArrayAttribute: '',
              SecurityIPList: list,
            })),
            { DBInstanceIPArrayName: 'hdm', DBInstanceIPArrayAttribute: 'hidden', SecurityIPList: '0.0.0.0/0' },
          ],
        },
      });
    case 'ModifySecurityIps':
      account.whitelists[[of('DBInstanceIPArrayName'), of('WhitelistNetworkType')].filter(Boolean).join('@')] =
        of('SecurityIps');
      return done;
    default:
      return { status: 404, body: '{"Code":"InvalidAction.NotFound","Message":"Specified api is not found."}' };
  }
}
