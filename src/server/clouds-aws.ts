import { BartizanError } from '#kit/errors.ts';
import { textAt } from '#kit/json-path.ts';
import { failureOf } from '#posture/collectors/aws/failures.ts';
import { homeOf } from '#posture/collectors/aws/regions.ts';
import { loadService } from '#posture/collectors/aws/sdk.ts';
import { createClient, createTransport } from '#posture/collectors/aws/transport.ts';
import type { Cloud, CloudAnswer, CloudCall } from '#respond/actions/repair/index.ts';
import { asCloud, type CloudOptions } from './cloud-identity.ts';

const NAMED = {
  provider: 'AWS',
  suggestion: 'Give the centre the credentials that `./bartizan cloud scan` works with.',
};
const PREFIX = 'BARTIZAN_REPAIR_AWS_';

/** AWS with the credentials of the SDK’s standard chain; it only reads. */
export async function awsReader({ endpointBase }: CloudOptions): Promise<Cloud> {
  const chain = await createClient('sts', { endpointBase });
  const { credentials } = chain.config;
  const keyId = await keyIdOf(credentials);
  const home = homeOf(await chain.config.region().catch(() => undefined));
  const transport = createTransport({ credentials, account: '', endpointBase, home });
  const ask = async ({ api, region }: CloudCall): Promise<CloudAnswer> => {
    if (api.product !== 'aws') throw new TypeError(`AWS has no ${api.product}`);
    const { service, command, input } = api;
    return await transport.ask({ service, command, input }, {}, region);
  };
  return await asCloud(NAMED, WHO, keyId, ask, readIdentity);
}

/** AWS with keys of its own, which may change things. */
export async function awsWriter({ env, endpointBase }: CloudOptions): Promise<Cloud> {
  const of = (name: string): string | undefined => env[`${PREFIX}${name}`] || undefined;
  const [accessKeyId, secretAccessKey] = [of('ACCESS_KEY_ID'), of('SECRET_ACCESS_KEY')];
  const sessionToken = of('SESSION_TOKEN');
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new BartizanError('BTZ_REPAIR_NO_ROLE', {
      ...NAMED,
      suggestion: `Make an IAM user or role with what \`./bartizan cloud repair --print-policy --provider aws\` prints, give the centre ${PREFIX}ACCESS_KEY_ID and ${PREFIX}SECRET_ACCESS_KEY (${PREFIX}SESSION_TOKEN for those of a role), and start it again.`,
    });
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  const home = homeOf(undefined);
  const ask = async ({ api, region }: CloudCall): Promise<CloudAnswer> => {
    if (api.product !== 'aws') throw new TypeError(`AWS has no ${api.product}`);
    const { service, command, input } = api;
    try {
      // Answers to writing may be empty.
      const options = { region: region ?? home, endpointBase, credentials, isReading: false };
      const [client, { commandOf }] = await Promise.all([createClient(service, options), loadService(service)]);
      return { ok: true, value: await client.send(new (commandOf(command))(input)) };
    } catch (thrown) {
      return { ok: false, failure: failureOf(thrown) };
    }
  };
  return await asCloud(NAMED, WHO, accessKeyId, ask, readIdentity);
}

const WHO: CloudCall = {
  permission: 'sts:GetCallerIdentity',
  api: { product: 'aws', service: 'sts', command: 'GetCallerIdentity', input: {} },
  params: {},
};

function readIdentity(answer: unknown) {
  const arn = textAt(answer, 'Arn');
  // `arn:aws:sts::1:assumed-role/name/session`: each time another one.
  return { account: textAt(answer, 'Account'), identity: arn?.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1') };
}

async function keyIdOf(credentials: unknown): Promise<string> {
  try {
    const keys: unknown = typeof credentials === 'function' ? await credentials() : credentials;
    return textAt(keys, 'accessKeyId') ?? '';
  } catch (thrown) {
    const problem = 'none of the usual places has any that can be used';
    throw new BartizanError('BTZ_CLOUD_CREDENTIALS', { ...NAMED, problem }, { cause: thrown });
  }
}
