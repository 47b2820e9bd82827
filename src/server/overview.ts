import type { z } from 'zod';
import { HELD_BACK_SPAN_MS, HIDDEN_SPAN_MS, type overviewSchema, type sourceSchema } from '#api/schemas.ts';
import type { BartizanError } from '#kit/errors.ts';
import { LEVELS, type Level } from '#model/alert.ts';
import type { StreamCounters } from '#model/batch.ts';
import type { StateStore } from '#store/state-store.ts';
import type { DetectionService } from './detection.ts';
import { troublesOf } from './health.ts';
import type { IntakeService, IntakeStatus } from './intake.ts';
import type { LakeService } from './lake.ts';
import type { RulesStatus } from './rules.ts';
import type { SettingsService } from './settings.ts';

type Overview = z.infer<typeof overviewSchema>;
type Source = z.infer<typeof sourceSchema>;

export interface OverviewOptions {
  readonly state: StateStore;
  readonly settings: SettingsService;
  readonly responder: { firewall(): { available: boolean; problem?: string }; blocked(): Promise<number> };
  readonly intake: IntakeService;
  readonly lake: LakeService;
  readonly detection: DetectionService;
  readonly rules: { status(): RulesStatus };
  readonly evidence: { status(): { size: number; checkpointMs: number; problem?: BartizanError } };
  readonly clock: () => number;
  readonly version: string;
}

const SAMPLE_MS = 2_000;
const RATE_SAMPLES = 5;
const MOST_TODOS = 3;

/** The figures of the first page. Keeps a few samples of the counters for the rate. */
export function createOverview({
  state,
  settings,
  responder,
  intake,
  lake,
  detection,
  rules,
  evidence,
  clock,
  version,
}: OverviewOptions): { read(): Promise<Overview>; stop(): void } {
  const samples: { atMs: number; received: number }[] = [];
  const sample = async () => {
    const { counters } = await intake.status();
    samples.push({ atMs: performance.now(), received: sum(counters, (stream) => stream.received) });
    if (samples.length > RATE_SAMPLES + 1) samples.shift();
  };
  const timer = setInterval(() => void sample().catch(() => undefined), SAMPLE_MS);

  return {
    stop: () => clearInterval(timer),
    async read() {
      const nowMs = clock();
      const [status, size, open, asked, blocked, demo, hidden, heldBack] = await Promise.all([
        intake.status(),
        lake.size(),
        Promise.all(LEVELS.map(async (level) => [level, await openOf(state, level)] as const)),
        state.actions.list({ states: ['asked'], limit: 500 }),
        responder.blocked(),
        state.alerts.list({ demo: true, limit: 1 }),
        state.alerts.list({ status: 'hidden', fromMs: nowMs - HIDDEN_SPAN_MS, limit: 0 }),
        state.alerts.heldBack(nowMs - HELD_BACK_SPAN_MS),
      ]);
      return {
        version,
        nowMs,
        respond: settings.get().respond,
        firewall: responder.firewall(),
        openAlerts: Object.fromEntries(open) as Record<Level, number>,
        hiddenAlerts: hidden.total,
        heldBackAlerts: heldBack.reduce((total, { count }) => total + count, 0),
        hasDemo: demo.total > 0,
        events: {
          received: sum(status.counters, ({ received }) => received),
          stored: sum(status.counters, ({ stored }) => stored),
          dropped: sum(status.counters, droppedOf),
          detected: shareOf(detection.sequence(), status),
          searchable: shareOf(lake.storedSequence(), status),
          perSecond: rate(samples),
        },
        blocked,
        askedActions: asked.length,
        evidence: pick(evidence.status()),
        lake: { state: lake.state(), ...size },
        todo: [
          ...troublesOf({
            intake: status,
            isDetectionRunning: detection.isRunning(),
            lake,
            ruleProblems: rules.status(),
            evidenceProblem: evidence.status().problem,
          }),
          ...(await todos(state, status)),
        ].slice(0, MOST_TODOS),
      };
    },
  };
}

