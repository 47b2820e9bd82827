import { type ChannelKind, JSON_HEADERS, judgeStatus } from '../../channel.ts';
import { cutBytes, cutCharacters, harmless, plainText } from '../../text.ts';

/**
 * A Slack incoming webhook. One message a second; 429 says with `Retry-After` how long to wait. A header block takes 150
 * characters, a section 3,000. The address is the secret.
 *
 * Blocks of `plain_text`, where no sign means anything; in `text`, which telephones show, `&`, `<` and `>` are escaped
 * as Slack asks, so `<!channel>` calls nobody and `<url|words>` is no link.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * @see https://docs.slack.dev/messaging/formatting-message-text (escaping)
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export const slack: ChannelKind = {
  id: 'slack',
  title: { zh: 'Slack', en: 'Slack' },
  rate: { count: 1, windowMs: 1_000 },
  knowsRepeats: false,
  secret: 'unused',

  request(message, { url }) {
    const title = harmless(message.title);
    const body = plainText({ ...message, title: '', link: undefined }, MAX_SECTION_BYTES).trim();
    const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
    const link = message.link === undefined ? '' : escapedForSlack(message.link);
    return {
      url,
      headers: JSON_HEADERS,
      body: JSON.stringify({
        text: escapedForSlack(title),
        link_names: false,
        unfurl_links: false,
        blocks: [
          { type: 'header', text: plain(cutCharacters(title, 150)) },
          ...(body === '' ? [] : [{ type: 'section', text: plain(cutBytes(body, MAX_SECTION_BYTES)) }]),
          ...(link === ''
            ? []
            : [{ type: 'context', elements: [{ type: 'mrkdwn', text: `<${link}>`, verbatim: true }] }]),
        ],
      }),
    };
  },

  judge: (answer) => judgeStatus(answer) ?? { kind: 'taken' },
};

/** Bytes are never fewer than the characters that Slack counts. */
const MAX_SECTION_BYTES = 3_000;

export function escapedForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
