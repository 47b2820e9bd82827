import { BartizanError } from '#kit/errors.ts';
import type { AdminSession, LockoutGuard } from '../../guard.ts';
import { type IpRange, overlaps, readTarget } from '../../target.ts';
import type { ClosedDoor, RepairPlan } from './kind.ts';

export interface RepairGuard {
  readonly lockout: Pick<LockoutGuard, 'adminSessions'>;
  /** Ports on which the console is reached; a proxy in front of it counts too. */
  readonly consolePorts: readonly number[];
  /** Keys that this program itself works with. */
  readonly ownKeys: readonly string[];
}

const SSH_PORT = 22;

/**
 * Decides whether a repair may be done: never one that closes the way by which an administrator is signed in, or was
 * within the last 24 h, and never one that switches off a key of ours. Where the machine stands is not looked up: a way
 * that some other rule of the group leaves open to that very address is enough, anything else is not.
 */
export function whyNotRepair({ closes, disablesKey }: RepairPlan, guard: RepairGuard): BartizanError | undefined {
  if (disablesKey !== undefined && guard.ownKeys.includes(disablesKey)) return new BartizanError('BTZ_REPAIR_OWN_KEY');
  if (closes === undefined) return undefined;
  for (const session of guard.lockout.adminSessions) {
    const port = portsOf(session, guard).find(
      (one) => isLet(closes, session.address, one) && !isElsewhere(closes, session.address, one),
    );
    if (port !== undefined) return new BartizanError('BTZ_REPAIR_LOCKS_OUT', { address: session.address.text, port });
  }
  return undefined;
}

function portsOf({ kind, ports }: AdminSession, { consolePorts }: RepairGuard): readonly number[] {
  if (kind === 'console') return consolePorts;
  return ports ?? [SSH_PORT];
}

type Way = Pick<ClosedDoor, 'from' | 'ports'>;

function isLet({ from, ports: [first, last] }: Way, address: IpRange, port: number): boolean {
  return port >= first && port <= last && from.some((text) => covers(text, address));
}

function isElsewhere({ stillOpen }: ClosedDoor, address: IpRange, port: number): boolean {
  return stillOpen.some((way) => isLet(way, address, port));
}

function covers(text: string, address: IpRange): boolean {
  const range = readTarget(text);
  return range !== undefined && overlaps(range, address);
}
