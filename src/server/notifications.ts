import { hashSecret, newId } from '#access/secrets.ts';
import type { NotificationService } from '#api/services.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { type Alert, LEVELS, type Level } from '#model/alert.ts';
import type { EvidenceKind } from '#model/evidence.ts';
import type { Channel, ChannelView, Note } from '#model/notification.ts';
import {
  CHANNELS,
  type ChannelKind,
  type Courier,
  createCourier,
  createEgress,
  type Egress,
  noteMessage,
  testMessage,
} from '#respond/notify/index.ts';
import type { StateQueries, StateStore } from '#store/state-store.ts';

export interface NotificationOptions {
  readonly state: StateStore;
  /** Where the centre listens: what links begin with unless the channel knows better. */
  readonly consoleUrl: () => string;
  readonly clock: () => number;
  readonly onProblem: (problem: string) => void;
  readonly egress?: Egress;
}

export interface Notifications {
  readonly service: NotificationService;
  /** Notes for every channel what it has to tell, in the transaction that it is given. */
  onShown(queries: StateQueries, alerts: readonly Alert[], timeMs: number): Promise<void>;
  /**
   * Tells something that is no alert on every channel of its level, once for its key, however often it is asked: it is
   * durable when this returns. Answers how many channels there are for it.
   */
  tell(note: Note): Promise<number>;
  /** From now on messages are carried. */
  start(): void;
  stop(): Promise<void>;
}

const TICK_MS = 1_000;
const MAX_CHANNELS = 50;
const KEPT_MS = 30 * 86_400_000;
const PRUNE_MS = 3_600_000;
const LISTED_DEAD = 200;

