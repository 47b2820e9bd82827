import { BartizanError } from '#kit/errors.ts';
import type { Answer, Collector, Connection, ConnectOptions, Failure } from '../collector.ts';
import { listAt, textAt } from '../fields.ts';
import { createPace } from '../pace.ts';
import type { AwsApi } from './api.ts';
import { failureOf } from './failures.ts';
import { homeOf, KNOWN_REGIONS } from './regions.ts';
import { cloudfront } from './services/cloudfront.ts';
import { ecr, ecs, eks } from './services/containers.ts';
import { ec2 } from './services/ec2.ts';
import { elb } from './services/elb.ts';
import { iam } from './services/iam.ts';
import { kms } from './services/kms.ts';
import { lambda } from './services/lambda.ts';
import { sns, sqs } from './services/messages.ts';
import { cloudtrail, config, guardduty, logs } from './services/oversight.ts';
import { rds } from './services/rds.ts';
import { s3 } from './services/s3.ts';
import { secretsmanager } from './services/secretsmanager.ts';
import { dynamodb, efs } from './services/storage.ts';
import { vpc } from './services/vpc.ts';
import { elasticache, redshift } from './services/warehouses.ts';
import { createClient, createTransport } from './transport.ts';

/** AWS, over its own SDK. */
export const awsCollector: Collector<AwsApi> = {
  provider: 'aws',
  services: [
    iam,
    s3,
    cloudfront,
    ec2,
    vpc,
    elb,
    rds,
    kms,
    lambda,
    ecs,
    eks,
    ecr,
    dynamodb,
    efs,
    elasticache,
    redshift,
    sns,
    sqs,
    secretsmanager,
    cloudtrail,
    config,
    guardduty,
    logs,
  ],
  permissions: ['ec2:DescribeRegions'],
  connect,
  policy: (permissions) =>
    `${JSON.stringify(
      {
        Version: '2012-10-17',
        Statement: [{ Sid: 'BartizanReads', Effect: 'Allow', Action: permissions, Resource: '*' }],
      },
      undefined,
      2,
    )}\n`,
};

async function connect({ regions, endpointBase }: ConnectOptions): Promise<Connection<AwsApi>> {
  const chain = await createClient('sts', { endpointBase });
  const named = await chain.config.region().catch(() => undefined);
  const home = homeOf(named ?? regions?.[0]);
  const { credentials } = chain.config;
  const pace = createPace();
  const asking = (account: string) => {
    const transport = createTransport({ credentials, account, endpointBase, home });
    const ask = async (api: AwsApi): Promise<Answer> =>
      await pace.call(transport.limit(api, undefined), () => transport.ask(api, {}, undefined));
    return { transport, ask };
  };
  if (typeof credentials === 'function') {
    try {
      await (credentials as () => Promise<unknown>)();
    } catch (thrown) {
      throw refused(failureOf(thrown), 'none of the usual places has any that can be used');
    }
  }
  const identity = await asking('').ask({ service: 'sts', command: 'GetCallerIdentity' });
  if (!identity.ok) throw refused(identity.failure);
  const account = textAt(identity.value, 'Account');
  if (account === undefined)
    throw new BartizanError('BTZ_CLOUD_UNREACHABLE', { ...NAMED, problem: 'it does not say who we are' });
  const { transport, ask } = asking(account);
  if (regions !== undefined && regions.length > 0) return { account, regions, transport, notes: [] };
  const listed = await ask({ service: 'ec2', command: 'DescribeRegions' });
  const names = listed.ok ? listAt(listed.value, 'Regions').flatMap((one) => textAt(one, 'RegionName') ?? []) : [];
  if (names.length > 0) return { account, regions: names, transport, notes: [] };
  const why = listed.ok ? 'the list is empty' : `${listed.failure.code}; grant ec2:DescribeRegions`;
  return {
    account,
    regions: KNOWN_REGIONS[home] ?? [home],
    transport,
    notes: [`the regions could not be listed (${why}): asking all that are open to every account`],
  };
}

const NAMED = { provider: 'AWS' };

function refused({ kind, code, message }: Failure, problem = `${code}: ${message}`): BartizanError {
  if (kind === 'busy' || kind === 'throttled' || kind === 'malformed')
    return new BartizanError('BTZ_CLOUD_UNREACHABLE', { ...NAMED, problem });
  return new BartizanError('BTZ_CLOUD_CREDENTIALS', {
    ...NAMED,
    problem,
    suggestion:
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (AWS_SESSION_TOKEN too for temporary ones), or name a profile with AWS_PROFILE, or use a role of the machine; who they belong to is asked with sts:GetCallerIdentity.',
  });
}
