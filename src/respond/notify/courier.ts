import { setTimeout as sleep } from 'node:timers/promises';
import type { BartizanError } from '#kit/errors.ts';
import { toBartizanError } from '#kit/errors.ts';
import type { Channel, Delivery, Message } from '#model/notification.ts';
import type { StateQueries, StateStore } from '#store/state-store.ts';
import type { ChannelKind, Verdict } from './channel.ts';
import type { Egress } from './egress.ts';
import { alertMessage, asRepeat, digestMessage } from './message.ts';
import { createRateWindow } from './rate.ts';

export interface CourierOptions {
  readonly state: StateStore;
  readonly channel: Channel;
  readonly kind: ChannelKind;
  readonly egress: Egress;
  readonly consoleUrl: () => string;
  readonly clock: () => number;
  readonly ids: () => string;
  /** A clock that only goes forward, for limits of rate. */
  readonly now?: () => number;
  readonly onProblem: (problem: string) => void;
}

export interface Courier {
  /** Sends what is due and has a place. Safe to call at any time; calls do not overlap. */
  work(): Promise<void>;
  /** Sends one message now, past what waits. Undefined when there is no place for it. */
  sendNow(message: Message): Promise<Verdict | undefined>;
  /** After what is under way, unless its provider hangs. */
  stop(): Promise<void>;
}

/** Up to so many alerts get a message each; more at once are one digest. */
const MOST_SINGLE = 3;
/** What comes within this time of a digest waits for the next one, critical alerts aside. */
const DIGEST_PAUSE_MS = 15_000;
const NAMED_IN_DIGEST = 20;
const NAMED_IN_LEAF = 50;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** A provider that asks for more is asked again all the same. */
const LONGEST_REST_MS = 3_600_000;
/** A provider that is away for a day is not coming back by itself. */
const GIVE_UP_MS = 24 * 3_600_000;
/** How long a stop waits for a provider. */
const PATIENCE_MS = 2_000;
/** Clocks that are this far apart spoil signatures (providers allow an hour). */
const SKEW_MS = 5 * 60_000;

/**
 * Carries the messages of one channel. What is to be told stands in the state store (one notice for each alert and
 * channel, written with the alert); a message is formed when there is a place for it within the provider’s limits, is
 * kept before it is tried, and goes one at a time. While one waits for the provider to come back, what comes after it
 * gathers into one digest: nothing is lost, and nobody is buried.
 *
 * A message that was under way when the program died, or got no answer, may have arrived. It is tried again under the
 * same id; a provider that does not know repeats gets it with a word that it may be one.
 */
