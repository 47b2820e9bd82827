import type { ErrorCode, ErrorDetails } from '#kit/errors.ts';
import { type IpRange, overlaps, parseTarget } from './target.ts';

/** Someone who runs this machine, and where from. */
export interface AdminSession {
  readonly address: IpRange;
  readonly kind: 'console' | 'ssh';
  readonly user?: string;
  /** Of this machine, to which that address is connected, where they are known. */
  readonly ports?: readonly number[] | undefined;
  /** Epoch milliseconds at which it was first seen. */
  readonly sinceMs: number;
  /** False for one that has ended and still protects for a while. */
  readonly live: boolean;
}

/** Everything that a block must leave alone, as it is at this moment. */
export interface LockoutGuard {
  readonly ownAddresses: readonly IpRange[];
  readonly gateways: readonly IpRange[];
  readonly nameServers: readonly IpRange[];
  readonly adminSessions: readonly AdminSession[];
  readonly allowList: readonly IpRange[];
}

export interface BlockRefusal {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

/** The widest range that may be blocked, in prefix bits: an IPv4 /16 is 65,536 addresses, an IPv6 /32 a whole provider. */
export const WIDEST_PREFIX = { 4: 16, 6: 32 } as const;

const THIS_MACHINE = ['0.0.0.0/8', '127.0.0.0/8', '::/96'].map(parseTarget);
/** Link-local (neighbour discovery and cloud metadata live there), multicast, reserved and broadcast. */
const NOT_A_PEER = ['169.254.0.0/16', '224.0.0.0/3', 'fe80::/10', 'ff00::/8'].map(parseTarget);

/**
 * Decides whether a target may be blocked.
 *
 * Never blocks the owner: this machine, its gateway and name servers, addresses with an administrator session and the
 * allow list are refused, whoever asks; so is every range that holds one of them, or that is wider than `WIDEST_PREFIX`.
 *
 * @returns `undefined` if it may, else the code and the details of the refusal, ready for a BartizanError.
 */
export function whyNotBlock(target: IpRange, guard: LockoutGuard): BlockRefusal | undefined {
  const refuse = (code: ErrorCode, details: ErrorDetails = {}): BlockRefusal => ({
    code,
    details: { target: target.text, ...details },
  });
  const hit = (ranges: readonly IpRange[]): IpRange | undefined => ranges.find((range) => overlaps(range, target));

  const limit = WIDEST_PREFIX[target.family];
  if (target.prefix < limit) return refuse('BTZ_BLOCK_TOO_WIDE', { limit });
  if (hit(THIS_MACHINE)) return refuse('BTZ_BLOCK_LOOPBACK');
  const special = hit(NOT_A_PEER);
  if (special) return refuse('BTZ_BLOCK_SPECIAL_RANGE', { range: special.text });
  const own = hit(guard.ownAddresses);
  if (own) return refuse('BTZ_BLOCK_OWN_ADDRESS', { address: own.text });
  const gateway = hit(guard.gateways) ?? hit(guard.nameServers);
  if (gateway) return refuse('BTZ_BLOCK_GATEWAY', { address: gateway.text });
  const session = guard.adminSessions.find(({ address }) => overlaps(address, target));
  if (session) {
    const since = new Date(session.sinceMs).toISOString();
    return refuse('BTZ_BLOCK_ADMIN_SESSION', { address: session.address.text, since });
  }
  const allowed = hit(guard.allowList);
  return allowed && refuse('BTZ_BLOCK_ALLOW_LISTED', { address: allowed.text });
}
