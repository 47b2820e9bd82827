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
 *
 * @param types only the checks on these types of resources, and without their cases: a scan must not wait for the others
 */
export function readChecks(
  folders: readonly string[],
  types?: Pick<ReadonlySet<string>, 'has'>,
): {
  checks: readonly Check[];
  problems: readonly CheckProblem[];
} {
  const checks = new Map<string, Check>();
  const problems: CheckProblem[] = [];
  for (const folder of folders) {
    for (const name of globSync('**/*.yml', { cwd: folder }).sort()) {
      const file = join(folder, name);
      try {
        const text = readFileSync(file, 'utf8');
        if (types && !namesOneOf(text, types)) continue;
        const schema = types ? withoutCases : checkSchema;
        const read = schema.safeParse(parse(types ? text.replace(CASES, '') : text, { maxAliasCount: 20 }));
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

const withoutCases = checkSchema.extend({ cases: checkSchema.shape.cases.default([]) });
/** The key at the beginning of a line, and all lines below it that are further in. */
const CASES = /^cases:[^\n]*\n(?:(?:[ #-][^\n]*)?(?:\n|$))*/m;
const RESOURCE = /^resource:([^\n]*(?:\n[ -][^\n]*)*)/m;

/** By the text alone, before it is read: a file without a `resource` is read, for it has a problem to tell. */
function namesOneOf(text: string, types: Pick<ReadonlySet<string>, 'has'>): boolean {
  const named = RESOURCE.exec(text)?.[1]?.match(/\w+/g);
  return !named || named.some((type) => types.has(type));
}
