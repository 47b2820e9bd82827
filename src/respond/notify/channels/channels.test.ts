import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { CHANNEL_KINDS, type Channel, type ChannelKindId, type Message } from '#model/notification.ts';
import { createEgress } from '../egress.ts';
import { dingtalkRules, wecomRules } from '../testing/groups.ts';
import { type PretendProvider, type ProviderRules, startProvider } from '../testing/provider.ts';
import { feishuRules, pagerdutyRules, slackRules, teamsRules, webhookRules } from '../testing/services.ts';
import { dingtalkSignature } from './dingtalk/index.ts';
import { feishuSignature } from './feishu/index.ts';
import { CHANNELS } from './index.ts';
import { webhookSignature } from './webhook/index.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const options = { secret: SECRET, clock: Date.now, now: () => performance.now() };
const RULES: Readonly<Record<ChannelKindId, () => ProviderRules>> = {
  dingtalk: () => dingtalkRules(options),
  wecom: () => wecomRules(options),
  feishu: () => feishuRules(options),
  slack: () => slackRules(options),
  teams: () => teamsRules(options),
  pagerduty: () => pagerdutyRules(options),
  webhook: () => webhookRules(options),
};
const HOSTILE =
  '<@all> @所有人 @channel <!everyone> <at user_id="all">所有人</at> <at>x</at> [点我](https://evil.example) ' +
  '<https://evil.example|银行> \u202Egnp.exe\u202C\n## 严重\r\nhttps://evil.example/pay & "quoted" \\ `code` *bold*\u0000';

const egress = createEgress();
const providers: PretendProvider[] = [];
afterEach(async () => {
  for (const provider of providers.splice(0)) await provider.stop();
});

async function start(id: ChannelKindId) {
  const provider = await startProvider(RULES[id]());
  providers.push(provider);
  const channel: Channel = {
    id: 'c1',
    name: 'c1',
    kind: id,
    url: `${provider.origin}/send?access_token=token&key=key`,
    secret: SECRET,
    minLevel: 'low',
    language: 'zh',
    allowPrivate: true,
    createdMs: 0,
  };
  const send = async (message: Message, change: Partial<Channel> = {}, nowMs = Date.now()) => {
    const request = CHANNELS[id].request(message, { ...channel, ...change }, nowMs);
    const answer = await egress({ ...request, allowPrivate: true });
    return answer.kind === 'answered' ? CHANNELS[id].judge(answer) : answer;
  };
  return { provider, send };
}

function message(text: string): Message {
  return {
    kind: 'alert',
    id: 'm1',
    language: 'zh',
    level: 'high',
    timeMs: 1_700_000_000_000,
    title: `【望楼】 高危: ${text}`,
    facts: [{ label: '用户', value: text }],
    paragraphs: [text, `先做什么: ${text}`],
    link: 'https://console.example/alerts/a1',
    ruleId: 'r',
    count: 1,
    entities: { user: text },
  };
}

it('has one folder for each kind, and each kind in one folder', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...CHANNEL_KINDS].sort());
  for (const id of CHANNEL_KINDS) expect(CHANNELS[id].id).toBe(id);
});

describe.each(CHANNEL_KINDS)('%s', (id) => {
  it('takes a message with the console’s address in it', async () => {
    const { provider, send } = await start(id);
    expect(await send(message('root'))).toEqual({ kind: 'taken' });
    expect(provider.shown[0]?.text).toContain('https://console.example/alerts/a1');
    expect(provider.shown[0]?.text).toContain('高危');
  });

  it('takes a message of whatever length and signs', async () => {
    const { send } = await start(id);
    expect(await send(message('长😀"\\\u0001\u0301'.repeat(100_000)))).toEqual({ kind: 'taken' });
  });

  it('is asked again when it has trouble, and not when it refuses', async () => {
    const { provider, send } = await start(id);
    for (const status of [500, 502, 503, 429]) {
      provider.mood = status;
      expect(await send(message('root'))).toMatchObject({ kind: 'later' });
    }
    for (const status of [302, 400, 403, 404, 410]) {
      provider.mood = status;
      expect(await send(message('root'))).toMatchObject({ kind: 'refused' });
    }
  });
});

