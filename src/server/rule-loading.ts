import type { RuleProblem } from '@bartizan/sigma';
import { loadRuleSet, type RuleSet } from '#detect/index.ts';
import type { ContentFile } from './content.ts';
import { hashOfRules } from './content.ts';
import type { LoadedRules } from './detection.ts';

export interface Loading {
  readonly ruleSet: RuleSet;
  /** What really runs: some of the files may be as they were when they were good. */
  readonly files: readonly ContentFile[];
  readonly told: LoadedRules;
}

/**
 * Makes rules of files, wherever this is done: for running, for trying, for looking back. A file with problems runs as it
 * was when it was last good; where it never was, its good rules run. Either way the problems are told.
 */
export function loadRules(files: readonly ContentFile[], lastGood: readonly ContentFile[]): Loading {
  const asTheyAre = loadChecked(files);
  const mended = mend(files, asTheyAre.problems, lastGood);
  const isMended = mended.some((file, at) => file !== files[at]);
  const running = isMended ? loadChecked(mended) : asTheyAre;
  return {
    ruleSet: running.ruleSet,
    files: mended,
    told: {
      rules: running.ruleSet.rules.length,
      correlations: running.ruleSet.correlations.length,
      hash: hashOfRules(mended),
      problems: asTheyAre.problems,
      known: running.problems,
    },
  };
}

/** The files that run: one with problems is as it was when it was last good, if it ever was. */
export function mend(
  files: readonly ContentFile[],
  problems: readonly RuleProblem[],
  lastGood: readonly ContentFile[],
): readonly ContentFile[] {
  const broken = new Set(problems.map(({ file }) => file));
  const good = new Map(lastGood.map((file) => [file.path, file]));
  return files.map((file) => (broken.has(file.path) ? (good.get(file.path) ?? file) : file));
}

function loadChecked(files: readonly ContentFile[]) {
  const ruleSet = loadRuleSet(files);
  return { ruleSet, problems: [...ruleSet.problems, ...files.filter(isEmpty).map(emptyFile)] };
}

/** Whoever writes a file empties it first: what was in it is not meant to be gone. */
function isEmpty({ text }: ContentFile): boolean {
  return text.trim() === '';
}

function emptyFile({ path }: ContentFile) {
  return {
    file: path,
    line: 1,
    problem: 'The file is empty',
    suggestion: 'Write the rule into it, or delete the file.',
  };
}

/** The same problem in the same rule, wherever in the file it is by now. */
export function problemKey({ file, ruleId, problem }: RuleProblem): string {
  return JSON.stringify([file, ruleId, problem]);
}
