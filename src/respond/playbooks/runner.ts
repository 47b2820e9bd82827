import { randomUUID } from 'node:crypto';

import { BartizanError } from '#kit/errors.ts';
import type { NewEvidence } from '#model/evidence.ts';
import type { PlaybookRun } from '#model/playbook-run.ts';
import type { StateStore } from '#store/state-store.ts';

import type { EvidenceRecorder } from '../decisions.ts';
import { whyNotGiven } from './action-kinds.ts';
import type { Answer, Order, PlaybookActions } from './actions.ts';
import type { Finished, JournalEntry, Started } from './journal.ts';
import { createMachine, type Machine } from './machine.ts';
import type { Playbook } from './model.ts';
import type { StepOrder } from './order.ts';
import { type Values, whyNotOfType } from './variables.ts';

export interface RunnerOptions {
  readonly state: StateStore;
  readonly evidence: EvidenceRecorder;
  readonly actions: PlaybookActions;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly ids?: () => string;
  /** The global stop: asked before each order. What is under way is waited for, nothing else begins. */
  readonly isStopped?: () => boolean;
  /** How often a question that waits is asked again; 1 s. */
  readonly pollMs?: number;
}

export interface StartRequest {
  readonly playbook: Playbook;
  /** Those that it calls. */
  readonly others?: ReadonlyMap<string, Playbook>;
  readonly given?: Values;
  readonly actor: string;
  readonly alertId?: string;
}

export interface Runner {
  /** Writes down that a playbook is to run, and runs nothing yet. Throws BTZ_BODY_INVALID for values that do not fit. */
  start(request: StartRequest): Promise<PlaybookRun>;
  /** Carries a run on as far as it goes now: to its end, to a question, a delay or a stop. Safe to repeat after a crash. */
  advance(runId: string): Promise<PlaybookRun>;
  /**
   * Takes the runs that are due for this worker, and carries them on, all at once. Answers how many there were.
   *
   * @param worker unique among all that share the database.
   */
  tick(worker: string): Promise<number>;
}

/** A worker that dies leaves its runs alone for so long; longer than an automatic step may take. */
const LEASE_MS = 300_000;
const RUNS_PER_TICK = 1_000;

const MAX_BACKOFF_MS = 3_600_000;
const MAX_PROBLEM_CHARACTERS = 1_000;

/**
 * Runs playbooks on the journal in the state store. Results and the orders that follow from them are one transaction with
 * their evidence, and an order is written before it is given. After a crash an order without an answer is asked about
 * under its key, and given again only where that is safe.
 */
