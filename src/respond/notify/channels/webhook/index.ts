import { createHmac } from 'node:crypto';
import { type ChannelKind, judgeStatus } from '../../channel.ts';
import { oneLine } from '../../text.ts';

/**
 * Any receiver of one’s own: a CloudEvent 1.0 in structured JSON, signed as Standard Webhooks says (HMAC-SHA256 with the
 * secret over `id.timestamp.body`, `v1,` and Base64; seconds). A secret `whsec_…` is Base64, any other is taken as it
 * is. The event’s `id` is the same for every try: receivers tell repeats by it. Any 2xx is taken.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhook: ChannelKind = {
  id: 'webhook',
  title: { zh: '自定义 Webhook（CloudEvents）', en: 'Webhook (CloudEvents)' },
  rate: { count: 60, windowMs: 60_000 },
  knowsRepeats: true,
  secret: 'required',

  request(
    { id, kind, level, timeMs, title, facts, paragraphs, link, ruleId, entities, count },
    { url, secret = '' },
    nowMs,
  ) {
    const body = JSON.stringify({
      specversion: '1.0',
      id,
      source: '/bartizan',
      type: `bartizan.${kind}`,
      time: new Date(timeMs).toISOString(),
      datacontenttype: 'application/json',
      data: {
        level,
        title: oneLine(title),
        text: paragraphs.map((paragraph) => oneLine(paragraph, 1_000)),
        facts: facts.map(({ label, value }) => ({ label, value: oneLine(value) })),
        alerts: count,
        ...(ruleId !== undefined && { rule: ruleId }),
        ...(entities !== undefined && { entities }),
        ...(link !== undefined && { link }),
      },
    });
    const timestamp = Math.floor(nowMs / 1000);
    return {
      url,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': webhookSignature(secret, id, timestamp, body),
      },
      body,
    };
  },

  judge: (answer) => judgeStatus(answer) ?? { kind: 'taken' },
};

export function webhookSignature(secret: string, id: string, timestampSeconds: number, body: string): string {
  const key = secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret);
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`;
}

const PREFIX = 'whsec_';
