import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BartizanError, toBartizanError } from '#kit/errors.ts';

export const CONTENT_FOLDER = fileURLToPath(new URL('../../content', import.meta.url));

export interface ContentFile {
  readonly path: string;
  readonly text: string;
}

/** All rules together; SigmaHQ's 3,757 are about 8 MB. */
const MAX_SET_BYTES = 64 * 1024 * 1024;

/**
 * Rule and correlation files below the folders (not their `.test.yml`, nothing hidden: editors keep their locks and copies
 * there), in a fixed order. Throws BTZ_INPUT_UNREADABLE, also for more than 64 MB.
 */
export function readRuleFiles(folders: readonly string[]): readonly ContentFile[] {
  let leftBytes = MAX_SET_BYTES;
  return folders.flatMap((folder) => {
    try {
      return ruleFilesBelow(folder).map((path) => {
        leftBytes -= statSync(path).size;
        if (leftBytes < 0)
          throw new BartizanError('BTZ_INPUT_UNREADABLE', { path, problem: 'the rules are more than 64 MB' });
        return { path, text: readFileSync(path, 'utf8') };
      });
    } catch (thrown) {
      throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path: folder });
    }
  });
}

/** The folders and all below them, as far as they can be read; where a changed rule shows. */
export function foldersBelow(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => {
    try {
      const below = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isDirectory(),
      );
      return [folder, ...below.map(({ parentPath, name }) => join(parentPath, name))];
    } catch {
      return [folder];
    }
  });
}

/** Names what the files say, wherever they lie and whatever they are called: SHA-256, hexadecimal. */
export function hashOfRules(files: readonly ContentFile[]): string {
  const each = files.map(({ text }) => createHash('sha256').update(text).digest('hex')).sort();
  return createHash('sha256').update(each.join('\n')).digest('hex');
}

/** The rules that come with Bartizan. */
export function bundledRuleFolders(): readonly string[] {
  return [join(CONTENT_FOLDER, 'rules'), join(CONTENT_FOLDER, 'correlations')];
}

function ruleFilesBelow(folder: string): readonly string[] {
  return (
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name) && !/(?:^|\/)\./.test(name))
      .sort()
      .map((name) => join(folder, name))
      // A pipe of that name would be waited for without end.
      .filter((path) => statSync(path).isFile())
  );
}
