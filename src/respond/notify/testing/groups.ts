import { createHmac } from 'node:crypto';
import { countsPer, type ProviderRules, type Received } from './provider.ts';

interface GroupOptions {
  readonly secret?: string;
  /** The provider’s wall clock. */
  readonly clock: () => number;
  /** For its limit of rate. */
  readonly now: () => number;
}

const HOUR_MS = 3_600_000;
const KIB = 1024;

/**
 * DingTalk’s robot by its page: errors as HTTP 200 with `errcode`; the 21st message of a minute silences it for ten.
 * @see https://open.dingtalk.com/document/orgapp/custom-robot-access
 */
export function dingtalkRules({ secret, clock, now }: GroupOptions): ProviderRules {
  const hasPlace = countsPer(60_000, 20, now);
  let silentUntil = Number.NEGATIVE_INFINITY;
  return ({ url, headers, text, body }) => {
    const refuse = (errcode: number, errmsg: string) => ({
      body: { errcode, errmsg },
      headers: { date: new Date(clock()).toUTCString() },
      taken: false,
    });
    if (!headers['content-type']?.startsWith('application/json'))
      return refuse(43004, '无效的HTTP HEADER Content-Type');
    if (Buffer.byteLength(text) > 20 * KIB) return refuse(460101, 'message too long, exceed 20000 bytes');
    if (secret !== undefined) {
      const timestamp = Number(url.searchParams.get('timestamp'));
      if (Math.abs(timestamp - clock()) > HOUR_MS) return refuse(310000, 'invalid timestamp');
      const expected = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
      if (url.searchParams.get('sign') !== expected) return refuse(310000, 'sign not match');
    }
    if (url.searchParams.get('access_token') !== 'token') return refuse(300005, 'token is not exist');
    if (typeof (body['text'] as { content?: unknown } | undefined)?.content !== 'string')
      return refuse(40035, '缺少参数 json');
    if (now() < silentUntil || !hasPlace()) {
      silentUntil = now() + 10 * 60_000;
      return refuse(130101, 'send too fast, exceed 20 times per minute');
    }
    return { body: { errcode: 0, errmsg: 'ok' }, taken: true };
  };
}

/**
 * WeCom’s robot by its page.
 * @see https://developer.work.weixin.qq.com/document/path/91770
 */
export function wecomRules({ now }: Pick<GroupOptions, 'now'>): ProviderRules {
  const hasPlace = countsPer(60_000, 20, now);
  return ({ url, body }) => {
    const refuse = (errcode: number, errmsg: string) => ({ body: { errcode, errmsg }, taken: false });
    if (url.searchParams.get('key') !== 'key') return refuse(93000, 'invalid webhook url');
    const content = contentOf(body, 'text');
    if (content === undefined) return refuse(44004, 'empty content');
    if (Buffer.byteLength(content) > 2_048) return refuse(40058, 'text.content exceed max length 2048');
    if (!hasPlace()) return refuse(45009, 'api freq out of limit');
    return { body: { errcode: 0, errmsg: 'ok' }, taken: true };
  };
}

/** What a message of DingTalk or WeCom says. */
export function said({ body }: Received): string {
  return contentOf(body, 'text') ?? '';
}

function contentOf(body: Record<string, unknown>, member: string): string | undefined {
  const content = (body[member] as { content?: unknown } | undefined)?.content;
  return typeof content === 'string' && content !== '' ? content : undefined;
}
