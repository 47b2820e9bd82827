import { BartizanError } from '#kit/errors.ts';
import type { Answer, Collector, Connection, ConnectOptions, Failure } from '../collector.ts';
import { listAt, textAt } from '../fields.ts';
import { createPace } from '../pace.ts';
import type { AlicloudApi } from './api.ts';
import { KNOWN_REGIONS } from './endpoints.ts';
import { thrownFailure } from './failures.ts';
import { credentials } from './sdk.ts';
import { ack } from './services/ack.ts';
import { acr } from './services/acr.ts';
import { actiontrail } from './services/actiontrail.ts';
import { alb } from './services/alb.ts';
import { cdn } from './services/cdn.ts';
import { ecs } from './services/ecs.ts';
import { ecsImages } from './services/ecs-images.ts';
import { ess } from './services/ess.ts';
import { fc } from './services/fc.ts';
import { kms } from './services/kms.ts';
import { kvstore } from './services/kvstore.ts';
import { mongodb } from './services/mongodb.ts';
import { nas } from './services/nas.ts';
import { nlb } from './services/nlb.ts';
import { oss } from './services/oss.ts';
import { cms, config } from './services/oversight.ts';
import { polardb } from './services/polardb.ts';
import { cloudFirewall, securityCenter, waf } from './services/protection.ts';
import { ram } from './services/ram.ts';
import { rds } from './services/rds.ts';
import { securityGroups } from './services/security-groups.ts';
import { slb } from './services/slb.ts';
import { sls } from './services/sls.ts';
import { vpc } from './services/vpc.ts';
import { createTransport } from './transport.ts';

/** Alibaba Cloud, over its own SDKs. */
export const alicloudCollector: Collector<AlicloudApi> = {
  provider: 'alicloud',
  services: [
    ram,
    actiontrail,
    oss,
    config,
    cms,
    cdn,
    securityCenter,
    waf,
    cloudFirewall,
    ecs,
    securityGroups,
    ecsImages,
    vpc,
    rds,
    kvstore,
    slb,
    alb,
    nlb,
    kms,
    sls,
    mongodb,
    polardb,
    ack,
    acr,
    nas,
    fc,
    ess,
  ],
  permissions: ['ecs:DescribeRegions'],
  connect,
  policy: (permissions) =>
    `${JSON.stringify(
      { Version: '1', Statement: [{ Effect: 'Allow', Action: permissions, Resource: '*' }] },
      undefined,
      2,
    )}\n`,
};

async function connect({ regions, endpointBase }: ConnectOptions): Promise<Connection<AlicloudApi>> {
  const strange = regions?.find((name) => !REGION.test(name));
  if (strange !== undefined)
    throw new BartizanError('BTZ_USAGE', { problem: `error: ${strange} is not the name of a region.` });
  const credential = new credentials.default();
  try {
    await credential.getCredential();
  } catch (thrown) {
    throw refused(thrownFailure(thrown), 'none of the usual places has any');
  }
  const transport = createTransport(credential, endpointBase);
  const pace = createPace();
  const ask = async (api: AlicloudApi): Promise<Answer> =>
    await pace.call(transport.limit(api, undefined), () => transport.ask(api, {}, undefined));
  const identity = await ask({ product: 'sts', version: '2015-04-01', action: 'GetCallerIdentity' });
  if (!identity.ok) throw refused(identity.failure);
  const account = textAt(identity.value, 'AccountId');
  if (account === undefined)
    throw new BartizanError('BTZ_CLOUD_UNREACHABLE', { ...NAMED, problem: 'it does not say who we are' });
  if (regions !== undefined && regions.length > 0) return { account, regions, transport, notes: [] };
  const listed = await ask({ product: 'ecs', version: '2014-05-26', action: 'DescribeRegions' });
  const names = listed.ok
    ? listAt(listed.value, 'Regions.Region')
        .flatMap((one) => textAt(one, 'RegionId') ?? [])
        .filter((name) => REGION.test(name))
    : [];
  if (names.length > 0) return { account, regions: names, transport, notes: [] };
  const why = listed.ok ? 'the list is empty' : `${listed.failure.code}; grant ecs:DescribeRegions`;
  return {
    account,
    regions: KNOWN_REGIONS,
    transport,
    notes: [`the regions could not be listed (${why}): asking all that are known`],
  };
}

/** Becomes part of host names. */
const REGION = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const NAMED = { provider: 'Alibaba Cloud' };

function refused({ kind, code, message }: Failure, problem = `${code}: ${message}`): BartizanError {
  if (kind === 'busy' || kind === 'throttled') return new BartizanError('BTZ_CLOUD_UNREACHABLE', { ...NAMED, problem });
  return new BartizanError('BTZ_CLOUD_CREDENTIALS', {
    ...NAMED,
    problem,
    suggestion:
      'Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (ALIBABA_CLOUD_SECURITY_TOKEN too for temporary ones), or use a profile or an instance role; who they belong to is asked with sts:GetCallerIdentity.',
  });
}
