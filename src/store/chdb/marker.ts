import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** The durable note of the highest journal sequence whose events are all in the lake. */
export interface SequenceMarker {
  /** 0 when nothing was noted, or what was noted cannot be read: the lake then looks which rows it has. */
  readonly noted: number;
  /** Replaces the note: after a crash either the old one is there or the new one, whole. */
  note(sequence: number): Promise<void>;
}

const FILE = 'stored-sequence';

export function openMarker(folder: string): SequenceMarker {
  const file = join(folder, FILE);
  let noted = readNote(file);
  return {
    get noted() {
      return noted;
    },
    async note(sequence) {
      const draft = `${file}.new`;
      const handle = await open(draft, 'w', 0o600);
      try {
        await handle.writeFile(`${sequence}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
      const directory = await open(folder, 'r');
      try {
        await directory.sync();
      } finally {
        await directory.close();
      }
      noted = sequence;
    },
  };
}

function readNote(file: string): number {
  try {
    const text = readFileSync(file, 'utf8');
    return /^\d{1,15}\n$/.test(text) ? Number(text) : 0;
  } catch {
    // No note yet, or none that can be read: 0 is always safe.
    return 0;
  }
}
