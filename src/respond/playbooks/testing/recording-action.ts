import { appendFileSync, existsSync, readFileSync } from 'node:fs';

import { ACTION_KINDS, type ActionKind } from '../action-kinds.ts';
import type { PlaybookAction, PlaybookActions } from '../actions.ts';
import type { Values } from '../variables.ts';

/** Actions whose world is a file: one line for each thing done, with its key. Questions set what they are asked for. */
export function recordingActions(path: string, answers: Values = {}): PlaybookActions {
  return new Map([...ACTION_KINDS.values()].map((kind) => [kind.name, recordingAction(kind, path, answers)]));
}

export function recordedKeys(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

/**
 * Careless on purpose where it is dangerous: told twice, it does it twice. Questions, and taking back, are the same thing
 * however often they are asked for, as the contract says.
 */
function recordingAction(kind: ActionKind, path: string, answers: Values): PlaybookAction {
  const once = (line: string): void => {
    if (!recordedKeys(path).includes(line)) appendFileSync(path, `${line}\n`);
  };
  return {
    kind,
    async perform({ key, action, outArgs }) {
      if (kind.isDangerous) appendFileSync(path, `${action} ${key}\n`);
      else once(`${action} ${key}`);
      const values = outArgs.flatMap((name) => (answers[name] === undefined ? [] : [[name, answers[name]]]));
      return { state: 'done', values: Object.fromEntries(values) };
    },
    async find(key) {
      return recordedKeys(path).includes(`${kind.name} ${key}`) ? { state: 'done' } : undefined;
    },
    async undo({ key, action }) {
      once(`undo-${action} ${key}`);
      return { state: 'done' };
    },
    plan: async (given) => ({ targets: Object.values(given), radius: '1' }),
  };
}
