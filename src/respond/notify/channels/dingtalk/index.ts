import { createHmac } from 'node:crypto';
import { type ChannelKind, JSON_HEADERS, judgeCode } from '../../channel.ts';
import { plainText } from '../../text.ts';

/**
 * A custom robot in a DingTalk group. 20 messages a minute, beyond that the robot is silenced for 10 minutes; 20 KB.
 * Signed: Base64 of HMAC-SHA256 with the secret over `timestamp\nsecret`, milliseconds, at most an hour off.
 * Refusals come as HTTP 200 with an `errcode`.
 *
 * As text, not Markdown: its page names no way to escape a sign there. Who is mentioned is said beside the text (`at`),
 * and nobody is. A robot that asks for a keyword takes “望楼” (Chinese) or “Bartizan” (English).
 *
 * @see https://open.dingtalk.com/document/orgapp/custom-robot-access
 * @see https://open.dingtalk.com/document/robots/customize-robot-security-settings
 */
export const dingtalk: ChannelKind = {
  id: 'dingtalk',
  title: { zh: '钉钉群机器人', en: 'DingTalk robot' },
  // Two places stay free: windows of both sides are not the same, and silence lasts ten minutes.
  rate: { count: 18, windowMs: 60_000 },
  knowsRepeats: false,
  secret: 'optional',

  request(message, { url, secret }, nowMs) {
    const signed = new URL(url);
    if (secret !== undefined) {
      signed.searchParams.set('timestamp', String(nowMs));
      signed.searchParams.set('sign', dingtalkSignature(secret, nowMs));
    }
    const text = { content: plainText(message, MAX_TEXT_BYTES) };
    return {
      url: signed.href,
      headers: JSON_HEADERS,
      body: JSON.stringify({ msgtype: 'text', text, at: { isAtAll: false } }),
    };
  },

  judge: (answer) =>
    judgeCode(answer, ['errcode', 'errmsg'], (code, problem) => {
      if (SILENCED.has(code)) return { kind: 'later', problem, afterMs: SILENCE_MS };
      if (code === BUSY) return { kind: 'later', problem };
      return code === NOT_SAFE && /timestamp/i.test(problem) ? { kind: 'clock', problem } : undefined;
    }),
};

export function dingtalkSignature(secret: string, timestampMs: number): string {
  return createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64');
}

/** Far below 20 KB with every sign escaped, and as much as anybody reads on a telephone. */
const MAX_TEXT_BYTES = 6_000;
const SILENCE_MS = 10 * 60_000;
/** Too fast: of the robot, and of the gateway before it. */
const SILENCED = new Set([130101, 410100]);
const BUSY = -1;
/** Signature, keyword, address or time do not satisfy the robot’s safety settings. */
const NOT_SAFE = 310000;
