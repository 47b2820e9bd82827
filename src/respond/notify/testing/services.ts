import { createHmac } from 'node:crypto';
import { countsPer, type ProviderRules } from './provider.ts';

interface ServiceOptions {
  readonly secret?: string;
  readonly clock: () => number;
  readonly now: () => number;
}

const KIB = 1024;

/** @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
export function feishuRules({ secret, clock, now }: ServiceOptions): ProviderRules {
  const inSecond = countsPer(1_000, 5, now);
  const inMinute = countsPer(60_000, 100, now);
  return ({ text, body }) => {
    const refuse = (code: number, msg: string) => ({
      body: { code, msg, data: {} },
      headers: { date: new Date(clock()).toUTCString() },
      taken: false,
    });
    if (Buffer.byteLength(text) > 20 * KIB || body['msg_type'] !== 'post') return refuse(9499, 'Bad Request');
    if (secret !== undefined) {
      const timestamp = Number(body['timestamp']);
      const expected = createHmac('sha256', `${timestamp}\n${secret}`).digest('base64');
      if (Math.abs(timestamp * 1000 - clock()) > 3_600_000 || body['sign'] !== expected)
        return refuse(19021, 'sign match fail or timestamp is not within one hour from current time');
    }
    if (!inSecond() || !inMinute()) return refuse(11232, 'frequency limited psm[lark.oapi.app_platform_runtime]');
    return { body: { code: 0, msg: 'success', data: {} }, taken: true };
  };
}

/** @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export function slackRules({ now }: ServiceOptions): ProviderRules {
  const hasPlace = countsPer(1_000, 1, now);
  return ({ body }) => {
    const blocks = body['blocks'] as readonly { type: string; text?: { text: string } }[];
    const isTooLong = blocks.some(
      ({ type, text }) => text !== undefined && text.text.length > (type === 'header' ? 150 : 3_000),
    );
    if (isTooLong || typeof body['text'] !== 'string') return { status: 400, body: 'invalid_blocks', taken: false };
    if (!hasPlace()) return { status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited', taken: false };
    return { body: 'ok', taken: true };
  };
}

/** @see https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook */
export function teamsRules({ now }: ServiceOptions): ProviderRules {
  const hasPlace = countsPer(1_000, 4, now);
  return ({ text, body }) => {
    if (Buffer.byteLength(text) > 28 * KIB) return { status: 413, body: '', taken: false };
    const [card] = body['attachments'] as readonly { contentType: string }[];
    if (card?.contentType !== 'application/vnd.microsoft.card.adaptive') return { status: 400, body: '', taken: false };
    return hasPlace() ? { status: 202, body: '', taken: true } : { status: 429, body: '', taken: false };
  };
}

/** @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */
export function pagerdutyRules({ secret, now }: ServiceOptions): ProviderRules {
  const hasPlace = countsPer(60_000, 120, now);
  const open = new Set<unknown>();
  return ({ text, body }) => {
    const payload = body['payload'] as { summary?: string; severity?: string; source?: string };
    const invalid = (problem: string) => ({
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid', errors: [problem] },
      taken: false,
    });
    if (Buffer.byteLength(text) > 512 * KIB) return invalid('too large');
    if (body['routing_key'] !== secret) return invalid("'routing_key' is incorrect");
    if (!payload.summary || payload.summary.length > 1_024 || !payload.source) return invalid("'summary' or 'source'");
    if (!/^(critical|error|warning|info)$/.test(payload.severity ?? '')) return invalid("'severity'");
    if (!hasPlace()) return { status: 429, body: {}, taken: false };
    const isNew = !open.has(body['dedup_key']);
    open.add(body['dedup_key']);
    return { status: 202, body: { status: 'success', message: 'Event processed' }, taken: isNew };
  };
}

/** A receiver that verifies as Standard Webhooks asks: time within five minutes, then the signature, then the id. */
export function webhookRules({ secret = '', clock }: ServiceOptions): ProviderRules {
  const seen = new Set<unknown>();
  return ({ headers, text, body }) => {
    const id = String(headers['webhook-id']);
    const timestamp = Number(headers['webhook-timestamp']);
    if (Math.abs(timestamp * 1000 - clock()) > 300_000) return { status: 401, body: 'too old', taken: false };
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const expected = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest('base64')}`;
    if (headers['webhook-signature'] !== expected) return { status: 401, body: 'signature', taken: false };
    if (body['specversion'] !== '1.0' || body['id'] !== id) return { status: 400, body: 'no event', taken: false };
    const isNew = !seen.has(id);
    seen.add(id);
    return { status: 204, body: '', taken: isNew };
  };
}
