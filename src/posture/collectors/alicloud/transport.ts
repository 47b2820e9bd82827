import { lookup } from 'node:dns/promises';
import { isJsonObject, parseJson } from '#kit/json.ts';
import type { Answer, Params, Transport } from '../collector.ts';
import { textAt } from '../fields.ts';
import type { AlicloudApi, OpenApi, Product } from './api.ts';
import { hostOf } from './endpoints.ts';
import { failureOf, thrownFailure } from './failures.ts';
import { askOss, type OssKeys } from './oss-client.ts';
import { type Credential, type OpenApiClient, openapi } from './sdk.ts';
import { askSls } from './sls-client.ts';

const CONNECT_MS = 8000;
const READ_MS = 30_000;
/** No page of an answer is near that. */
const MOST_CHARACTERS = 32 * 1024 * 1024;
/** Where no limit is published: what every read operation that publishes one allows at least. */
const USUAL_PER_SECOND = 10;

/** Speaks to Alibaba Cloud with its own SDKs; asks once, and never prints or keeps keys. */
export function createTransport(credential: Credential, endpointBase: string | undefined): Transport<AlicloudApi> {
  const base = endpointBase === undefined ? undefined : new URL(endpointBase);
  const clients = new Map<string, OpenApiClient>();
  const clientOf = (product: Product, region: string | undefined) => {
    const host = hostOf(product, region);
    let client = clients.get(host);
    if (client === undefined) {
      client = new openapi.default(
        new openapi.Config({
          credential,
          endpoint: base?.host ?? host,
          protocol: (base?.protocol ?? 'https:').slice(0, -1),
          connectTimeout: CONNECT_MS,
          readTimeout: READ_MS,
          userAgent: 'Bartizan',
        }),
      );
      clients.set(host, client);
    }
    return client;
  };
  const keys = async (): Promise<OssKeys> => {
    const { accessKeyId = '', accessKeySecret = '', securityToken } = await credential.getCredential();
    return { accessKeyId, accessKeySecret, stsToken: securityToken };
  };

  return {
    limit: ({ product, perSecond = USUAL_PER_SECOND, ...api }, region) => ({
      key: `${product} ${'action' in api ? api.action : 'path' in api ? api.path : api.subresource} ${region ?? ''}`,
      perSecond,
    }),
    async ask(api, params, region) {
      try {
        if (api.product === 'oss') return await askOss(await keys(), base, api, params);
        if (api.product === 'sls') return await askSls(await keys(), base, api, params, region, Date.now());
        const client = clientOf(api.product, region);
        return readAnswer(await askOpenApi(client, api, params, region));
      } catch (thrown) {
        if (base === undefined && (await isNoSuchHost(thrown)))
          return { ok: false, failure: { kind: 'not_offered', code: 'NoSuchHost', message: 'no such endpoint' } };
        return { ok: false, failure: thrownFailure(thrown) };
      }
    },
  };
}

async function askOpenApi(
  client: OpenApiClient,
  { version, action, path }: OpenApi,
  params: Params,
  region: string | undefined,
): Promise<unknown> {
  const query: Record<string, string> = {};
  let pathname = path ?? '/';
  for (const [name, value] of Object.entries(params)) {
    if (pathname.includes(`{${name}}`)) pathname = pathname.replace(`{${name}}`, encodeURIComponent(value));
    else query[name] = String(value);
  }
  if (path === undefined && region !== undefined && query['RegionId'] === undefined) query['RegionId'] = region;
  const style = path === undefined ? 'RPC' : 'ROA';
  const called = new openapi.Params({
    action,
    version,
    protocol: 'HTTPS',
    pathname,
    method: style === 'RPC' ? 'POST' : 'GET',
    authType: 'AK',
    style,
    reqBodyType: style === 'RPC' ? 'formData' : 'json',
    bodyType: 'string',
  });
  const { body } = (await client.callApi(called, new openapi.OpenApiRequest({ query }), RUNTIME)) as {
    readonly body: unknown;
  };
  return body;
}

/** Repeating is the pace’s: it knows the limits. */
const RUNTIME = { autoretry: false } as unknown as Parameters<OpenApiClient['callApi']>[2];

function readAnswer(body: unknown): Answer {
  if (typeof body !== 'string' || body.length > MOST_CHARACTERS) return { ok: false, failure: UNREADABLE };
  const read = parseJson(body);
  if (!read.ok || (!isJsonObject(read.value) && !Array.isArray(read.value))) return { ok: false, failure: UNREADABLE };
  // Some products answer 200 and say no in the body.
  if (isJsonObject(read.value) && [read.value['Success'], read.value['success']].includes(false)) {
    const code = textAt(read.value, 'Code') ?? textAt(read.value, 'code') ?? 'Refused';
    const message = textAt(read.value, 'Message') ?? textAt(read.value, 'message') ?? '';
    return { ok: false, failure: failureOf(code, message, Number(code) >= 100 ? Number(code) : 400) };
  }
  if (Object.keys(read.value).every((name) => /^request_?id$/i.test(name))) return { ok: false, failure: EMPTY };
  return { ok: true, value: read.value };
}

const EMPTY = { kind: 'malformed', code: 'Empty', message: 'the answer says nothing' } as const;

const UNREADABLE = { kind: 'malformed', code: 'Malformed', message: 'the answer is not JSON' } as const;

/** A product that is not in a region has no host there; with the network down no host has an address. */
async function isNoSuchHost(thrown: unknown): Promise<boolean> {
  if ((thrown as { readonly code?: unknown }).code !== 'ENOTFOUND') return false;
  return await lookup(hostOf('sts', undefined)).then(
    () => true,
    () => false,
  );
}
