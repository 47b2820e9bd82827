import { appendFile, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Checkpoint, type NoteVerifier, openCheckpoint } from '@bartizan/tlog';

const FILE = 'history';
/** A note of ours is five lines; an empty one stands between two. */
const LINES_PER_NOTE = 6;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Adds a signed checkpoint to the file `history` beside the log. It lets a verifier say where a changed leaf stands, and
 * that a log was cut back or signed anew. Nothing depends on it: it is not synced, and past 4 MB every second one goes.
 */
export async function addToHistory(folder: string, note: string): Promise<void> {
  const place = join(folder, FILE);
  await appendFile(place, `${note}\n`);
  const { size } = await stat(place);
  if (size <= MAX_BYTES) return;
  const notes = splitNotes(await readFile(place, 'utf8'));
  await writeFile(
    `${place}.new`,
    notes
      .filter((_, index) => index % 2 === 1)
      .map((each) => `${each}\n`)
      .join(''),
  );
  await rename(`${place}.new`, place);
}

/** The checkpoints of the history that the key really signed, by size; others are left out. */
export async function readHistory(folder: string, verifier: NoteVerifier): Promise<readonly Checkpoint[]> {
  const place = join(folder, FILE);
  const { size } = await stat(place).catch(() => ({ size: 0 }));
  if (size === 0 || size > 2 * MAX_BYTES) return [];
  const checkpoints: Checkpoint[] = [];
  for (const note of splitNotes(await readFile(place, 'utf8'))) {
    try {
      checkpoints.push(openCheckpoint(note, [verifier]));
    } catch {
      // Torn by a crash or forged: it says nothing then.
    }
  }
  return checkpoints.sort((left, right) => left.size - right.size);
}

function splitNotes(text: string): readonly string[] {
  const lines = text.split('\n');
  const notes: string[] = [];
  for (let start = 0; start + LINES_PER_NOTE <= lines.length; start += LINES_PER_NOTE) {
    notes.push(`${lines.slice(start, start + LINES_PER_NOTE - 1).join('\n')}\n`);
  }
  return notes;
}
