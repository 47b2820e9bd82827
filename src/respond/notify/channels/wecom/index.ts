import { type ChannelKind, JSON_HEADERS, judgeCode } from '../../channel.ts';
import { plainText } from '../../text.ts';

/**
 * A robot in a WeCom group. 20 messages a minute; text of at most 2,048 bytes (Markdown 4,096) in UTF-8. It knows no
 * signature: whoever has its address may write, so the address is the secret. Refusals come as HTTP 200 with `errcode`.
 *
 * As text, not Markdown. `<@userid>` mentions a person in either, so `<` and `@` of others are full-width.
 *
 * @see https://developer.work.weixin.qq.com/document/path/91770
 * @see https://developer.work.weixin.qq.com/document/path/90313 (error codes)
 */
export const wecom: ChannelKind = {
  id: 'wecom',
  title: { zh: '企业微信群机器人', en: 'WeCom robot' },
  rate: { count: 18, windowMs: 60_000 },
  knowsRepeats: false,
  secret: 'unused',

  request: (message, { url }) => ({
    url,
    headers: JSON_HEADERS,
    body: JSON.stringify({ msgtype: 'text', text: { content: plainText(message, MAX_TEXT_BYTES) } }),
  }),

  judge: (answer) =>
    judgeCode(answer, ['errcode', 'errmsg'], (code, problem) => {
      if (code === TOO_FAST) return { kind: 'later', problem, afterMs: WINDOW_MS };
      return code === BUSY ? { kind: 'later', problem } : undefined;
    }),
};

const MAX_TEXT_BYTES = 2_048;
const WINDOW_MS = 60_000;
const TOO_FAST = 45009;
const BUSY = -1;
