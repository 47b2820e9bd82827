import type { Answer, Params, Transport } from '../collector.ts';
import { readBody, toPlain } from './answer.ts';
import type { AwsApi, AwsService } from './api.ts';
import { failureOf } from './failures.ts';
import { type AwsClient, loadService } from './sdk.ts';

const CONNECT_MS = 8000;
const READ_MS = 30_000;
/** Where no limit is published. */
const USUAL_PER_SECOND = 10;

interface TransportOptions {
  /** Keys as the SDK’s standard chain gives them; it renews them itself. */
  readonly credentials: unknown;
  readonly account: string;
  readonly endpointBase: string | undefined;
  /** Where services of the account as a whole are asked. */
  readonly home: string;
}

/** Speaks to AWS with its own SDK; asks once, and never prints or keeps keys. */
export function createTransport({ credentials, account, endpointBase, home }: TransportOptions): Transport<AwsApi> {
  const clients = new Map<string, Promise<AwsClient>>();
  const clientOf = (service: AwsService, region: string): Promise<AwsClient> => {
    const key = `${service} ${region}`;
    let client = clients.get(key);
    if (client === undefined) clients.set(key, (client = createClient(service, { credentials, region, endpointBase })));
    return client;
  };

  return {
    limit: ({ service, command, perSecond = USUAL_PER_SECOND }, region) => ({
      key: `${service} ${command} ${region ?? ''}`,
      perSecond,
    }),
    async ask(api, { region: asked, ...params }, region) {
      try {
        const place = typeof asked === 'string' && asked !== '' ? asked : (region ?? home);
        const [client, { commandOf }] = await Promise.all([clientOf(api.service, place), loadService(api.service)]);
        const command = new (commandOf(api.command))(inputOf(api, params));
        if (api.ofAccount) askAccount(command as AwsClient, account, place, endpointBase === undefined);
        return { ok: true, value: toPlain(await client.send(command)) };
      } catch (thrown) {
        return refused(thrown, endpointBase === undefined);
      }
    },
  };
}

interface ClientOptions {
  /** As the standard chain says where not given. */
  readonly region?: string;
  readonly endpointBase: string | undefined;
  /** The standard chain where not given. */
  readonly credentials?: unknown;
  /** Off for tests that make what is then read: answers to writing may be empty. */
  readonly isReading?: boolean;
}

/** A client that asks once and refuses what is not an answer. */
export async function createClient(
  service: AwsService,
  { region, endpointBase, credentials, isReading = true }: ClientOptions,
): Promise<AwsClient> {
  const { Client } = await loadService(service);
  const client = new Client({
    ...(region === undefined ? {} : { region }),
    // Repeating is the pace’s: it knows the limits.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: READ_MS },
    customUserAgent: 'Bartizan',
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpointBase === undefined ? {} : { endpoint: new URL(endpointBase).origin }),
    // Else it asks the host that the queue’s address names.
    ...(service === 'sqs' && endpointBase !== undefined ? { useQueueUrlAsEndpoint: false } : {}),
    ...(service === 's3' ? { forcePathStyle: endpointBase !== undefined, followRegionRedirects: true } : {}),
  });
  const reading = (next: (args: unknown) => Promise<{ response: { statusCode: number; body: unknown } }>) => {
    return async (args: unknown) => {
      const result = await next(args);
      result.response.body = await readBody(result.response.statusCode, result.response.body);
      return result;
    };
  };
  if (isReading) client.middlewareStack.add(reading, { step: 'deserialize', priority: 'low', name: 'readBody' });
  return client;
}

function inputOf({ input, lists = [] }: AwsApi, params: Params): Readonly<Record<string, unknown>> {
  const made: Record<string, unknown> = { ...input, ...params };
  for (const name of lists) {
    const text = made[name];
    if (typeof text === 'string') made[name] = text.split('\n');
  }
  return made;
}

/**
 * Sends the question for a bucket’s block of public access to the account’s instead: S3 Control answers in the same form,
 * under another host and path.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
 */
function askAccount(
  { middlewareStack }: Pick<AwsClient, 'middlewareStack'>,
  account: string,
  region: string,
  isReal: boolean,
): void {
  interface Built {
    readonly request: {
      path: string;
      hostname: string;
      query: Record<string, unknown>;
      headers: Record<string, string>;
    };
  }
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const redirecting = (next: (args: Built) => Promise<unknown>) => (args: Built) => {
    const { request } = args;
    request.path = '/v20180820/configuration/publicAccessBlock';
    request.query = {};
    request.headers['x-amz-account-id'] = account;
    if (isReal) {
      request.hostname = `${account}.s3-control.${region}.${suffix}`;
      request.headers['host'] = request.hostname;
    }
    return next(args);
  };
  middlewareStack.add(redirecting, { step: 'build', priority: 'low', name: 'askAccount' });
}

/** A service that is not in a region has no host there. */
function refused(thrown: unknown, isReal: boolean): Answer {
  const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown };
  if (isReal && (code === 'ENOTFOUND' || (code === undefined && String(message).startsWith('getaddrinfo ENOTFOUND'))))
    return { ok: false, failure: { kind: 'not_offered', code: 'NoSuchHost', message: 'no such endpoint' } };
  return { ok: false, failure: failureOf(thrown) };
}
