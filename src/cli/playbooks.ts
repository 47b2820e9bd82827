import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { BartizanError } from '#kit/errors.ts';
import { type Language, terminalLanguage } from '#kit/locale.ts';
import { canRun, EXTENSIONS, type FoundPlaybook, findPlaybooks, procedureSchema } from '#respond/playbooks/index.ts';
import { CONTENT_FOLDER } from '#server/content.ts';

const BUNDLED = join(CONTENT_FOLDER, 'playbooks');

/**
 * `bartizan playbooks check PATH…`: exit 0 all sound and ready to run, 1 some are sound but cannot be run here, 2 some
 * are not valid.
 */
export function checkPlaybooks(paths: readonly string[]): void {
  const found = findPlaybooks(paths.length > 0 ? paths : [BUNDLED]);
  if (found.length === 0)
    throw new BartizanError('BTZ_INPUT_UNREADABLE', { path: paths.join(', '), problem: 'no playbook' });
  for (const { path, problems } of found)
    for (const { severity, step, problem, suggestion } of problems)
      process.stdout.write(
        `${path}: ${severity}: ${step === undefined ? '' : `${step}: `}${printable(problem)}. ${suggestion}\n`,
      );
  const invalid = found.filter(isInvalid).length;
  const ready = found.filter(({ playbook, problems }) => playbook && canRun(problems)).length;
  const unsupported = found.length - invalid - ready;
  process.stdout.write(
    `${found.length} playbooks: ${ready} ready to run, ${unsupported} valid but not to be run here, ${invalid} not valid\n`,
  );
  process.exitCode = invalid > 0 ? 2 : unsupported > 0 ? 1 : 0;
}

export interface ListOptions {
  readonly format: 'table' | 'json' | 'ndjson';
  readonly lang?: Language;
  readonly playbooks: readonly string[];
}

/** `bartizan playbooks list`: the bundled playbooks and those of the folders that are named. */
export function listPlaybooks({ format, lang = terminalLanguage(process.env), playbooks }: ListOptions): void {
  const rows = knownPlaybooks(playbooks).flatMap(({ playbook, problems }) => {
    if (!playbook) return [];
    const procedure = procedureSchema.safeParse(playbook.playbook_extensions?.[EXTENSIONS.procedure]).data;
    return [
      {
        id: playbook.id,
        title: procedure?.title[lang] ?? playbook.name,
        trigger: procedure?.trigger[lang] ?? playbook.description,
        steps: Object.keys(playbook.workflow).length,
        canRun: canRun(problems),
      },
    ];
  });
  if (format === 'json') process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  else if (format === 'ndjson') for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  else
    for (const { id, title, canRun: ready } of rows)
      process.stdout.write(`${id}  ${ready ? ' ' : '!'} ${printable(title)}\n`);
}

export function knownPlaybooks(folders: readonly string[]): readonly FoundPlaybook[] {
  return findPlaybooks([...(existsSync(BUNDLED) ? [BUNDLED] : []), ...folders]);
}

export function isInvalid({ playbook, problems }: FoundPlaybook): boolean {
  return !playbook || problems.some(({ severity }) => severity === 'invalid');
}

/** What a file says is not for the terminal to obey. */
export function printable(text: string): string {
  return text.replace(/\p{C}+/gu, ' ');
}
