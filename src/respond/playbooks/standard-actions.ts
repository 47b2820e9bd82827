import type { Action } from '#model/action.ts';
import type { StateStore } from '#store/state-store.ts';

import type { Responder } from '../responder.ts';
import { ACTION_KINDS, type ActionKind } from './action-kinds.ts';
import type { Answer, PlaybookAction } from './actions.ts';

/**
 * Blocking through the responder: its guard, its evidence, its kernel. The key is kept as who asked, so that a block can
 * be told from another's of the same address.
 */
export function blockAction(responder: Pick<Responder, 'block' | 'undo' | 'plan'>, state: StateStore): PlaybookAction {
  const ofKey = async (key: string): Promise<Action | undefined> => {
    const recent = await state.actions.list({ verb: 'block', limit: 1_000 });
    return recent.find(({ requestedBy }) => requestedBy === actorOf(key));
  };
  return {
    kind: kindOf('block'),
    async perform({ key, given }) {
      const known = await ofKey(key);
      if (known) return answerOf(known);
      const seconds = given['for_seconds'];
      const action = await responder.block({
        target: given['address'] ?? '',
        ...(seconds !== undefined && { durationMs: Number(seconds) * 1_000 }),
        actor: actorOf(key),
      });
      return answerOf(action);
    },
    async find(key) {
      const action = await ofKey(key);
      return action && answerOf(action);
    },
    async undo({ key, actor }) {
      const action = await ofKey(key);
      // An address that was blocked already, by another: not ours to let go.
      if (action?.state !== 'done') return { state: 'done' };
      await responder.undo(action.id, actor);
      return { state: 'done' };
    },
    async plan(given) {
      const { target, allowed, refusal, addresses, connections } = await responder.plan(given['address'] ?? '');
      const radius = `${addresses} addresses, ${connections} connections now`;
      return { targets: [target], radius, ...(!allowed && { refusal: refusal?.message ?? 'refused' }) };
    },
  };
}

/** Lets time pass; kept in the journal, so a restart waits for the rest only. */
export function waitAction(clock: () => number): PlaybookAction {
  return {
    kind: kindOf('wait'),
    async perform({ given, givenMs }) {
      return clock() - givenMs >= Number(given['seconds']) * 1_000 ? { state: 'done' } : { state: 'waiting' };
    },
    plan: async ({ seconds }) => ({ targets: [], radius: `${seconds} s` }),
  };
}

function actorOf(key: string): string {
  return `playbook:${key}`;
}

function kindOf(name: string): ActionKind {
  const kind = ACTION_KINDS.get(name);
  if (!kind) throw new RangeError(`no action is named ${name}`);
  return kind;
}

function answerOf({ state, problem }: Action): Answer {
  if (state === 'done') return { state: 'done' };
  if (state === 'asked' || state === 'approved' || state === 'running') return { state: 'waiting' };
  // What was refused was never begun; of what failed the kernel may hold a part.
  return { state: 'failed', problem: problem?.code ?? `the block is ${state}`, isCertain: state === 'refused' };
}