export function createRunner(options: RunnerOptions): Runner {
  const { state, evidence, actions, clock, ids = randomUUID, isStopped = () => false, pollMs = 1_000 } = options;
  const busy = new Set<string>();

  return { start, advance, tick };

  async function tick(worker: string): Promise<number> {
    const nowMs = clock();
    const due = await state.playbooks.claim(worker, nowMs, nowMs + LEASE_MS, RUNS_PER_TICK);
    const ready = due.filter(({ id }) => !busy.has(id));
    await Promise.all(
      ready.map(async ({ id }) => {
        busy.add(id);
        try {
          await advance(id);
        } catch (thrown) {
          // Another worker was faster: it is in good hands.
          if (!(thrown instanceof BartizanError && thrown.code === 'BTZ_ACTION_STATE')) throw thrown;
        } finally {
          busy.delete(id);
        }
      }),
    );
    return ready.length;
  }

  async function start({
    playbook,
    others = new Map(),
    given = {},
    actor,
    alertId,
  }: StartRequest): Promise<PlaybookRun> {
    for (const [name, value] of Object.entries(given)) mustFit(playbook, name, value);
    const nowMs = clock();
    const playbooks = { [playbook.id]: playbook, ...Object.fromEntries(calledFrom(playbook, others)) };
    const run: PlaybookRun = {
      ...{ id: ids(), playbookId: playbook.id, state: 'running', actor, alertId },
      ...{ startedMs: nowMs, wakeMs: nowMs, given, playbooks },
    };
    const details = { playbook: playbook.id, modified: playbook.modified, name: playbook.name, given };
    await state.transaction(async (queries) => {
      await queries.playbooks.insert(run);
      await evidence.record([{ timeMs: nowMs, kind: 'playbook.started', actor, subject: run.id, details }], queries);
    });
    return run;
  }

  async function advance(runId: string): Promise<PlaybookRun> {
    const run = await state.playbooks.find(runId);
    if (!run) throw new BartizanError('BTZ_NOT_FOUND', { what: `run ${runId}` });
    if (run.state !== 'running') return run;
    const playbooks = run.playbooks as Readonly<Record<string, Playbook>>;
    const playbook = playbooks[run.playbookId] as Playbook;
    const others = new Map(Object.entries(playbooks));
    const machine = createMachine(runId, playbook, others, run.given, run.startedMs);
    const journal = (await state.playbooks.journal(runId)) as readonly JournalEntry[];
    for (const entry of journal) machine.apply(entry);
    return await createAdvance(run, machine, journal.length).go();
  }

  function createAdvance(run: PlaybookRun, machine: Machine, written: number) {
    /** Keys of orders that were given here and whose answer has not been applied. */
    const inFlight = new Set<string>();
    const settled: { readonly key: string; readonly entry: JournalEntry | undefined }[] = [];
    let wake: () => void = () => undefined;
    const waiting = new Set<string>();
    const begunHere = new Set<string>();
    let position = written;

    return { go };

    async function go(): Promise<PlaybookRun> {
      for (;;) {
        const entries = [...takeSettled(), ...next()];
        const ended = endOf(machine);
        const current = entries.length > 0 || ended ? await write(entries, ended) : run;
        if (ended) return current;
        give();
        if (inFlight.size === 0) return await park();
        if (settled.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    }

    function takeSettled(): readonly JournalEntry[] {
      return settled.splice(0).flatMap(({ key, entry }) => {
        inFlight.delete(key);
        if (entry) machine.apply(entry);
        return entry ?? [];
      });
    }

    /** Everything that is decided or due now, applied. */
    function next(): readonly JournalEntry[] {
      const entries: JournalEntry[] = [];
      const nowMs = clock();
      for (let entry = machine.decide(nowMs); entry; entry = machine.decide(nowMs)) {
        machine.apply(entry);
        entries.push(entry);
      }
      const taken = machine.undo();
      if (isStopped()) return entries;
      const orders: readonly JournalEntry[] =
        taken && !taken.isBegun
          ? [{ kind: 'undoing', key: taken.key, step: taken.step, timeMs: nowMs }]
          : machine.startable(nowMs);
      for (const entry of orders) {
        machine.apply(entry);
        if (entry.kind === 'started') begunHere.add(entry.key);
      }
      return [...entries, ...orders];
    }

    async function write(
      entries: readonly JournalEntry[],
      ended: PlaybookRun['state'] | undefined,
    ): Promise<PlaybookRun> {
      const nowMs = clock();
      const problem = machine.problem();
      const change = ended && { state: ended, endedMs: nowMs, problem };
      await state.transaction(async (queries) => {
        if (!(await queries.playbooks.append(run.id, position, entries)))
          throw new BartizanError('BTZ_ACTION_STATE', { state: 'in the hands of another worker', verb: 'carried on' });
        if (change) await queries.playbooks.update(run.id, change);
        const leaves = entries.map((entry) => leafOf(run, entry));
        const last =
          ended && leaf(run, 'playbook.ended', nowMs, { outcome: ended, ...(problem !== undefined && { problem }) });
        await evidence.record([...leaves, ...(last ? [last] : [])], queries);
      });
      position += entries.length;
      return { ...run, ...change };
    }

    function give(): void {
      const taken = machine.undo();
      if (taken?.isBegun && !inFlight.has(taken.key) && !isStopped()) launch(taken.key, undo(taken));
      for (const started of machine.running())
        if (!inFlight.has(started.key) && !waiting.has(started.key)) launch(started.key, perform(started));
    }

    /** The work never throws: a failure is an answer. */
    function launch(key: string, work: Promise<JournalEntry | undefined>): void {
      inFlight.add(key);
      void work.then((entry) => {
        settled.push({ key, entry });
        wake();
      });
    }

    /** Nothing to do until something is due or a person answers. */
    async function park(): Promise<PlaybookRun> {
      const nowMs = clock();
      const pollAtMs = waiting.size > 0 || isStopped() ? nowMs + pollMs : Number.POSITIVE_INFINITY;
      const wakeMs = Math.min(machine.wakeMs() ?? Number.POSITIVE_INFINITY, pollAtMs);
      const change = { wakeMs: Number.isFinite(wakeMs) ? Math.max(wakeMs, nowMs) : nowMs + pollMs };
      await state.playbooks.update(run.id, change);
      return { ...run, ...change };
    }

    async function perform(
      started: Started & { readonly order: StepOrder; readonly tries: number },
    ): Promise<JournalEntry | undefined> {
      const { order, key } = started;
      const isLate = clock() - started.timeMs >= order.timeoutMs;
      const answer = await answerOf(started, isLate);
      if (answer.state === 'waiting' && !isLate) {
        waiting.add(key);
        return undefined;
      }
      return finished(started, answer.state === 'waiting' ? lateAnswer(order.timeoutMs) : answer);
    }

    async function answerOf(started: Started & { readonly order: StepOrder }, isLate: boolean): Promise<Answer> {
      const { key, action, order } = started;
      const carrier = actions.get(action);
      if (!carrier) return { state: 'failed', problem: `nobody here carries out ${action}`, isCertain: true };
      const misfit = whyNotGiven(carrier.kind, started.given);
      if (misfit !== undefined) return { state: 'failed', problem: misfit, isCertain: true };
      try {
        if (!begunHere.has(key) && carrier.kind.isDangerous) {
          const known = await carrier.find?.(key);
          if (known) return known;
          if (!carrier.find)
            return {
              state: 'failed',
              problem: 'it may have been done before a crash; look, and decide',
              isCertain: false,
            };
          if (machine.phase() === 'failing' || isLate)
            return { state: 'failed', problem: 'it was not done before a crash', isCertain: true };
        }
        return await inTime(order.timeoutMs, (signal) => carrier.perform(toOrder(started), signal));
      } catch (thrown) {
        return { state: 'failed', problem: problemOf(thrown), isCertain: false };
      }
    }

    function finished(
      started: Started & { readonly order: StepOrder; readonly tries: number },
      answer: Answer,
    ): Finished {
      const { branch, step, key, order, tries } = started;
      const timeMs = clock();
      const common = { kind: 'finished', branch, step, key, timeMs } as const;
      if (answer.state === 'done') {
        const values = answer.values ?? {};
        const misfit = misfitOf(run, started, values);
        if (misfit !== undefined) return { ...common, outcome: 'failure', problem: misfit };
        return { ...common, outcome: 'success', ...(Object.keys(values).length > 0 && { values }) };
      }
      const { problem, isCertain } = answer.state === 'failed' ? answer : { problem: 'no answer', isCertain: false };
      const { retries = 0, backoff_ms: backoffMs = 1_000 } = order.automation ?? {};
      // Where nobody can tell whether it was done, doing it again is for a person to decide.
      const canRetry = isCertain || actions.get(started.action)?.find !== undefined || !isDangerous(started.action);
      const text = problem.slice(0, MAX_PROBLEM_CHARACTERS);
      if (tries >= retries || !canRetry) return { ...common, outcome: 'failure', problem: text };
      const pauseMs = Math.min(backoffMs * 2 ** tries, MAX_BACKOFF_MS);
      return { ...common, outcome: 'failure', problem: text, retryAtMs: timeMs + pauseMs, isCertain };
    }

    function isDangerous(action: string): boolean {
      return actions.get(action)?.kind.isDangerous ?? false;
    }

    async function undo(started: Started): Promise<JournalEntry> {
      const { key, step } = started;
      const carrier = actions.get(started.action);
      const common = { kind: 'undone', key, step } as const;
      try {
        const answer = await inTime(60_000, async (signal) => carrier?.undo?.(toOrder(started), signal));
        if (answer?.state === 'done') return { ...common, outcome: 'success', timeMs: clock() };
        const problem = answer?.state === 'failed' ? answer.problem : 'it cannot be undone here';
        return { ...common, outcome: 'failure', problem, timeMs: clock() };
      } catch (thrown) {
        return { ...common, outcome: 'failure', problem: problemOf(thrown), timeMs: clock() };
      }
    }

    function toOrder(started: Started & { readonly order?: StepOrder }): Order {
      const { key, action, given, step, order } = started;
      return {
        ...{ key, action, given, runId: run.id, step, actor: run.actor },
        ...{ approval: order?.approval, outArgs: order?.outArgs ?? [], givenMs: started.timeMs },
      };
    }
  }
}

function endOf(machine: Machine): 'succeeded' | 'failed' | undefined {
  const phase = machine.phase();
  return phase === 'succeeded' || phase === 'failed' ? phase : undefined;
}

function leafOf(run: PlaybookRun, { timeMs, ...details }: JournalEntry): NewEvidence {
  return leaf(run, 'playbook.step', timeMs, details);
}

function leaf(run: PlaybookRun, kind: NewEvidence['kind'], timeMs: number, details: object): NewEvidence {
  return { timeMs, kind, actor: run.actor, subject: run.id, details: { ...details } };
}

function lateAnswer(timeoutMs: number): Answer {
  return { state: 'failed', problem: `no answer within ${timeoutMs / 1_000} s`, isCertain: true };
}

function problemOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Gives up waiting after a time. What was asked may still be done later: it is for `find` to say. */
async function inTime<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        reject(new BartizanError('BTZ_INTERNAL', { problem: `no answer within ${limitMs} ms` }));
        controller.abort();
      },
      Math.min(limitMs, 2 ** 31 - 1),
    );
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function mustFit({ playbook_variables: variables = {} }: Playbook, name: string, value: string): void {
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  const reason = !variable ? 'is not declared' : variable.constant ? 'is constant' : whyNotOfType(value, variable);
  if (reason !== undefined) throw new BartizanError('BTZ_BODY_INVALID', { problem: `${name} ${reason}` });
}

/** Why an answer's values cannot be taken: nobody asked for them, or they are not of their type. */
function misfitOf(run: PlaybookRun, { order }: { readonly order: StepOrder }, values: Values): string | undefined {
  const playbooks = Object.values(run.playbooks as Readonly<Record<string, Playbook>>);
  for (const [name, value] of Object.entries(values)) {
    if (!order.outArgs.includes(name)) return `the answer sets ${name}, which is not in out_args`;
    for (const { playbook_variables: variables = {} } of playbooks) {
      const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
      const reason = variable && whyNotOfType(value, variable);
      if (reason) return `${name} ${reason}`;
    }
  }
  return undefined;
}

function calledFrom(playbook: Playbook, others: ReadonlyMap<string, Playbook>): ReadonlyMap<string, Playbook> {
  const called = new Map<string, Playbook>();
  const waiting = [playbook];
  for (let one = waiting.pop(); one; one = waiting.pop())
    for (const step of Object.values(one.workflow)) {
      const next = step.type === 'playbook-action' ? others.get(step.playbook_id) : undefined;
      if (!next || called.has(next.id)) continue;
      called.set(next.id, next);
      waiting.push(next);
    }
  return called;
}
