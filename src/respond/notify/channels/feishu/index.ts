import { createHmac } from 'node:crypto';
import { type ChannelKind, JSON_HEADERS, judgeCode } from '../../channel.ts';
import { plainText } from '../../text.ts';

/**
 * A custom bot in a Feishu (Lark) group. 100 messages a minute and 5 a second; 20 KB. Signed: Base64 of HMAC-SHA256 of
 * nothing, with `timestamp\nsecret` as the key; seconds, at most an hour off. Refusals come with a `code`.
 *
 * As rich text (`post`), whose nodes are text and nothing but text: in plain text an `<at user_id="all">` mentions
 * everybody.
 *
 * @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export const feishu: ChannelKind = {
  id: 'feishu',
  title: { zh: '飞书群机器人', en: 'Feishu bot' },
  // Below both limits, wherever a second or a minute begins.
  rate: { count: 4, windowMs: 4_000 },
  knowsRepeats: false,
  secret: 'optional',

  request(message, { url, secret }, nowMs) {
    const [title = '', ...lines] = plainText({ ...message, link: undefined }, MAX_TEXT_BYTES).split('\n');
    const content = lines.map((text) => [{ tag: 'text', text }] as { tag: string; text: string; href?: string }[]);
    if (message.link !== undefined) content.push([{ tag: 'a', text: message.link, href: message.link }]);
    const timestamp = Math.floor(nowMs / 1000);
    return {
      url,
      headers: JSON_HEADERS,
      body: JSON.stringify({
        ...(secret !== undefined && { timestamp: String(timestamp), sign: feishuSignature(secret, timestamp) }),
        msg_type: 'post',
        content: { post: { [message.language === 'zh' ? 'zh_cn' : 'en_us']: { title, content } } },
      }),
    };
  },

  judge: (answer) =>
    judgeCode(answer, ['code', 'msg'], (code, problem) => {
      if (code === TOO_FAST) return { kind: 'later', problem, afterMs: WINDOW_MS };
      return code === NOT_SIGNED ? { kind: 'clock', problem } : undefined;
    }),
};

export function feishuSignature(secret: string, timestampSeconds: number): string {
  return createHmac('sha256', `${timestampSeconds}\n${secret}`).digest('base64');
}

const MAX_TEXT_BYTES = 6_000;
const WINDOW_MS = 60_000;
const TOO_FAST = 11232;
/** The signature is wrong, or its time: one code for both. */
const NOT_SIGNED = 19021;
