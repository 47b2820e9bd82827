import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadRuleSet, type RuleSet, ruleKey } from '#detect/index.ts';
import { toBartizanError } from '#kit/errors.ts';
import { readRuleCases, runRuleCases } from './rule-cases.ts';

type Print = (line: string) => void;

/**
 * Reads every rule below the folders with the parser that runs them, and prints what is wrong and which rules have no case.
 *
 * @returns 0 when all rules are good, 2 when one is not.
 * @throws BTZ_INPUT_UNREADABLE
 */
export function checkRules(folders: readonly string[], print: Print = toStdout): 0 | 2 {
  const content = readContent(folders);
  for (const { file, line, problem, suggestion } of content.ruleSet.problems) {
    print(`${file}:${line}: ${problem}. ${suggestion}`);
  }
  printUncovered(content, print);
  const { rules, correlations, problems } = content.ruleSet;
  print(
    `${rules.length} rules and ${correlations.length} correlations are good, ${count(problems.length, 'problem')}.`,
  );
  return problems.length > 0 ? 2 : 0;
}

/**
 * Runs the cases beside the rules and prints what fails and which rules have no case. The rules of all folders work
 * together, so correlations may refer across them.
 *
 * @returns 0 when all cases hold, 1 when one does not, 2 when a rule or a case file is invalid.
 * @throws BTZ_INPUT_UNREADABLE
 */
export function testRules(folders: readonly string[], print: Print = toStdout): 0 | 1 | 2 {
  const content = readContent(folders);
  let passed = 0;
  let failed = 0;
  let isInvalid = content.ruleSet.problems.length > 0;
  for (const { file, line, problem, suggestion } of content.ruleSet.problems) {
    print(`${file}:${line}: ${problem}. ${suggestion}`);
  }
  for (const [path, text] of content.caseFiles) {
    try {
      for (const { name, failures } of runRuleCases(content.ruleSet, ruleFileOf(path), readRuleCases(text))) {
        if (failures.length === 0) passed += 1;
        else failed += 1;
        for (const failure of failures) print(`${path}: ${name}: ${failure}`);
      }
    } catch (thrown) {
      isInvalid = true;
      print(`${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  printUncovered(content, print);
  print(`${count(passed, 'case')} passed, ${failed} failed.`);
  if (isInvalid) return 2;
  return failed > 0 ? 1 : 0;
}

export interface RuleContent {
  readonly ruleSet: RuleSet;
  /** Path and text of each `.test.yml`. */
  readonly caseFiles: ReadonlyMap<string, string>;
}

/** Everything below the folders. @throws BTZ_INPUT_UNREADABLE */
export function readContent(folders: readonly string[]): RuleContent {
  const files = folders.flatMap(yamlFiles).map((path) => ({ path, text: readText(path) }));
  const isCase = (path: string): boolean => /\.test\.ya?ml$/.test(path);
  return {
    ruleSet: loadRuleSet(files.filter(({ path }) => !isCase(path))),
    caseFiles: new Map(files.filter(({ path }) => isCase(path)).map(({ path, text }) => [path, text])),
  };
}

/** `x.test.yml` tests `x.yml`. */
export function ruleFileOf(caseFile: string): string {
  return caseFile.replace(/\.test(\.ya?ml)$/, '$1');
}

/** Names of the rules whose file has no case file beside it. */
export function rulesWithoutCase({ ruleSet, caseFiles }: RuleContent): readonly string[] {
  const covered = new Set([...caseFiles.keys()].map(ruleFileOf));
  return [...ruleSet.rules, ...ruleSet.correlations].filter(({ file }) => !covered.has(file)).map(ruleKey);
}

function printUncovered(content: RuleContent, print: Print): void {
  const names = rulesWithoutCase(content);
  if (names.length > 0)
    print(`No case: ${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ' …' : ''}`);
}

const MOST_NAMES = 100;

function yamlFiles(folder: string): string[] {
  try {
    if (statSync(folder).isFile()) return [folder];
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path: folder });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path });
  }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}
