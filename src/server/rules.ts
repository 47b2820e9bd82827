import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { rulesSchema } from '#api/schemas.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import type { NewEvidence } from '#model/evidence.ts';
import type { PastFindings } from '#pipeline/past.ts';
import type { StateStore } from '#store/state-store.ts';
import { bundledRuleFolders, type ContentFile, readRuleFiles } from './content.ts';
import type { LoadedRules, SwappedRules } from './detection.ts';
import { lookBack, type PastOutcome } from './past.ts';
import { mend, problemKey } from './rule-loading.ts';
import { watchRules } from './rule-watch.ts';

export type RulesStatus = z.infer<typeof rulesSchema>;

export interface RuleService {
  /** What detection is to be started with. */
  readonly files: readonly ContentFile[];
  readonly lastGood: readonly ContentFile[];
  /** Detection has loaded what it was started with. */
  readonly onLoaded: (rules: LoadedRules) => void;
  /** What runs now. */
  running(): readonly ContentFile[];
  status(): RulesStatus;
  /** Reads the files anew and puts them to work if they are good. Calls at the same time are one after the other. */
  reload(actor: string): Promise<RulesStatus>;
  /** Looks after the files from now on. */
  watch(): void;
  stop(): void;
}

export interface RuleServiceOptions {
  /** Of the owner's own rules, beside the bundled ones. */
  readonly folders: readonly string[];
  readonly dataFolder: string;
  readonly journalFile: string;
  readonly swap: (files: readonly ContentFile[]) => Promise<SwappedRules>;
  readonly state: StateStore;
  readonly clock: () => number;
  readonly onProblem: (problem: string) => void;
  /** How long changed files must be left alone before they are read. */
  readonly quietMs?: number;
}

const TRIAL = { spanMs: 10 * 60_000, maxBytes: 16 * 1024 * 1024, maxMs: 10_000, limitMs: 45_000 } as const;
/** A rule that raised as many in the trial would be held back (`alerts`), so it is named. */
const NOISY = 100;
const MOST_SHOWN = 100;
const RETRY_MS = 5_000;
const MOST_RETRIES = 3;

/**
 * The rules that run, and how new ones take their place: read, parsed by the parser that runs them, tried on the last
 * minutes, then swapped in one step. Any new problem, and the set before stays at work. Throws BTZ_INPUT_UNREADABLE.
 */
