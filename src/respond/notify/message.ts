import type { Alert, Entities, Level } from '#model/alert.ts';
import type { Channel, Message, Note } from '#model/notification.ts';

type Language = Channel['language'];

const LISTED_ALERTS = 8;
const MAX_ENTITIES = 8;

/** The message about one alert. Of the log it holds the rule’s entities and reason, never a raw line. */
export function alertMessage(alert: Alert, channel: Channel, id: string, consoleUrl: string): Message {
  const { language } = channel;
  const words = WORDS[language];
  return {
    kind: 'alert',
    id,
    language,
    level: alert.rule.level,
    timeMs: alert.firstMs,
    title: `${words.product} ${words.alert(words.levels[alert.rule.level])}${alert.rule.title[language]}`,
    facts: [
      { label: words.time, value: timeText(alert.firstMs) },
      ...Object.entries(alert.entities)
        .slice(0, MAX_ENTITIES)
        .map(([name, value]) => ({ label: entityLabel(name, language), value })),
      { label: words.events, value: String(alert.count) },
      ...(alert.forgeable ? [{ label: words.note, value: words.forgeable }] : []),
    ],
    paragraphs: [alert.reason[language], `${words.advice}: ${alert.advice[language]}`],
    link: linkTo(channel.consoleUrl ?? consoleUrl, `/alerts/${encodeURIComponent(alert.id)}`),
    ruleId: alert.rule.id,
    count: 1,
    entities: bounded(alert.entities),
  };
}

/** One message for many alerts: how many of each level, and the most dangerous ones by name. */
export function digestMessage(
  { worst, counts, timeMs }: DigestFacts,
  channel: Channel,
  id: string,
  consoleUrl: string,
): Message {
  const { language } = channel;
  const words = WORDS[language];
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const listed = worst.slice(0, LISTED_ALERTS);
  return {
    kind: 'digest',
    id,
    language,
    level: counts[0]?.level ?? 'informational',
    timeMs,
    title: `${words.product} ${words.digest(total)}`,
    facts: counts.map(({ level, count }) => ({ label: words.levels[level], value: String(count) })),
    paragraphs: [
      ...listed.map((alert) => `· ${alert.rule.title[language]} — ${entitiesText(alert.entities)}`),
      ...(total > listed.length ? [words.andMore(total - listed.length)] : []),
    ],
    link: linkTo(channel.consoleUrl ?? consoleUrl, '/alerts'),
    count: total,
  };
}

export interface DigestFacts {
  readonly worst: readonly Alert[];
  /** The most dangerous level first. */
  readonly counts: readonly { readonly level: Level; readonly count: number }[];
  readonly timeMs: number;
}

export function noteMessage(note: Note, channel: Channel, id: string, consoleUrl: string, timeMs: number): Message {
  const { language } = channel;
  return {
    kind: 'note',
    id,
    language,
    level: note.level,
    timeMs,
    title: `${WORDS[language].product} ${note.title[language]}`,
    facts: [],
    paragraphs: [note.text[language]],
    link: linkTo(channel.consoleUrl ?? consoleUrl, note.path),
    count: 0,
  };
}

export function testMessage(channel: Channel, id: string, consoleUrl: string, timeMs: number): Message {
  const words = WORDS[channel.language];
  return {
    kind: 'test',
    id,
    language: channel.language,
    level: 'informational',
    timeMs,
    title: `${words.product} ${words.test}`,
    facts: [{ label: words.time, value: timeText(timeMs) }],
    paragraphs: [words.testBody(words.levels[channel.minLevel])],
    link: linkTo(channel.consoleUrl ?? consoleUrl, '/'),
    count: 1,
  };
}

/** Said of a message whose first try got no answer: whoever reads it twice should know that it is one. */
export function asRepeat(message: Message): Message {
  return { ...message, title: `${message.title} ${WORDS[message.language].repeat}` };
}

const WORDS = {
  zh: {
    product: '【望楼】',
    levels: { informational: '提示', low: '低', medium: '中', high: '高', critical: '严重' },
    alert: (level: string) => `警报（${level}）：`,
    time: '时间',
    events: '事件数',
    note: '注意',
    forgeable: '来自未验证身份的 syslog，可能被伪造，请核实',
    advice: '先做什么',
    digest: (count: number) => `${count} 条新警报（合并通知）`,
    andMore: (count: number) => `另有 ${count} 条，见控制台`,
    test: '测试消息',
    testBody: (level: string) => `通道可用。级别为“${level}”及以上的警报会发到这里。`,
    repeat: '（可能重复：上一次发送没有收到答复）',
  },
  en: {
    product: '[Bartizan]',
    levels: { informational: 'Info', low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' },
    alert: (level: string) => `Alert (${level}): `,
    time: 'Time',
    events: 'Events',
    note: 'Note',
    forgeable: 'rests on syslog of unproven senders, so it may be forged: check it',
    advice: 'Do first',
    digest: (count: number) => `${count} new alerts (merged)`,
    andMore: (count: number) => `and ${count} more: see the console`,
    test: 'Test message',
    testBody: (level: string) => `The channel works. Alerts of level ${level} and above come here.`,
    repeat: '(may be a repeat: the last try got no answer)',
  },
} as const satisfies Record<Language, unknown>;

const ENTITY_LABELS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  src_ip: ['来源地址', 'Source'],
  dst_ip: ['目标地址', 'Destination'],
  user: ['用户', 'User'],
  host: ['主机', 'Host'],
  process: ['进程', 'Process'],
  path: ['路径', 'Path'],
  account: ['账号', 'Account'],
  resource: ['资源', 'Resource'],
};

function entityLabel(name: string, language: Language): string {
  const [zh, en] = ENTITY_LABELS[name] ?? [name, name];
  return language === 'zh' ? zh : en;
}

function entitiesText(entities: Entities): string {
  return Object.values(entities).slice(0, 4).join(', ').slice(0, 200);
}

function bounded(entities: Entities): Entities {
  return Object.fromEntries(
    Object.entries(entities)
      .slice(0, MAX_ENTITIES)
      .map(([name, value]) => [name, value.slice(0, 300)]),
  );
}

function timeText(timeMs: number): string {
  return new Date(timeMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}

function linkTo(consoleUrl: string, path: string): string {
  return `${consoleUrl.replace(/\/+$/, '')}${path}`;
}
