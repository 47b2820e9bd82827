import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { type Check, checkSchema } from './checks/index.ts';

/** What is wrong with a check file, for the one who edits it. */
export interface CheckProblem {
  readonly file: string;
  readonly problem: string;
}

/**
 * Reads every check under the folders (`<provider>/<id>.yml`). One that is wrong is a problem; the others are read.
 */
export function readChecks(folders: readonly string[]): {
  checks: readonly Check[];
  problems: readonly CheckProblem[];
} {
  const checks = new Map<string, Check>();
  const problems: CheckProblem[] = [];
  for (const folder of folders) {
    for (const name of globSync('**/*.yml', { cwd: folder }).sort()) {
      const file = join(folder, name);
      try {
        const read = checkSchema.safeParse(parse(readFileSync(file, 'utf8'), { maxAliasCount: 20 }));
        if (!read.success) {
          for (const { path, message } of read.error.issues)
            problems.push({ file, problem: `${path.join('.')}: ${message}` });
        } else if (read.data.id !== basename(name, '.yml'))
          problems.push({ file, problem: `its id is ${read.data.id}` });
        else if (checks.has(read.data.id)) problems.push({ file, problem: `another check has the id ${read.data.id}` });
        else checks.set(read.data.id, read.data);
      } catch (error) {
        problems.push({
          file,
          problem: error instanceof Error ? (error.message.split('\n')[0] as string) : String(error),
        });
      }
    }
  }
  return { checks: [...checks.values()], problems };
}
