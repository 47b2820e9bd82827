import { appendFileSync, existsSync, readFileSync } from 'node:fs';

import { ACTION_KINDS, type ActionKind } from '../action-kinds.ts';
import type { PlaybookAction, PlaybookActions } from '../actions.ts';

/** Actions whose world is a file: one line for each thing done, with the key it was done under. */
export function recordingActions(path: string): PlaybookActions {
  return new Map([...ACTION_KINDS.values()].map((kind) => [kind.name, recordingAction(kind, path)]));
}

export function recordedKeys(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

/**
 * Careless on purpose where it is dangerous: told twice, it does it twice. Questions, and taking back, are the same thing
 * however often they are asked for, as the contract says.
 */
function recordingAction(kind: ActionKind, path: string): PlaybookAction {
  const once = (line: string): void => {
    if (!recordedKeys(path).includes(line)) appendFileSync(path, `${line}\n`);
  };
  return {
    kind,
    async perform({ key, action }) {
      if (kind.isDangerous) appendFileSync(path, `${action} ${key}\n`);
      else once(`${action} ${key}`);
      return { state: 'done' };
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