/** The owner’s channels and their couriers. Secrets stay in the state store; what is answered names hosts only. */
export async function createNotifications({
  state,
  consoleUrl,
  clock,
  onProblem,
  egress = createEgress(),
}: NotificationOptions): Promise<Notifications> {
  const live = new Map<string, { readonly channel: Channel; readonly kind: ChannelKind; readonly courier: Courier }>();
  for (const channel of await state.channels.list()) await open(channel);
  let timer: NodeJS.Timeout | undefined;
  let prunedAt = performance.now();

  const service: NotificationService = {
    channels: async () => Promise.all([...live.values()].map(({ channel }) => view(channel))),

    async create(body, actor) {
      const kind = CHANNELS[body.kind];
      const { url: given, secret, consoleUrl: ownConsole, ...rest } = body;
      const url = given ?? kind.defaultUrl;
      if (url === undefined) throw invalid('it has no address', 'Give the webhook address that the provider shows.');
      if (kind.secret === 'required' && secret === undefined)
        throw invalid('it has no secret', 'Give the secret or key that the provider shows.');
      checkUrl(url, body.allowPrivate);
      if (live.size >= MAX_CHANNELS) throw invalid(`there are ${MAX_CHANNELS} already`, 'Delete one first.');
      if (find(body.name)) throw new BartizanError('BTZ_ALREADY_EXISTS', { what: `a channel ${body.name}` });
      const channel: Channel = {
        ...rest,
        id: newId(),
        url,
        createdMs: clock(),
        ...(secret !== undefined && kind.secret !== 'unused' && { secret }),
        ...(ownConsole !== undefined && { consoleUrl: ownConsole }),
      };
      await state.transaction(async (queries) => {
        await queries.evidence.append([leaf('channel.created', actor, channel.id, describe(channel))]);
        await queries.channels.insert(channel);
      });
      await open(channel);
      return view(channel);
    },

    async delete(wanted, actor) {
      const { channel, courier } = found(wanted);
      live.delete(channel.id);
      await courier.stop();
      await state.transaction(async (queries) => {
        await queries.evidence.append([leaf('channel.deleted', actor, channel.id, describe(channel))]);
        await queries.channels.delete(channel.id);
      });
    },

    async test(wanted, actor) {
      const { channel, kind, courier } = found(wanted);
      const verdict = await courier.sendNow(testMessage(channel, newId(), consoleUrl(), clock()));
      if (verdict === undefined) {
        const { count, windowMs } = kind.rate;
        throw new BartizanError('BTZ_CHANNEL_BUSY', { name: channel.name, limit: count, seconds: windowMs / 1000 });
      }
      const problem = verdict.kind === 'taken' ? undefined : verdict.problem;
      const details = { ...describe(channel), ok: problem === undefined, ...(problem !== undefined && { problem }) };
      await state.evidence.append([leaf('channel.tested', actor, channel.id, details)]);
      if (problem !== undefined) throw new BartizanError('BTZ_NOT_DELIVERED', { name: channel.name, problem });
    },

    async deadLetters() {
      const dead = await state.notices.deliveries({ states: ['dead'], limit: LISTED_DEAD });
      return dead.map(({ id, channelId, attempts, createdMs, problem, message }) => ({
        id,
        channelId,
        attempts,
        createdMs,
        ...(problem !== undefined && { problem }),
        title: message.title,
        count: message.count,
      }));
    },

    async retry(id, actor) {
      const channelId = await state.transaction(async (queries) => {
        const delivery = await queries.notices.find(id);
        if (delivery?.state !== 'dead') throw new BartizanError('BTZ_NOT_FOUND', { what: 'message that was given up' });
        const nowMs = clock();
        await queries.evidence.append([
          leaf('notification.retried', actor, id, { channel: delivery.channelId, count: delivery.message.count }),
        ]);
        await queries.notices.update({ ...delivery, state: 'waiting', attempts: 0, createdMs: nowMs, dueMs: nowMs });
        return delivery.channelId;
      });
      const courier = live.get(channelId)?.courier;
      if (courier) void carry(courier);
    },
  };

  return {
    service,

    async onShown(queries, alerts, timeMs) {
      const notices = [...live.values()].flatMap(({ channel }) =>
        alerts
          .filter(({ rule }) => isFor(channel, rule.level))
          .map((alert) => ({
            channelId: channel.id,
            alertId: alert.id,
            change: 'raised' as const,
            level: alert.rule.level,
            createdMs: timeMs,
          })),
      );
      if (notices.length === 0) return;
      await queries.notices.add(notices);
      // After the transaction that we are in; if that takes longer, the next tick sees it.
      if (timer !== undefined) setTimeout(tick, SOON_MS);
    },

    async tell(note) {
      const channels = [...live.values()].filter(({ channel }) => isFor(channel, note.level));
      await state.transaction(async (queries) => {
        for (const { channel } of channels) {
          const id = hashSecret(`${channel.id}\n${note.key}`).slice(0, 24);
          if (await queries.notices.find(id)) continue;
          const nowMs = clock();
          const message = noteMessage(note, channel, id, consoleUrl(), nowMs);
          await queries.notices.give(
            {
              id,
              channelId: channel.id,
              state: 'waiting',
              attempts: 0,
              uncertain: false,
              createdMs: nowMs,
              dueMs: nowMs,
              message,
            },
            [],
          );
        }
      });
      if (timer !== undefined) setTimeout(tick, SOON_MS);
      return channels.length;
    },

    start() {
      timer ??= setInterval(tick, TICK_MS);
    },

    async stop() {
      clearInterval(timer);
      timer = undefined;
      await Promise.all([...live.values()].map(({ courier }) => courier.stop()));
    },
  };

  function tick(): void {
    if (timer === undefined) return;
    for (const { courier } of live.values()) void carry(courier);
    if (performance.now() - prunedAt < PRUNE_MS) return;
    prunedAt = performance.now();
    state.notices.prune(clock() - KEPT_MS).catch(tell);
  }

  function carry(courier: Courier): Promise<void> {
    return courier.work().catch(tell);
  }

  function tell(thrown: unknown): void {
    onProblem(`Notifying failed for now: ${toBartizanError(thrown).message}`);
  }

  async function open(channel: Channel): Promise<void> {
    const kind = CHANNELS[channel.kind];
    const courier = await createCourier({ state, channel, kind, egress, consoleUrl, clock, ids: newId, onProblem });
    live.set(channel.id, { channel, kind, courier });
  }

  function find(wanted: string) {
    return live.get(wanted) ?? [...live.values()].find(({ channel }) => channel.name === wanted);
  }

  function found(wanted: string) {
    const channel = find(wanted);
    if (channel === undefined) throw new BartizanError('BTZ_NOT_FOUND', { what: `channel ${wanted}` });
    return channel;
  }

  async function view(channel: Channel): Promise<ChannelView> {
    const { url, secret, ...shown } = channel;
    const waiting = await state.notices.waitingCounts(channel.id);
    const [stuck] = await state.notices.deliveries({ channelId: channel.id, states: ['waiting', 'sending'], limit: 1 });
    return {
      ...shown,
      host: new URL(url).host,
      hasSecret: secret !== undefined,
      waiting: waiting.reduce((sum, { count }) => sum + count, stuck?.message.count ?? 0),
      ...(stuck?.problem !== undefined && { problem: stuck.problem }),
    };
  }

  function leaf(kind: EvidenceKind, actor: string, subject: string, details: Record<string, unknown>) {
    return { timeMs: clock(), kind, actor, subject, details };
  }
}

const SOON_MS = 20;

function isFor({ minLevel }: Channel, level: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(minLevel);
}

/** What evidence says of a channel: nothing that opens it. */
function describe({ name, kind, url, minLevel, allowPrivate }: Channel): Record<string, unknown> {
  return { name, kind, host: new URL(url).host, minLevel, allowPrivate };
}

/** What can be said without resolving; the rest is checked at every message. */
function checkUrl(text: string, allowPrivate: boolean): void {
  if (!URL.canParse(text)) throw invalid('its address is no URL', 'Copy the webhook address from the provider.');
  const { protocol, username, password } = new URL(text);
  if (protocol !== 'https:' && !(protocol === 'http:' && allowPrivate))
    throw invalid('its address is not https', 'Copy the webhook address from the provider.');
  if (username !== '' || password !== '') throw invalid('its address holds a password', 'Use the secret instead.');
}

function invalid(problem: string, suggestion: string): BartizanError {
  return new BartizanError('BTZ_CHANNEL_INVALID', { problem, suggestion });
}
