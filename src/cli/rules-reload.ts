import type { z } from 'zod';
import type { rulesSchema } from '#api/schemas.ts';
import { askCentre } from './centre-client.ts';

/** `bartizan rules reload`: exit 0 when what runs is what the files say, 1 when they have problems and the set before stays. */
export async function reloadRules({ data }: { readonly data?: string }): Promise<void> {
  const status = await askCentre<z.infer<typeof rulesSchema>>(data, 'POST', '/rules/reload');
  const { rules, correlations, hash, problems, problemCount, isAsOnDisk, trial } = status;
  for (const { file, line, problem, suggestion } of problems)
    process.stdout.write(`${file}:${line}: ${problem}. ${suggestion}\n`);
  for (const { rule, alerts } of trial?.noisy ?? [])
    process.stdout.write(`${rule} would have raised ${alerts} alerts on the last ten minutes; it runs all the same.\n`);
  const running = `${rules} rules and ${correlations} correlations run (${hash.slice(0, 12)}).`;
  process.stdout.write(isAsOnDisk ? `${running}\n` : `${problemCount} problem(s): the rules before stay. ${running}\n`);
  process.exitCode = isAsOnDisk ? 0 : 1;
}
