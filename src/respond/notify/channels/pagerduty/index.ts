import type { Level } from '#model/alert.ts';
import { type ChannelKind, JSON_HEADERS, judgeStatus } from '../../channel.ts';
import { cutCharacters, oneLine } from '../../text.ts';

/**
 * PagerDuty’s Events API v2. 202 is taken, 400 never will be, 429 and 5xx are tried again. Its limit of rate is set by
 * PagerDuty as it goes; 120 a minute for one integration is what its support names. A summary takes 1,024 characters, an
 * event 512 KB. The routing key is the secret. Events with the `dedup_key` of an open alert open no second one, so a
 * repeat pages nobody twice.
 *
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 * @see https://github.com/PagerDuty/api-schema (reference/events-v2: responses and limits)
 */
export const pagerduty: ChannelKind = {
  id: 'pagerduty',
  title: { zh: 'PagerDuty', en: 'PagerDuty' },
  rate: { count: 100, windowMs: 60_000 },
  knowsRepeats: true,
  secret: 'required',
  defaultUrl: 'https://events.pagerduty.com/v2/enqueue',

  request({ id, title, facts, paragraphs, level, timeMs, link, ruleId, entities, kind, count }, { url, secret }) {
    return {
      url,
      headers: JSON_HEADERS,
      body: JSON.stringify({
        routing_key: secret,
        event_action: 'trigger',
        dedup_key: `bartizan-${id}`,
        client: 'Bartizan',
        ...(link !== undefined && { client_url: link, links: [{ href: link, text: 'Bartizan' }] }),
        payload: {
          summary: cutCharacters(oneLine(title, 1_000), 1_024),
          severity: SEVERITIES[level],
          source: oneLine(entities?.['host'] ?? 'bartizan', 255),
          timestamp: new Date(timeMs).toISOString(),
          class: ruleId ?? kind,
          custom_details: {
            alerts: count,
            ...Object.fromEntries(facts.map(({ label, value }) => [label, oneLine(value)])),
            text: paragraphs.map((paragraph) => oneLine(paragraph, 1_000)).join('\n'),
          },
        },
      }),
    };
  },

  judge: (answer) => judgeStatus(answer) ?? { kind: 'taken' },
};

const SEVERITIES = {
  informational: 'info',
  low: 'info',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
} as const satisfies Record<Level, string>;
