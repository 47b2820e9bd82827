import type { IpRange } from './target.ts';

/** A block that ought to be in the kernel, with the time that it has left. */
export interface LiveBlock {
  readonly target: IpRange;
  readonly remainingMs: number;
}

/** What a block would do, found out without doing it. */
export interface BlockPlan {
  /** The commands, one per line, exactly as `nft -f` would get them. */
  readonly commands: readonly string[];
  /** Addresses that it covers; decimal, because an IPv6 range passes 2^53. */
  readonly addresses: string;
  /** TCP connections of this machine that it would cut. */
  readonly connections: number;
}

/** What is wrong in the kernel, and the commands that put it right. */
export interface Repair {
  /** The table, a set, a chain or a rule of ours is missing or was changed. */
  readonly structure: boolean;
  /** Targets that are live but absent. */
  readonly missing: readonly string[];
  /** Targets that are there but not live. */
  readonly surplus: readonly string[];
  /** Targets that would expire at another time than agreed. */
  readonly retimed: readonly string[];
  readonly commands: readonly string[];
}

export interface DropCounter {
  readonly set: string;
  readonly packets: number;
  readonly bytes: number;
}

/**
 * The port to the kernel's packet filter. All methods throw BTZ_FIREWALL_UNAVAILABLE where it cannot be used at all and
 * BTZ_FIREWALL_NOT_APPLIED with what the kernel said otherwise.
 */
export interface Firewall {
  plan(block: LiveBlock): Promise<BlockPlan>;
  /**
   * Idempotent; a target that is there gets the new time. Packets are dropped when it returns, and what it returns was
   * read back from the kernel: milliseconds until the block expires there.
   */
  apply(block: LiveBlock): Promise<number>;
  /** Reads the kernel back: milliseconds until it expires there, or undefined if it does not drop the target. */
  verify(target: IpRange): Promise<number | undefined>;
  /** @returns false if it was not there. */
  undo(target: IpRange): Promise<boolean>;
  /** Compares the kernel with what ought to be there; undefined when all is well. Changes nothing. */
  compare(live: readonly LiveBlock[]): Promise<Repair | undefined>;
  repair(repair: Repair, live: readonly LiveBlock[]): Promise<void>;
  /** Packets and bytes dropped so far, per set. */
  counters(): Promise<readonly DropCounter[]>;
  /** Removes everything of ours and nothing else. @returns false if there was nothing. */
  uninstall(): Promise<boolean>;
  close(): void;
}