export async function createCourier(options: CourierOptions): Promise<Courier> {
  const { state, channel, kind, egress, consoleUrl, clock, ids } = options;
  const now = options.now ?? (() => performance.now());
  const recent = await state.notices.deliveries({
    channelId: channel.id,
    states: ['waiting', 'sending', 'sent', 'dead', 'withdrawn'],
    sinceMs: clock() - kind.rate.windowMs,
    limit: 1_000,
  });
  const rate = createRateWindow(kind.rate, now, recent.length);
  for (const delivery of await pending(['sending']))
    await state.notices.update({ ...delivery, state: 'waiting', uncertain: true, dueMs: clock() });
  let skewMs = 0;
  let digestAt = Number.NEGATIVE_INFINITY;
  let isStopped = false;
  /** What comes back now comes too late: at the next start it is taken for uncertain. */
  let isLeft = false;
  let last: Promise<unknown> = Promise.resolve();

  return {
    work: () => inTurn(carry),
    async sendNow(message) {
      return inTurn(async () => (rate.take() ? attempt(message) : undefined));
    },
    async stop() {
      isStopped = true;
      await Promise.race([last, sleep(PATIENCE_MS, undefined, { ref: false })]);
      isLeft = true;
    },
  };

  /** One after another, so that neither order nor limits depend on who asks. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  function pending(states: readonly Delivery['state'][]): Promise<readonly Delivery[]> {
    return state.notices.deliveries({ channelId: channel.id, states, limit: 100 });
  }

  async function carry(): Promise<void> {
    while (!isStopped) {
      const [delivery] = await pending(['waiting']);
      if (delivery !== undefined) {
        // The wall clock was set back.
        if (delivery.dueMs > clock() + LONGEST_REST_MS * 2) await state.notices.update({ ...delivery, dueMs: clock() });
        else if (delivery.dueMs > clock() || rate.free() === 0) return;
        else await deliver(delivery);
      } else if (rate.free() === 0 || !(await form())) return;
    }
  }

  /** Makes the next messages of what waits. False when nothing does. */
  async function form(): Promise<boolean> {
    await state.notices.withdraw(channel.id);
    const counts = await state.notices.waitingCounts(channel.id);
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    if (total === 0) return false;
    const isSoon = now() - digestAt < DIGEST_PAUSE_MS;
    const isSingle = total <= MOST_SINGLE;
    if (!isSingle && isSoon) return false;
    if (isSoon && counts[0]?.level !== 'critical') return false;
    if (isSingle) {
      const [notice] = await state.notices.waiting(channel.id, 1);
      const alert = notice && (await state.alerts.find(notice.alertId));
      if (notice === undefined || alert === undefined) return false;
      const id = ids();
      await keep(alertMessage(alert, channel, id, consoleUrl()), [notice.alertId]);
      return true;
    }
    await formDigest();
    digestAt = now();
    return true;
  }

  /** Counted and given in one transaction: what the digest says is what it stands for. */
  async function formDigest(): Promise<void> {
    await state.transaction(async (queries) => {
      await queries.notices.withdraw(channel.id);
      const counts = await queries.notices.waitingCounts(channel.id);
      const notices = await queries.notices.waiting(channel.id, NAMED_IN_DIGEST);
      const alerts = await Promise.all(notices.map(({ alertId }) => queries.alerts.find(alertId)));
      const worst = alerts.flatMap((alert) => (alert === undefined ? [] : [alert]));
      const id = ids();
      const message = digestMessage({ worst, counts, timeMs: clock() }, channel, id, consoleUrl());
      await queries.notices.give(newDelivery(message));
    });
  }

  async function keep(message: Message, alertIds: readonly string[]): Promise<void> {
    await state.transaction(async (queries) => {
      await queries.notices.give(newDelivery(message), alertIds);
    });
  }

  function newDelivery(message: Message): Delivery {
    const nowMs = clock();
    return {
      id: message.id,
      channelId: channel.id,
      state: 'waiting',
      attempts: 0,
      uncertain: false,
      createdMs: nowMs,
      dueMs: nowMs,
      message,
    };
  }

  async function deliver(waiting: Delivery): Promise<void> {
    if (waiting.attempts > 0 && (await isSettled(waiting))) {
      await state.notices.takeBack(waiting);
      return;
    }
    if (!rate.take()) return;
    const delivery = { ...waiting, state: 'sending' as const, attempts: waiting.attempts + 1, triedMs: clock() };
    await state.notices.update(delivery);
    const isRepeat = waiting.uncertain && !kind.knowsRepeats;
    const verdict = await attempt(isRepeat ? asRepeat(waiting.message) : waiting.message);
    if (isLeft) return;
    await settle({ ...delivery, uncertain: waiting.uncertain || verdict.isUncertain === true }, verdict);
  }

  /** A single alert that a person has seen to meanwhile need not be told any more. */
  async function isSettled({ id, message }: Delivery): Promise<boolean> {
    if (message.kind !== 'alert') return false;
    const alertIds = await state.notices.alertsOf(id, 1);
    const standings = await state.alerts.standings(alertIds);
    return alertIds.length > 0 && alertIds.every((alertId) => standings.get(alertId)?.status !== 'open');
  }

  async function settle(delivery: Delivery, verdict: Verdict & { isUncertain?: boolean }): Promise<void> {
    if (verdict.kind === 'taken') {
      await end({ ...delivery, state: 'sent', problem: undefined }, 'notification.sent');
      return;
    }
    const { problem } = verdict;
    if (verdict.kind === 'refused' || clock() - delivery.createdMs > GIVE_UP_MS) {
      await end({ ...delivery, state: 'dead', problem }, 'notification.failed');
      options.onProblem(`A message through ${channel.name} was given up: ${problem}`);
      return;
    }
    const pauseMs = Math.max(backOff(delivery.attempts), verdict.kind === 'later' ? (verdict.afterMs ?? 0) : 0);
    if (verdict.kind === 'later' && verdict.afterMs !== undefined)
      rate.rest(Math.min(verdict.afterMs, LONGEST_REST_MS));
    await state.notices.update({
      ...delivery,
      state: 'waiting',
      problem,
      dueMs: clock() + Math.min(pauseMs, LONGEST_REST_MS),
    });
  }

  async function end(delivery: Delivery, leaf: 'notification.sent' | 'notification.failed'): Promise<void> {
    await state.transaction(async (queries: StateQueries) => {
      await queries.notices.update(delivery);
      const alerts = await queries.notices.alertsOf(delivery.id, NAMED_IN_LEAF);
      await queries.evidence.append([
        {
          timeMs: clock(),
          kind: leaf,
          actor: 'system',
          subject: delivery.id,
          details: {
            channel: channel.id,
            name: channel.name,
            kind: channel.kind,
            alerts,
            count: delivery.message.count,
            attempts: delivery.attempts,
            ...(delivery.problem !== undefined && { problem: delivery.problem }),
          },
        },
      ]);
    });
  }

  /** One request; a second one when the signature’s time was wrong and the provider’s clock says by how much. */
  async function attempt(message: Message): Promise<Verdict & { isUncertain?: boolean }> {
    const first = await ask(message);
    if (first.verdict.kind !== 'clock' || first.dateMs === undefined) return first.verdict;
    const offMs = first.dateMs - clock();
    // The clocks agree, so it is the signature that is wrong.
    if (Math.abs(offMs - skewMs) < SKEW_MS) return { ...first.verdict, kind: 'refused' };
    if (!rate.take()) return first.verdict;
    skewMs = offMs;
    options.onProblem(
      `The clock of this machine is ${Math.round(Math.abs(offMs) / 60_000)} min off (by ${kind.title.en}); set it right.`,
    );
    return (await ask(message)).verdict;
  }

  async function ask(message: Message): Promise<{ verdict: Verdict & { isUncertain?: boolean }; dateMs?: number }> {
    try {
      const request = kind.request(message, channel, clock() + skewMs);
      const answer = await egress({ ...request, allowPrivate: channel.allowPrivate });
      if (answer.kind === 'failed')
        return { verdict: { kind: 'later', problem: answer.problem, isUncertain: answer.isSent } };
      return { verdict: kind.judge(answer), ...(answer.dateMs !== undefined && { dateMs: answer.dateMs }) };
    } catch (thrown) {
      const error: BartizanError = toBartizanError(thrown);
      return { verdict: { kind: error.code === 'BTZ_EGRESS_REFUSED' ? 'refused' : 'later', problem: error.message } };
    }
  }
}

/** 2 s, 4 s, … 5 min. */
function backOff(attempts: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_PAUSE_MS);
}
