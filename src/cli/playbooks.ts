import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { BartizanError } from '#kit/errors.ts';
import { type Language, terminalLanguage } from '#kit/locale.ts';
import {
  ACTION_KINDS,
  canRun,
  EXTENSIONS,
  type FoundPlaybook,
  findPlaybooks,
  latestById,
  type PlannedStep,
  type Playbook,
  type PlaybookActions,
  planRun,
  procedureSchema,
} from '#respond/playbooks/index.ts';
import { addressCount, parseTarget } from '#respond/target.ts';
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

export interface RunOptions {
  readonly dryRun?: boolean;
  readonly set: readonly string[];
  readonly format: 'table' | 'json' | 'ndjson';
  readonly lang?: Language;
  readonly playbooks: readonly string[];
}

/** `bartizan playbooks run ID --dry-run`: every step, what it would be given and reach; nothing is done. */
export async function runPlaybook(name: string, options: RunOptions): Promise<void> {
  const { dryRun, set, format, lang = terminalLanguage(process.env), playbooks } = options;
  if (!dryRun)
    throw new BartizanError('BTZ_USAGE', {
      problem: 'the centre does not run playbooks yet; use --dry-run to see what one would do',
    });
  const found = knownPlaybooks(playbooks);
  const all = latestById(found.flatMap(({ playbook }) => playbook ?? []));
  const chosen = choose([...all.values()], name);
  const problems = found.find(({ playbook }) => playbook === chosen)?.problems ?? [];
  const problem = problems.find(({ severity }) => severity !== 'notice');
  if (problem) throw new BartizanError('BTZ_USAGE', { problem: `${chosen.name}: ${printable(problem.problem)}` });
  const steps = await planRun(chosen, all, givenValues(chosen, set), offlineActions());
  if (format === 'json') process.stdout.write(`${JSON.stringify(steps, undefined, 2)}\n`);
  else
    for (const step of steps)
      process.stdout.write(format === 'ndjson' ? `${JSON.stringify(step)}\n` : lineOf(step, lang));
}

/** By identifier, or by the label that is its short name. */
function choose(playbooks: readonly Playbook[], name: string): Playbook {
  const chosen =
    playbooks.find(({ id }) => id === name) ??
    playbooks.find(({ labels }) => labels?.includes('bartizan') && labels.includes(name));
  if (!chosen) throw new BartizanError('BTZ_NOT_FOUND', { what: `playbook ${printable(name)}` });
  return chosen;
}

/** `name=value`, the name with or without the underscores of CACAO. */
function givenValues({ playbook_variables: variables = {} }: Playbook, set: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    set.map((pair) => {
      const at = pair.indexOf('=');
      const short = pair.slice(0, Math.max(at, 0));
      const name = short.startsWith('__') ? short : `__${short}__`;
      if (at > 0 && Object.hasOwn(variables, name)) return [name, pair.slice(at + 1)];
      const names = Object.keys(variables).map((known) => known.slice(2, -2));
      throw new BartizanError('BTZ_USAGE', {
        problem: `--set ${printable(pair)}: write one of ${names.join(', ')}, = and a value`,
      });
    }),
  );
}

/** Without a centre: what would be asked of it is known, whether its guard lets it is not. */
function offlineActions(): PlaybookActions {
  const nothing = async () => ({ state: 'failed', problem: 'a dry run', isCertain: true }) as const;
  return new Map(
    [...ACTION_KINDS.values()].map((kind) => [
      kind.name,
      {
        kind,
        perform: nothing,
        ...(kind.name === 'block' && {
          plan: async ({ address = '' }: Readonly<Record<string, string>>) => {
            const target = parseTarget(address);
            const count = addressCount(target);
            return { targets: [target.text], radius: count === 1n ? '1 address' : `${count} addresses` };
          },
        }),
      },
    ]),
  );
}

function lineOf({ under, by, name, action, given = {}, reach, problem, type }: PlannedStep, lang: Language): string {
  const who = { bartizan: WHO[lang][0], person: WHO[lang][1], approval: WHO[lang][2] };
  const title = typeof name === 'string' ? name : name[lang];
  const question = (lang === 'zh' ? given['question_zh'] : undefined) ?? given['question'];
  const values =
    question ??
    Object.entries(given)
      .map((pair) => pair.join('='))
      .join(' ');
  const told = [by && `[${who[by]}]`, title, by === undefined ? `(${type})` : `${action}: ${values}`];
  const radius = reach && ` → ${[...reach.targets, reach.radius].join(', ')}`;
  const text = `${told.filter(Boolean).join(' ')}${radius ?? ''}${problem === undefined ? '' : ` ! ${problem}`}`;
  return `${'  '.repeat(under.length)}${under.length > 0 ? `{${printable(under.at(-1) ?? '')}} ` : ''}${printable(text)}\n`;
}

const WHO = { zh: ['自动', '人工', '审批'], en: ['automatic', 'person', 'approval'] } as const;

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