/** Every stream that was ever received from, and every collector that runs, as one list. */
export function listSources({ counters, collectors }: IntakeStatus): readonly Source[] {
  const byStream = new Map(counters.map((stream) => [stream.stream, stream]));
  const running = new Set(collectors.map(({ stream }) => stream));
  return [
    ...collectors.map(({ stream, format, status, detail }) => ({
      ...countsOf(byStream.get(stream)),
      stream,
      format,
      status,
      detail,
    })),
    ...counters
      .filter(({ stream }) => !running.has(stream))
      .map((stream) => ({
        ...countsOf(stream),
        stream: stream.stream,
        format: stream.format,
        status: isPushed(stream.stream) ? ('watching' as const) : ('stopped' as const),
        detail: '',
      })),
  ];
}

function shareOf(sequence: number, { lastSequence }: IntakeStatus): number {
  return lastSequence === 0 ? 1 : Math.min(1, sequence / lastSequence);
}

function countsOf(stream: StreamCounters | undefined) {
  return {
    received: stream?.received ?? 0,
    stored: stream?.stored ?? 0,
    bytes: stream?.bytes ?? 0,
    dropped: { ...stream?.dropped },
    lastReceivedMs: stream?.lastReceivedMs ?? 0,
  };
}

/** Senders that come to us have no collector to watch. */
function isPushed(stream: string): boolean {
  return /^(http|demo|drill|syslog):/.test(stream);
}

async function openOf(state: StateStore, level: Level): Promise<number> {
  const index = LEVELS.indexOf(level);
  const atLeast = async (from: Level | undefined) =>
    from === undefined ? 0 : (await state.alerts.list({ status: 'open', minLevel: from, limit: 1 })).total;
  return (await atLeast(level)) - (await atLeast(LEVELS[index + 1]));
}

/** The most important first: waiting proposals, grave alerts, then sources that cannot be read. */
async function todos(state: StateStore, { collectors }: IntakeStatus): Promise<Overview['todo']> {
  // What really happened goes before what is only shown.
  const graveFirst = async (level: Level) => {
    const lists = [false, true].map((demo) =>
      state.alerts.list({ status: 'open', minLevel: level, demo, limit: MOST_TODOS }),
    );
    return (await Promise.all(lists)).flatMap(({ items }) => items);
  };
  const found = new Map<string, Overview['todo'][number]>();
  for (const level of ['critical', 'high'] as const) {
    for (const { id, rule, entities } of await graveFirst(level)) {
      const about = entities['src_ip'] ?? entities['user'] ?? entities['host'];
      const suffix = about === undefined ? '' : ` · ${about}`;
      found.set(id, {
        id,
        kind: 'alert',
        level: rule.level,
        subject: `${rule.title.zh}${suffix}\n${rule.title.en}${suffix}`,
        link: `/alerts/${id}`,
      });
    }
  }
  for (const { id, target, alertId, repair } of await state.actions.list({ states: ['asked'], limit: MOST_TODOS })) {
    if (alertId === undefined || !found.has(alertId))
      found.set(id, {
        id,
        kind: 'approve',
        level: 'medium',
        subject: repair?.resource.name ?? target,
        link: alertId === undefined ? '/responses' : `/alerts/${alertId}`,
      });
  }
  for (const { stream, status, detail } of collectors) {
    if (status === 'no_permission' || status === 'error')
      found.set(stream, { id: stream, kind: 'source', level: 'low', subject: detail, link: '/sources' });
  }
  return [...found.values()].slice(0, MOST_TODOS);
}

function rate(samples: readonly { atMs: number; received: number }[]): number {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || last.atMs <= first.atMs) return 0;
  return Math.round(((last.received - first.received) / (last.atMs - first.atMs)) * 1000);
}

function sum(counters: readonly StreamCounters[], of: (stream: StreamCounters) => number): number {
  return counters.reduce((total, stream) => total + of(stream), 0);
}

function droppedOf({ dropped }: StreamCounters): number {
  return Object.values(dropped).reduce((total, count) => total + (count ?? 0), 0);
}

function pick({ size, checkpointMs }: { size: number; checkpointMs: number }) {
  return { size, checkpointMs };
}