describe('text of an attacker', () => {
  it.each(['dingtalk', 'wecom', 'feishu'] as const)('calls nobody in %s and makes no link', async (id) => {
    const { provider, send } = await start(id);
    await send(message(HOSTILE));
    const body = provider.shown[0]?.text ?? '';
    expect(body).not.toMatch(/[@<]|evil\.example[^/]*:\/\/|https:\/\/evil|\\u202e|\u202E/iu);
    expect(body.match(/:\/\//g)?.length).toBe(id === 'feishu' ? 2 : 1);
    if (id === 'dingtalk') expect(provider.shown[0]?.body['at']).toEqual({ isAtAll: false });
    if (id === 'feishu') expect(body).not.toContain('"tag":"at"');
  });

  it('stays plain text in Slack', async () => {
    const { provider, send } = await start('slack');
    await send(message(HOSTILE));
    const [shown] = provider.shown;
    const { text, blocks } = JSON.parse(shown?.text ?? '{}') as { text: string; blocks: readonly object[] };
    expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    const marked = JSON.stringify(blocks.filter((block) => JSON.stringify(block).includes('mrkdwn')));
    expect(marked).toContain('<https://console.example/alerts/a1>');
    expect(marked).not.toContain('evil');
  });

  it('stays in text runs in Teams', async () => {
    const { provider, send } = await start('teams');
    await send(message(HOSTILE));
    const body = provider.shown[0]?.text ?? '';
    expect(body).not.toMatch(/"type":"TextBlock"|<at>|"msteams"/);
    expect(body.match(/"url":"[^"]*"/g)).toEqual(['"url":"https://console.example/alerts/a1"']);
  });
});

describe('signatures', () => {
  it('of DingTalk and Feishu are refused with another secret, and with a clock that is two hours off', async () => {
    for (const id of ['dingtalk', 'feishu'] as const) {
      const { provider, send } = await start(id);
      expect((await send(message('x'), { secret: 'other' })).kind).toBe(id === 'feishu' ? 'clock' : 'refused');
      expect(await send(message('x'), {}, Date.now() + 7_200_000)).toMatchObject({ kind: 'clock' });
      expect(await send(message('x'), {}, Date.now() - 1_800_000)).toEqual({ kind: 'taken' });
      expect(provider.shown).toHaveLength(1);
    }
  });

  it('are those that others compute', () => {
    // printf '1599360473000\nsecret' | openssl dgst -sha256 -hmac secret -binary | base64
    expect(dingtalkSignature('secret', 1_599_360_473_000)).toBe('h/3f4uEADBeKkVuXX2NS1pXSEqARbYb1RV0kmXPBfn0=');
    // printf '' | openssl dgst -sha256 -mac HMAC -macopt key:$'1599360473\nsecret' -binary | base64
    expect(feishuSignature('secret', 1_599_360_473)).toBe('q4jswNiMy51J5JuQV566yJat0/lQ/c+22kINzUgKsGU=');
    // The example of the Standard Webhooks libraries.
    expect(webhookSignature(SECRET, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });
});

describe('words of a provider', () => {
  it('lead to quiet when it was too fast, and to a person when the robot is gone', () => {
    const says = (body: unknown) => ({ kind: 'answered' as const, status: 200, body: JSON.stringify(body) });
    expect(CHANNELS.dingtalk.judge(says({ errcode: 130101, errmsg: 'send too fast' }))).toMatchObject({
      kind: 'later',
      afterMs: 600_000,
    });
    expect(CHANNELS.wecom.judge(says({ errcode: 45009, errmsg: 'api freq out of limit' }))).toMatchObject({
      kind: 'later',
      afterMs: 60_000,
    });
    expect(CHANNELS.feishu.judge(says({ code: 11232, msg: 'too many request' })).kind).toBe('later');
    expect(CHANNELS.wecom.judge(says({ errcode: 93000, errmsg: 'invalid\nwebhook url' }))).toEqual({
      kind: 'refused',
      problem: '93000 invalid webhook url',
    });
    expect(CHANNELS.dingtalk.judge(says({ errcode: '0' })).kind).toBe('refused');
    expect(CHANNELS.dingtalk.judge({ kind: 'answered', status: 200, body: '<html>' }).kind).toBe('later');
  });
});
