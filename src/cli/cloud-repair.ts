import { BartizanError } from '#kit/errors.ts';
import { type Language, terminalLanguage } from '#kit/locale.ts';
import type { Action, Repair } from '#model/action.ts';
import { writePermissions } from '#respond/actions/repair/index.ts';
import { askCentre } from './centre-client.ts';

/** As the providers’ policy languages name themselves. */
const POLICY_VERSIONS = { alicloud: '1', aws: '2012-10-17' } as const;
type RepairProvider = keyof typeof POLICY_VERSIONS;

export interface CloudRepairOptions {
  readonly dryRun?: boolean;
  readonly ask?: boolean;
  readonly apply?: boolean;
  readonly undo?: boolean;
  readonly force?: boolean;
  readonly account?: string;
  readonly printPolicy?: boolean;
  readonly provider: RepairProvider;
  readonly lang?: Language;
  readonly data?: string;
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

interface Plan {
  readonly target: string;
  readonly repair: Repair;
  readonly refusal?: Told;
  readonly obstacle?: Told;
}

/** Reading again and running the check again takes up to a minute. */
const PATIENCE_MS = 180_000;

/**
 * `bartizan cloud repair FINDING…`: shows what would be done (`--dry-run`, the default), puts the question to whoever
 * approves (`--ask`), does it (`--apply`: whoever types it approves it), or puts back what was there (`--undo`). Exit 2
 * where one of them was not done; the others are.
 */
export async function cloudRepair(findings: readonly string[], options: CloudRepairOptions): Promise<void> {
  if (options.printPolicy) {
    const Action = writePermissions(options.provider);
    const policy = {
      Version: POLICY_VERSIONS[options.provider],
      Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
    };
    process.stdout.write(`${JSON.stringify(policy, undefined, 2)}\n`);
    return;
  }
  const named = findings.map(readName);
  const ways = [options.dryRun, options.ask, options.apply, options.undo].filter(Boolean).length;
  if (named.length === 0 || ways > 1) throw new BartizanError('BTZ_USAGE', { problem: USAGE });
  for (const one of named) {
    try {
      await repairOne({ ...one, account: options.account }, options);
    } catch (thrown) {
      if (named.length === 1 || !(thrown instanceof BartizanError)) throw thrown;
      complain(thrown, `${one.check}/${one.resource}`);
    }
  }
}

const USAGE =
  'Name at least one finding as CHECK/RESOURCE, such as oss-bucket-not-public/shop-photos, with one of --dry-run, --ask, --apply, --undo.';

interface Named {
  readonly check: string;
  readonly resource: string;
  readonly account?: string | undefined;
}

function readName(finding: string): Named {
  const slash = finding.indexOf('/');
  if (slash < 1 || slash === finding.length - 1) throw new BartizanError('BTZ_USAGE', { problem: USAGE });
  return { check: finding.slice(0, slash), resource: finding.slice(slash + 1) };
}

async function repairOne(named: Named, options: CloudRepairOptions): Promise<void> {
  const { data, ask, apply, undo, force = false } = options;
  if (undo) {
    const { id } = await findDone(named, data);
    report(await askCentre<Action>(data, 'POST', `/actions/${id}/undo`, { force }, PATIENCE_MS));
    return;
  }
  if (!ask && !apply) {
    const plan = await askCentre<Plan>(data, 'POST', '/posture/repairs/plan', named, PATIENCE_MS);
    describe(plan, options.lang ?? terminalLanguage(process.env));
    return;
  }
  const asked = await askCentre<Action>(data, 'POST', '/posture/repairs', named, PATIENCE_MS);
  if (apply && asked.state === 'asked')
    report(await askCentre<Action>(data, 'POST', `/actions/${asked.id}/approve`, undefined, PATIENCE_MS));
  else report(asked);
}

/** The latest repair of it that is in force, or stopped on the way. */
async function findDone({ check, resource, account }: Named, data: string | undefined): Promise<Action> {
  const { items } = await askCentre<{ items: readonly Action[] }>(data, 'GET', '/actions?verb=repair&limit=500');
  const found = items.find(
    ({ repair, state }) =>
      repair?.check === check &&
      repair.resource.id === resource &&
      (account === undefined || repair.resource.account === account) &&
      (state === 'done' || (state === 'failed' && repair.begunMs !== undefined)),
  );
  if (found === undefined) throw new BartizanError('BTZ_NOT_FOUND', { what: `repair of ${check}/${resource} to undo` });
  return found;
}

function describe({ target, repair, refusal, obstacle }: Plan, language: Language): void {
  const lines = [
    `${target}: nothing was changed; this would be done`,
    ...repair.changes.map(({ attribute, before, after }) => `  ${attribute}: ${shown(before)} → ${shown(after)}`),
    ...repair.calls.map(({ call, region, parameters }) => {
      const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
      return `  call: ${call}${region === undefined ? '' : ` in ${region}`} ${given.join(' ')}`;
    }),
    ...repair.effects.map((effect) => `  ! ${effect[language]}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  for (const trouble of [refusal, obstacle]) if (trouble !== undefined) complain(trouble, 'it would not be done');
}

function shown(value: string | number | boolean | undefined): string {
  return value === undefined ? '(not set)' : String(value);
}

function report({ id, target, state, problem, repair }: Action): void {
  if (problem) {
    process.stderr.write(`${target}: ${state}: ${problem.code}: ${problem.message}\n`);
    process.exitCode = 2;
    return;
  }
  const verdict = repair?.verdict === undefined || state !== 'done' ? '' : `; the check, run again: ${repair.verdict}`;
  process.stdout.write(`${target}: ${state}${verdict} (${id})\n`);
}

function complain({ code, message, remedy }: Told, about: string): void {
  process.stderr.write(`${about}: ${code}: ${message} ${remedy}\n`);
  process.exitCode = 2;
}
