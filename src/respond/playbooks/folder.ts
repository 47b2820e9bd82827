import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { BartizanError, toBartizanError } from '#kit/errors.ts';

import { ACTION_KINDS, type ActionKind } from './action-kinds.ts';
import { checkPlaybook } from './check.ts';
import { PLAYBOOK_LIMITS, type Playbook } from './model.ts';
import { invalid, notice, type PlaybookProblem } from './problem.ts';
import { readPlaybook } from './read.ts';

export interface FoundPlaybook {
  readonly path: string;
  readonly playbook: Playbook | undefined;
  readonly problems: readonly PlaybookProblem[];
}

const MAX_FILES = 2_000;

/**
 * Reads and checks every playbook (.json, .yml, .yaml) below the folders, in a fixed order; a path may also name one file.
 * They are checked together, so that one may call another.
 *
 * @throws BTZ_INPUT_UNREADABLE for what cannot be opened and for more than 2,000 files.
 */
export function findPlaybooks(
  paths: readonly string[],
  actions: ReadonlyMap<string, ActionKind> = ACTION_KINDS,
): readonly FoundPlaybook[] {
  const files = paths.flatMap(filesBelow);
  if (files.length > MAX_FILES)
    throw new BartizanError('BTZ_INPUT_UNREADABLE', {
      path: paths.join(', '),
      problem: `more than ${MAX_FILES} files`,
    });
  const read = files.map((path) => ({ path, ...readFile(path) }));
  const others = latestById(read.flatMap(({ playbook }) => playbook ?? []));
  return read.map(({ path, playbook, problems }) => {
    if (!playbook) return { path, playbook, problems };
    const isShadowed = others.get(playbook.id) !== playbook;
    const shadowed = isShadowed
      ? [notice('another file has this identifier, as new or newer', 'That one counts; give this one its own.')]
      : [];
    return { path, playbook, problems: [...shadowed, ...checkPlaybook(playbook, { actions, others })] };
  });
}

/** Playbooks of one identifier are versions of one playbook, told apart by `modified` (CACAO 2.0, 3.1). */
export function latestById(playbooks: readonly Playbook[]): ReadonlyMap<string, Playbook> {
  const latest = new Map<string, Playbook>();
  for (const playbook of playbooks) {
    const known = latest.get(playbook.id);
    if (!known || Date.parse(playbook.modified) > Date.parse(known.modified)) latest.set(playbook.id, playbook);
  }
  return latest;
}

function readFile(path: string): ReturnType<typeof readPlaybook> {
  try {
    if (statSync(path).size > PLAYBOOK_LIMITS.textBytes)
      return {
        playbook: undefined,
        problems: [invalid(`larger than ${PLAYBOOK_LIMITS.textBytes} bytes`, 'Split it with playbook-action steps.')],
      };
    return readPlaybook(readFileSync(path, 'utf8'));
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path });
  }
}

function filesBelow(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:json|ya?ml)$/.test(name) && !/(?:^|\/)\./.test(name))
      .sort()
      .map((name) => join(path, name));
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path });
  }
}
