import { createHash, createHmac } from 'node:crypto';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isJsonObject, parseJson } from '#kit/json.ts';
import type { Answer, Params } from '../collector.ts';
import { textAt } from '../fields.ts';
import type { SlsApi } from './api.ts';
import { failureOf, thrownFailure } from './failures.ts';
import type { OssKeys } from './oss-client.ts';

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 8 * 1024 * 1024;
/** Becomes part of a host name. */
const PROJECT = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/**
 * Asks Log Service, whose API has a signature of its own that the general client does not speak.
 *
 * @param params `project` becomes part of the host; names in braces of the path are filled in, the others are the query
 * @see https://help.aliyun.com/zh/sls/developer-reference/request-signatures
 */
export async function askSls(
  keys: OssKeys,
  base: URL | undefined,
  api: SlsApi,
  { project = '', ...params }: Params,
  region: string | undefined,
  nowMs: number,
): Promise<Answer> {
  if (project !== '' && !PROJECT.test(String(project)))
    return { ok: false, failure: { kind: 'malformed', code: 'ProjectName', message: 'not the name of a project' } };
  let path = api.path;
  const query: [string, string][] = [];
  for (const [name, value] of Object.entries(params)) {
    if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(value));
    else query.push([name, String(value)]);
  }
  query.sort(([one], [other]) => (one < other ? -1 : 1));
  const host = `${project === '' ? '' : `${String(project)}.`}${region ?? 'cn-hangzhou'}.log.aliyuncs.com`;
  const url = new URL(path, base ?? `https://${host}`);
  for (const [name, value] of query) url.searchParams.set(name, value);
  const headers = signed(keys, path, query, new Date(nowMs).toUTCString(), api.write);
  try {
    const { status, body } = await send(url, { ...headers, host }, api.write);
    if (status === 200 && api.write !== undefined) return { ok: true, value: {} };
    if (status === 200 && body === '') return { ok: false, failure: EMPTY };
    const read = parseJson(body);
    if (!read.ok || !isJsonObject(read.value)) {
      if (status >= 500) return { ok: false, failure: failureOf('ServiceUnavailable', '', status) };
      return { ok: false, failure: { kind: 'malformed', code: 'Malformed', message: 'the answer is not JSON' } };
    }
    if (status === 200) return { ok: true, value: read.value };
    const code = textAt(read.value, 'errorCode') ?? 'Error';
    return { ok: false, failure: failureOf(code, textAt(read.value, 'errorMessage') ?? '', status) };
  } catch (thrown) {
    return { ok: false, failure: thrownFailure(thrown) };
  }
}

const EMPTY = { kind: 'malformed', code: 'Empty', message: 'the answer says nothing' } as const;

/** Exported for its test: the signature is worked out by hand there. */
export function signed(
  { accessKeyId, accessKeySecret, stsToken }: OssKeys,
  path: string,
  query: readonly (readonly [string, string])[],
  date: string,
  { method, body = '' }: { readonly method: string; readonly body?: string } = { method: 'GET' },
): Readonly<Record<string, string>> {
  const own: Record<string, string> = {
    ...(stsToken === undefined || stsToken === '' ? {} : { 'x-acs-security-token': stsToken }),
    'x-log-apiversion': '0.6.0',
    'x-log-bodyrawsize': String(Buffer.byteLength(body)),
    'x-log-signaturemethod': 'hmac-sha1',
  };
  const lines = Object.entries(own).map(([name, value]) => `${name}:${value}`);
  const resource = query.length === 0 ? path : `${path}?${query.map(([name, value]) => `${name}=${value}`).join('&')}`;
  const content: Record<string, string> =
    body === ''
      ? {}
      : {
          'content-md5': createHash('md5').update(body).digest('hex').toUpperCase(),
          'content-type': 'application/json',
        };
  const about = [content['content-md5'] ?? '', content['content-type'] ?? ''];
  const text = [method, ...about, date, ...lines, resource].join('\n');
  const signature = createHmac('sha1', accessKeySecret).update(text).digest('base64');
  return { ...own, ...content, date, authorization: `LOG ${accessKeyId}:${signature}` };
}

/** Follows nothing: an answer that leads elsewhere is none. */
async function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { method, body = '' }: { readonly method: string; readonly body?: string } = { method: 'GET' },
): Promise<{ readonly status: number; readonly body: string }> {
  const ask = url.protocol === 'http:' ? requestHttp : requestHttps;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = ask(url, {
      method,
      headers: { ...headers, ...length },
      timeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    request.once('response', resolve).once('error', reject).end(body);
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return { status: response.statusCode ?? 0, body: '' };
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
}
