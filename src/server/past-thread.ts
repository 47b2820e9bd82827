import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { parseRules, type RuleProblem } from '@bartizan/sigma';
import { chooseRules, type RuleSet, ruleKey } from '#detect/index.ts';
import { openJournalReader } from '#journal/sqlite/index.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { createDetection, localOffsetMinutes } from '#pipeline/detection.ts';
import { detectInPast, type PastFindings } from '#pipeline/past.ts';
import { readRuleFiles } from './content.ts';
import type { HuntTask, PastMessage, PastOutcome, PastTask, TrialTask } from './past.ts';
import { loadRules, problemKey } from './rule-loading.ts';

/** The thread that looks back, for a trial of rules or for a hunt. It reads the journal and changes nothing anywhere. */
const PROGRESS_MS = 250;

const tell = (message: PastMessage) => parentPort?.postMessage(message);
try {
  const task = workerData as PastTask;
  // Of this thread alone: 0 is whoever asks. Who is watching now goes first; a trial is waited for, a hunt has time.
  setPriority(0, task.kind === 'trial' ? 5 : 15);
  tell({ outcome: task.kind === 'trial' ? tryOut(task) : hunt(task) });
} catch (thrown) {
  const { code, details } = toBartizanError(thrown);
  tell({ error: { code, details } });
}

function tryOut(task: TrialTask): PastOutcome {
  const files = readRuleFiles(task.folders);
  const { ruleSet, told: loaded } = loadRules(files, []);
  const known = new Set(task.knownProblems);
  if (loaded.problems.some((problem) => !known.has(problemKey(problem))))
    return { files, loaded, findings: undefined, fileOf: {} };
  const endMs = performance.now() + task.maxMs;
  const findings = look(task, ruleSet, {
    maxBytes: task.maxBytes,
    maxFound: 0,
    isOver: () => performance.now() > endMs,
  });
  return { files, loaded, findings, fileOf: filesOf(ruleSet, findings) };
}

function hunt(task: HuntTask): PastOutcome {
  const own = task.newFiles.map(({ path, text }) => parseRules(text, path));
  refuse(own.flatMap(({ problems }) => [...problems]));
  const ownNames = own.flatMap(({ rules, correlations }) => [...rules, ...correlations].flatMap(namesOf));
  const replaced = new Set(ownNames);
  const others = task.files.filter((file) => {
    const { rules, correlations } = parseRules(file.text, file.path);
    return ![...rules, ...correlations].flatMap(namesOf).some((name) => replaced.has(name));
  });
  const { ruleSet, told: loaded } = loadRules([...others, ...task.newFiles], []);
  const paths = new Set(task.newFiles.map(({ path }) => path));
  refuse(loaded.problems.filter(({ file }) => paths.has(file)));
  const newRules = [...ruleSet.rules, ...ruleSet.correlations].filter(({ file }) => paths.has(file)).map(ruleKey);
  const chosen = chooseRules(ruleSet, [...task.wanted, ...newRules]);
  const [missing] = chosen.unknown;
  if (missing !== undefined) throw new BartizanError('BTZ_NOT_FOUND', { what: `rule ${missing}` });
  const findings = look(task, chosen.ruleSet, {
    untilMs: task.untilMs,
    maxFound: task.maxFound,
    isWanted: (id) => chosen.names.has(id),
  });
  return { files: [], loaded, findings, fileOf: filesOf(ruleSet, findings) };
}

function look(
  { journalFile, sinceMs }: PastTask,
  ruleSet: RuleSet,
  { untilMs, maxBytes, maxFound, isWanted, isOver = () => false }: LookOptions,
): PastFindings {
  const journal = openJournalReader(journalFile, { cacheBytes: 0 });
  let toldMs = 0;
  try {
    return detectInPast({
      journal,
      detection: createDetection(ruleSet, localOffsetMinutes),
      afterSequence: journal.sequenceBefore(sinceMs, maxBytes),
      upToSequence: untilMs === undefined ? journal.lastSequence() : journal.sequenceBefore(untilMs),
      maxFound,
      isWanted,
      goOn(progress) {
        if (performance.now() - toldMs > PROGRESS_MS) {
          toldMs = performance.now();
          tell({ progress });
        }
        return !isOver();
      },
    });
  } finally {
    journal.close();
  }
}

interface LookOptions {
  readonly untilMs?: number | undefined;
  readonly maxBytes?: number;
  readonly maxFound: number;
  readonly isWanted?: (ruleId: string) => boolean;
  readonly isOver?: () => boolean;
}

function filesOf({ rules, correlations }: RuleSet, { byRule }: PastFindings): Record<string, string> {
  const loud = [...rules, ...correlations].filter((rule) => Object.hasOwn(byRule, ruleKey(rule)));
  return Object.fromEntries(loud.map((rule) => [ruleKey(rule), rule.file]));
}

function namesOf({ id, name }: { readonly id: string; readonly name?: string }): readonly string[] {
  return name === undefined ? [id] : [id, name];
}

function refuse([first]: readonly RuleProblem[]): void {
  if (first === undefined) return;
  const { file, line, problem, suggestion } = first;
  throw new BartizanError('BTZ_RULE_INVALID', { file, line, problem, suggestion });
}
