import AliOss from 'ali-oss';
import { isJsonObject } from '#kit/json.ts';
import type { Answer, Params } from '../collector.ts';
import type { OssApi } from './api.ts';
import { HOME } from './endpoints.ts';
import { failureOf, thrownFailure } from './failures.ts';

export interface OssKeys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly stsToken: string | undefined;
}

/** Both become part of a host name. */
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const LOCATION = /^oss-[a-z0-9-]{1,40}$/;
const TIMEOUT_MS = 30_000;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Asks OSS for the list of buckets, or for a sub-resource of one, with its own SDK.
 *
 * XML comes back as an object without its root; a bucket policy, which is JSON, as `{ Policy: text }`.
 *
 * A write (`write`) that is taken answers `{}`.
 *
 * @param params `bucket` and `location` (`oss-cn-hangzhou`); others go into the query
 */
export async function askOss(
  keys: OssKeys,
  base: URL | undefined,
  { subresource, write }: OssApi,
  { bucket = '', location = `oss-${HOME}`, ...query }: Params,
): Promise<Answer> {
  const region = String(location);
  if (!(bucket === '' || BUCKET.test(String(bucket))) || !LOCATION.test(region))
    return { ok: false, failure: { kind: 'malformed', code: 'BucketName', message: 'not the name of a bucket' } };
  const client = new AliOss({
    ...keys,
    region,
    secure: base === undefined || base.protocol === 'https:',
    timeout: TIMEOUT_MS,
    authorizationV4: true,
    // Each call brings its own keys; without these the SDK prints advice to standard error.
    refreshSTSToken: () => Promise.resolve(keys),
    refreshSTSTokenInterval: 3_600_000,
    ...(base === undefined ? {} : { endpoint: base.origin }),
  });
  const { status, res } = await client
    .request({
      method: write?.method ?? 'GET',
      bucket: bucket === '' ? undefined : String(bucket),
      subres: subresource === 'buckets' ? undefined : subresource,
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
      timeout: TIMEOUT_MS,
      ...(write?.headers === undefined ? {} : { headers: write.headers }),
      ...(write?.body === undefined ? {} : { mime: 'xml', content: write.body }),
    })
    .then(({ res: answer, status: code }) => ({ status: code, res: answer }));
  const body = res.data;
  if (write !== undefined && (status === 200 || status === 204)) return { ok: true, value: {} };
  if (body === undefined || body.length > MOST_BYTES)
    return { ok: false, failure: { kind: 'malformed', code: 'TooLarge', message: 'the answer is too large' } };
  if (status !== 200) return { ok: false, failure: await errorOf(client, status, body) };
  if (subresource === 'policy') return { ok: true, value: { Policy: body.toString('utf8') } };
  try {
    // What is not set comes as the root element alone. A page of something in between is no answer.
    const root = /^\s*(?:<\?xml[^>]*\?>\s*)?<(\w+)/.exec(body.toString('utf8', 0, 200))?.[1];
    if (root === undefined || /^html$/i.test(root)) return { ok: false, failure: UNREADABLE };
    const value = await client.parseXML(body);
    if (typeof value === 'string' && value.trim() === '') return { ok: true, value: {} };
    return isJsonObject(value) ? { ok: true, value } : { ok: false, failure: UNREADABLE };
  } catch {
    return { ok: false, failure: UNREADABLE };
  }
}

const UNREADABLE = { kind: 'malformed', code: 'Malformed', message: 'the answer is not XML' } as const;

async function errorOf(client: AliOss, status: number, body: Buffer) {
  try {
    const error = await client.parseXML(body);
    const { Code: code, Message: message } = isJsonObject(error) ? error : {};
    return failureOf(typeof code === 'string' ? code : 'Error', typeof message === 'string' ? message : '', status);
  } catch (thrown) {
    return { ...thrownFailure(thrown), ...(status >= 500 ? { kind: 'busy' as const } : {}) };
  }
}
