import { BartizanError } from '#kit/errors.ts';
import { textAt } from '#kit/json-path.ts';
import { type Credential, credentials } from '#posture/collectors/alicloud/sdk.ts';
import { createTransport } from '#posture/collectors/alicloud/transport.ts';
import type { Cloud, CloudAnswer, CloudCall } from '#respond/actions/repair/index.ts';
import { asCloud, type CloudOptions } from './cloud-identity.ts';

/**
 * The accounts that this centre has credentials for. The role that reads is the one that `cloud scan` works with: the
 * environment or the standard chain. The role that repairs has credentials of its own, and never falls back on others.
 *
 * Both throw BTZ_CLOUD_CREDENTIALS and BTZ_CLOUD_UNREACHABLE, `writer` BTZ_REPAIR_NO_ROLE too.
 */
export function createClouds(options: CloudOptions) {
  const { env, endpointBase } = options;
  return {
    reader: async (provider: string): Promise<Cloud> => {
      if (provider === 'aws') return await (await import('./clouds-aws.ts')).awsReader(options);
      mustBeAlicloud(provider);
      return await cloudOf(() => new credentials.default(), endpointBase);
    },
    writer: async (provider: string): Promise<Cloud> => {
      if (provider === 'aws') return await (await import('./clouds-aws.ts')).awsWriter(options);
      mustBeAlicloud(provider);
      const settings = writeRole(env);
      const cloud = await cloudOf(() => new credentials.default(new credentials.Config(settings)), endpointBase);
      return { ...cloud, ask: async (call) => taken(await cloud.ask(call)) };
    },
  };
}

function mustBeAlicloud(provider: string): void {
  if (provider !== 'alicloud') throw new BartizanError('BTZ_REPAIR_NONE', { check: provider });
}

const PREFIX = 'BARTIZAN_REPAIR_ALIBABA_CLOUD_';
const NAMED = {
  provider: 'Alibaba Cloud',
  suggestion:
    'Give the centre the credentials that `./bartizan cloud scan` works with, and for repairs those of a role of their own.',
};

/** Keys, keys that may become a role, or the role of this machine itself. */
function writeRole(env: CloudOptions['env']): Record<string, unknown> {
  const of = (name: string): string | undefined => env[`${PREFIX}${name}`] || undefined;
  const [accessKeyId, accessKeySecret] = [of('ACCESS_KEY_ID'), of('ACCESS_KEY_SECRET')];
  const [securityToken, roleArn, roleName] = [of('SECURITY_TOKEN'), of('ROLE_ARN'), of('ECS_METADATA')];
  if (accessKeyId !== undefined && accessKeySecret !== undefined) {
    const keys = { accessKeyId, accessKeySecret };
    if (roleArn !== undefined)
      return { type: 'ram_role_arn', ...keys, securityToken, roleArn, roleSessionName: 'bartizan-repair' };
    return securityToken === undefined ? { type: 'access_key', ...keys } : { type: 'sts', ...keys, securityToken };
  }
  if (roleName !== undefined) return { type: 'ecs_ram_role', roleName };
  throw new BartizanError('BTZ_REPAIR_NO_ROLE', {
    ...NAMED,
    suggestion: `Make a RAM user or role with what \`./bartizan cloud repair --print-policy\` prints, give the centre ${PREFIX}ACCESS_KEY_ID and ${PREFIX}ACCESS_KEY_SECRET (${PREFIX}ROLE_ARN for a role they may take on; ${PREFIX}ECS_METADATA for a role of the machine), and start it again.`,
  });
}

async function cloudOf(makeCredential: () => Credential, endpointBase: string | undefined): Promise<Cloud> {
  let keyId: string;
  let credential: Credential;
  try {
    credential = makeCredential();
    keyId = (await credential.getCredential()).accessKeyId ?? '';
  } catch (thrown) {
    const problem = 'none of the usual places has any';
    throw new BartizanError('BTZ_CLOUD_CREDENTIALS', { ...NAMED, problem }, { cause: thrown });
  }
  const transport = createTransport(credential, endpointBase);
  const ask = async ({ api, params, region }: CloudCall): Promise<CloudAnswer> => {
    if (api.product === 'aws') throw new TypeError('Alibaba Cloud has no commands of AWS');
    return await transport.ask(api, params, region);
  };
  return await asCloud(NAMED, WHO, keyId, ask, (answer) => ({
    account: textAt(answer, 'AccountId'),
    // `acs:ram::1:assumed-role/name/session`: each time another one.
    identity: textAt(answer, 'Arn')?.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1'),
  }));
}

const WHO: CloudCall = {
  permission: 'sts:GetCallerIdentity',
  api: { product: 'sts', version: '2015-04-01', action: 'GetCallerIdentity' },
  params: {},
};

/** A write answers with nothing but the number of the request. */
function taken(answer: CloudAnswer): CloudAnswer {
  return !answer.ok && answer.failure.code === 'Empty' ? { ok: true, value: {} } : answer;
}
