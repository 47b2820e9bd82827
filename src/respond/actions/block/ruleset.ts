import type { LiveBlock } from '../../firewall.ts';
import { type IpRange, parseTarget } from '../../target.ts';

export const TABLE = 'inet bartizan';

/**
 * The set that holds a target: one hash set per prefix length (`blocked4`, `blocked6`, `blocked4_24`, `blocked6_48` …),
 * looked up with the masked address. An interval set would need only one, but its elements may not overlap: a /24 and an
 * address inside it, with different ends of life, would have to be cut up and glued together at every block, undo and
 * expiry. Here each block is exactly one element, found in constant time, and lives and dies alone.
 */
export function setNameOf({ family, prefix }: Pick<IpRange, 'family' | 'prefix'>): string {
  return prefix === bitsOf(family) ? `blocked${family}` : `blocked${family}_${prefix}`;
}

/** The two sets that are always there. */
export const BASE_SETS: readonly string[] = ['blocked4', 'blocked6'];

const SET_NAME = /^blocked([46])(?:_(\d{1,3}))?$/;

/** Whether a name is one of ours and what it holds. */
export function readSetName(name: string): { readonly family: 4 | 6; readonly prefix: number } | undefined {
  const match = SET_NAME.exec(name);
  if (!match) return undefined;
  const family = match[1] === '4' ? 4 : 6;
  const prefix = match[2] === undefined ? bitsOf(family) : Number(match[2]);
  return prefix <= bitsOf(family) ? { family, prefix } : undefined;
}

/** Where each chain hangs. Incoming packets are dropped before conntrack, NAT and every other table see them. */
export const CHAINS = [
  { name: 'incoming', hook: 'prerouting', priority: -310 },
  { name: 'outgoing', hook: 'output', priority: -10 },
  { name: 'passing', hook: 'forward', priority: -10 },
] as const;

/**
 * Commands that make our table whole, whatever is there of it, without touching elements. One transaction, so there is
 * no moment without rules.
 *
 * What a blocked address sends is dropped. What is still sent to it (a connection that was open, a container's, a reverse
 * shell) is answered with a reset, so that the program on this side lets go at once.
 */
export function structureCommands(setNames: readonly string[]): string[] {
  const names = [...new Set([...BASE_SETS, ...setNames])].sort();
  return [
    `add table ${TABLE}`,
    ...names.flatMap((name) => [
      `add counter ${TABLE} ${name}`,
      `add set ${TABLE} ${name} { type ipv${familyOf(name)}_addr; flags timeout; }`,
    ]),
    ...CHAINS.flatMap(({ name, hook, priority }) => [
      `add chain ${TABLE} ${name} { type filter hook ${hook} priority ${priority}; policy accept; }`,
      `flush chain ${TABLE} ${name}`,
    ]),
    // The resets below come back over loopback with the blocked address as their source.
    `add rule ${TABLE} incoming iifname "lo" return`,
    ...names.map((name) => `add rule ${TABLE} incoming ${fieldOf(name, 'saddr')} @${name} counter name "${name}" drop`),
    ...['outgoing', 'passing'].flatMap((chain) =>
      names.flatMap((name) => [
        `add rule ${TABLE} ${chain} meta l4proto tcp ${fieldOf(name, 'daddr')} @${name} reject with tcp reset`,
        `add rule ${TABLE} ${chain} ${fieldOf(name, 'daddr')} @${name} reject with icmpx admin-prohibited`,
      ]),
    ),
  ];
}

/** How each chain's rules look when read back: the set and the verdict of each, in order. */
export function expectedShape(setNames: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const names = [...new Set([...BASE_SETS, ...setNames])].sort();
  const rejects = names.flatMap((name) => [`@${name} reject`, `@${name} reject`]);
  return { incoming: ['- return', ...names.map((name) => `@${name} drop`)], outgoing: rejects, passing: rejects };
}

/**
 * Puts an element in. One that is there already keeps its old time (no error): read it back. Deleting it first would give
 * it the new one, but makes nft wait for the kernel's RCU grace period, 10 ms and more.
 */
export function addCommand({ target, remainingMs }: LiveBlock): string {
  const timeoutMs = Math.max(1, Math.ceil(remainingMs));
  return `add element ${TABLE} ${setNameOf(target)} { ${keyOf(target)} timeout ${timeoutMs}ms }`;
}

/** Gives an element its new time, whether it is there or not. */
export function replaceCommands(block: LiveBlock): string[] {
  const set = `${TABLE} ${setNameOf(block.target)}`;
  return [`add element ${set} { ${keyOf(block.target)} }`, deleteCommand(block.target), addCommand(block)];
}

export function deleteCommand(target: IpRange): string {
  return `delete element ${TABLE} ${setNameOf(target)} { ${keyOf(target)} }`;
}

/** The element of a target: its first address. */
export function keyOf(target: IpRange): string {
  return target.text.split('/')[0] ?? target.text;
}

function fieldOf(setName: string, field: 'saddr' | 'daddr'): string {
  const { family, prefix } = readSetName(setName) ?? { family: 4, prefix: 32 };
  const name = family === 4 ? `ip ${field}` : `ip6 ${field}`;
  return prefix === bitsOf(family) ? name : `${name} & ${maskOf(family, prefix)}`;
}

function maskOf(family: 4 | 6, prefix: number): string {
  const ones = family === 4 ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
  return keyOf(parseTarget(`${ones}/${prefix}`));
}

function familyOf(setName: string): 4 | 6 {
  return readSetName(setName)?.family ?? 4;
}

function bitsOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}