export function openRules(options: RuleServiceOptions): RuleService {
  const { journalFile, swap, state, clock, onProblem } = options;
  const folders = [...bundledRuleFolders(), ...options.folders];
  const lastGoodFile = join(options.dataFolder, 'rules-last-good.json');
  let files = readRuleFiles(folders);
  let lastGood = readLastGood(lastGoodFile);
  let running: LoadedRules = { rules: 0, correlations: 0, hash: '', problems: [], known: [] };
  let loadedMs = clock();
  let problems: RulesStatus['problems'] = [];
  let trial: RulesStatus['trial'];
  let active: Promise<unknown> = Promise.resolve();
  let queued: Promise<RulesStatus> | undefined;
  let stopTrial: () => Promise<void> = async () => undefined;
  const unwritten: NewEvidence[] = [];
  let failures = 0;
  let isStopping = false;
  let retry: NodeJS.Timeout | undefined;
  let unwatch: () => void = () => undefined;

  const status = (): RulesStatus => ({
    rules: running.rules,
    correlations: running.correlations,
    hash: running.hash,
    loadedMs,
    isAsOnDisk: problems.length === 0,
    problemCount: problems.length,
    problems: problems.slice(0, MOST_SHOWN),
    trial,
  });

  async function load(actor: string): Promise<RulesStatus> {
    clearTimeout(retry);
    try {
      await writeLeaves();
      const outcome = await look();
      const known = new Set(running.known.map(problemKey));
      problems = [...outcome.loaded.problems];
      const isRefused = problems.some((problem) => !known.has(problemKey(problem)));
      if (isRefused || outcome.findings === undefined) sayProblems();
      else if (outcome.loaded.hash !== running.hash) await take(outcome, outcome.findings, actor);
      failures = 0;
    } catch (thrown) {
      const error = toBartizanError(thrown);
      problems = [asProblem(error)];
      onProblem(`The rules are not reloaded: ${error.message}`);
      // The files may be good: detection or the state store was away, or the machine busy. What fails again and again waits for a person.
      failures += 1;
      if (failures <= MOST_RETRIES && !isStopping)
        retry = setTimeout(() => void reload(actor).catch(() => undefined), RETRY_MS);
    }
    return status();
  }

  async function look(): Promise<PastOutcome> {
    const run = lookBack(
      {
        kind: 'trial',
        journalFile,
        folders,
        knownProblems: running.known.map(problemKey),
        sinceMs: clock() - TRIAL.spanMs,
        maxBytes: TRIAL.maxBytes,
        maxMs: TRIAL.maxMs,
      },
      TRIAL.limitMs,
    );
    stopTrial = run.cancel;
    if (isStopping) await run.cancel();
    return run.outcome;
  }

  async function take({ files: next, fileOf }: PastOutcome, findings: PastFindings, actor: string): Promise<void> {
    const swapped = await swap(next);
    const before = new Map(files.map(({ path, text }) => [path, text]));
    const changed = new Set(next.filter(({ path, text }) => before.get(path) !== text).map(({ path }) => path));
    const from = running.hash;
    files = next;
    running = swapped;
    loadedMs = clock();
    problems = [...swapped.problems];
    trial = trialOf(findings, (rule) => changed.has(fileOf[rule] ?? ''));
    for (const { rule, alerts } of trial.noisy)
      onProblem(
        `The rule ${rule} would have raised ${alerts} alerts on the last minutes; above ${NOISY} an hour they are held back. It runs all the same.`,
      );
    await leave(actor, from, { noisy: trial.noisy, forgotten: swapped.forgotten.slice(0, MOST_SHOWN) });
    keepLastGood();
  }

  async function leave(actor: string, from: string, more: Record<string, unknown>): Promise<void> {
    const { rules, correlations, hash } = running;
    const details = { rules, correlations, hash, from, ...more };
    unwritten.push({ timeMs: clock(), kind: 'rules.reloaded', actor, subject: 'rules', details });
    await writeLeaves();
  }

  /** Rules are at work already when the state store is found to be away: the leaf waits for it. */
  async function writeLeaves(): Promise<void> {
    if (unwritten.length === 0) return;
    const leaves = [...unwritten];
    await state.transaction(async (queries) => {
      await queries.evidence.append(leaves);
      await queries.settings.set(HASH_SETTING, running.hash, clock());
    });
    unwritten.splice(0, leaves.length);
  }

  /** Own files only: the bundled ones come with the program. One with problems is kept as it was before them. */
  function keepLastGood(): void {
    const bundled = bundledRuleFolders();
    const broken = new Set(running.problems.map(({ file }) => file));
    const before = new Map(lastGood.map((file) => [file.path, file]));
    const own = files
      .filter(({ path }) => !bundled.some((folder) => path.startsWith(folder)))
      .map((file) => (broken.has(file.path) ? before.get(file.path) : file))
      .filter((file) => file !== undefined);
    lastGood = own;
    try {
      writeFileSync(`${lastGoodFile}.new`, JSON.stringify(own), { mode: 0o600, flush: true });
      renameSync(`${lastGoodFile}.new`, lastGoodFile);
    } catch (thrown) {
      onProblem(`The last good rules cannot be kept for the next start: ${String(thrown)}`);
    }
  }

  function sayProblems(): void {
    const [first] = problems;
    if (first !== undefined)
      onProblem(
        `The rules are not reloaded, ${problems.length} problem(s); those before stay at work. ${first.file}:${first.line}: ${first.problem}. ${first.suggestion}`,
      );
  }

  /** Also between stop and start the rules may have changed, or were changed. */
  async function onFirstLoaded(): Promise<void> {
    const from = await state.settings.get(HASH_SETTING);
    if (from !== running.hash) await leave('system', typeof from === 'string' ? from : '', {});
    keepLastGood();
  }

  function reload(actor: string): Promise<RulesStatus> {
    // Whoever asks while one is under way may have changed a file since it read them; all who ask meanwhile share the next.
    queued ??= active.then(() => {
      queued = undefined;
      return load(actor);
    });
    active = queued;
    return queued;
  }

  return {
    files: [...files],
    lastGood: [...lastGood],
    onLoaded(rules) {
      const isFirst = running.hash === '';
      running = rules;
      // Started again after it died, with what ran: the files may be otherwise by now, which is known here.
      if (!isFirst) return;
      problems = [...rules.problems];
      files = mend(files, rules.problems, lastGood);
      onFirstLoaded().catch((thrown) => onProblem(toBartizanError(thrown).message));
    },
    running: () => files,
    status,
    reload,
    watch() {
      unwatch = watchRules(folders, { onChange: () => void reload('system'), onProblem, quietMs: options.quietMs });
    },
    stop() {
      isStopping = true;
      clearTimeout(retry);
      unwatch();
      void stopTrial();
    },
  };
}

const HASH_SETTING = 'rulesHash';

/** What was loud before, say under an attack, is no news about the new set. */
function trialOf(
  { events, isWhole, byRule }: PastFindings,
  isChanged: (rule: string) => boolean,
): NonNullable<RulesStatus['trial']> {
  const noisy = Object.entries(byRule)
    .filter(([rule, alerts]) => alerts > NOISY && isChanged(rule))
    .map(([rule, alerts]) => ({ rule, alerts }))
    .slice(0, MOST_SHOWN);
  return { events, isWhole, noisy };
}

/** What kept the files from being read or tried at all: it is no matter of a line. */
function asProblem({ details, message, remedy }: BartizanError): RulesStatus['problems'][number] {
  const path = details['path'];
  return { file: typeof path === 'string' ? path : 'rules', line: 1, problem: message, suggestion: remedy };
}

function readLastGood(path: string): readonly ContentFile[] {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(kept) ? kept.filter(isContentFile) : [];
  } catch {
    // None is kept yet, or it cannot be read: then the good rules of a broken file run.
    return [];
  }
}

function isContentFile(value: unknown): value is ContentFile {
  const { path, text } = (value ?? {}) as Partial<ContentFile>;
  return typeof path === 'string' && typeof text === 'string';
}
