import { type ChannelKind, JSON_HEADERS, judgeStatus } from '../../channel.ts';
import { harmless, plainText } from '../../text.ts';

/**
 * A Teams workflow that begins “when a Teams webhook request is received”. 28 KB; more than four requests a second are
 * throttled. It takes adaptive cards only. The address is the secret.
 *
 * All text stands in text runs, which know no Markdown, and the card names nobody to mention.
 *
 * @see https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 * @see https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
export const teams: ChannelKind = {
  id: 'teams',
  title: { zh: 'Teams 工作流', en: 'Teams workflow' },
  rate: { count: 3, windowMs: 1_000 },
  knowsRepeats: false,
  secret: 'unused',

  request(message, { url }) {
    const lines = plainText({ ...message, title: '', link: undefined }, MAX_TEXT_BYTES)
      .trim()
      .split('\n');
    const run = (text: string, more: object = {}) => ({
      type: 'RichTextBlock',
      inlines: [{ type: 'TextRun', text, ...more }],
    });
    const content = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      body: [run(harmless(message.title), { weight: 'bolder', size: 'large' }), ...lines.map((line) => run(line))],
      ...(message.link !== undefined && {
        actions: [{ type: 'Action.OpenUrl', title: OPEN[message.language], url: message.link }],
      }),
    };
    return {
      url,
      headers: JSON_HEADERS,
      body: JSON.stringify({
        type: 'message',
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
      }),
    };
  },

  judge: (answer) => judgeStatus(answer) ?? { kind: 'taken' },
};

const OPEN = { zh: '打开控制台', en: 'Open the console' } as const;
const MAX_TEXT_BYTES = 6_000;
