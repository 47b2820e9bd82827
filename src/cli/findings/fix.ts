import type { Finding } from '#model/finding.ts';
import type { CheckSet } from '#posture/checks/index.ts';
import { proposeRepairs } from '#posture/repair/repairs.ts';
import { LOADERS, loadTree } from '#posture/resources/index.ts';
import { plain } from './format.ts';

/**
 * Prints the patch, and on standard error what it mends and what is left to do by hand. The code itself stays untouched.
 * The patch holds lines of the code as they are, or it would not fit; on a terminal they cannot move the cursor.
 */
export async function printFix(
  paths: readonly string[],
  findings: readonly Finding[],
  checkSet: CheckSet,
  anew: boolean,
): Promise<void> {
  const reload = async (instead: ReadonlyMap<string, string>) => (await loadTree(paths, LOADERS, instead)).resources;
  const { patch, mended, left } = await proposeRepairs(findings, checkSet, reload, Date.now(), anew);
  process.stdout.write(process.stdout.isTTY ? patch.split('\n').map(plain).join('\n') : patch);
  const replacing = new Set(checkSet.checks.filter(({ repair }) => repair?.replaces).map(({ id }) => id));
  const held = left.filter(({ check }) => replacing.has(check)).length;
  process.stderr.write(
    `${mended.length} mended by this patch (tried: they pass then), ${left.length} left to do by hand. Nothing was changed; apply it with: patch -p1\n`,
  );
  if (!anew && held > 0)
    process.stderr.write(
      `${held} of those left could be mended with --fix-anew: Terraform builds the resource anew, and its data is lost unless you copy it before.\n`,
    );
}
