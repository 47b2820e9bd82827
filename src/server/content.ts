import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toBartizanError } from '#kit/errors.ts';

export const CONTENT_FOLDER = fileURLToPath(new URL('../../content', import.meta.url));

export interface ContentFile {
  readonly path: string;
  readonly text: string;
}

/** Rule and correlation files below the folders (not their `.test.yml`), in a fixed order. Throws BTZ_INPUT_UNREADABLE. */
export function readRuleFiles(folders: readonly string[]): readonly ContentFile[] {
  return folders.flatMap((folder) => readFolder(folder));
}

function readFolder(folder: string): readonly ContentFile[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name))
      .sort()
      .map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path: folder });
  }
}

/** The rules that come with Bartizan. */
export function bundledRuleFolders(): readonly string[] {
  return [join(CONTENT_FOLDER, 'rules'), join(CONTENT_FOLDER, 'correlations')];
}
