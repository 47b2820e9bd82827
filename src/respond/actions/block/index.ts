import { BartizanError } from '#kit/errors.ts';
import type { Firewall, LiveBlock } from '../../firewall.ts';
import { addressCount, type IpRange } from '../../target.ts';
import { closeConnections, countConnections } from './connections.ts';
import { differenceOf, rebuildCommands } from './difference.ts';
import { type KernelTable, readExpiry, readKernelTable } from './kernel-table.ts';
import { createNft, type NftAnswer, type NftOptions } from './nft.ts';
import { addCommand, deleteCommand, keyOf, replaceCommands, setNameOf, structureCommands, TABLE } from './ruleset.ts';

export interface NftFirewallOptions extends NftOptions {
  /** Folder with `tcp` and `tcp6` of the network namespace that is guarded. */
  readonly procNet?: string;
  /** How to run `ss`, which closes the sockets of a blocked address; as `command`, with `ss` for `nft`. */
  readonly ssCommand?: readonly string[];
}

/**
 * Blocks addresses with nftables, in a table of our own (`inet bartizan`) beside those of Docker, ufw and firewalld.
 * Needs root (CAP_NET_ADMIN) and nft ≥ 1.0.
 */
export function createNftFirewall({
  procNet = '/proc/net',
  command = ['nft'],
  ssCommand = [...command.slice(0, -1), 'ss'],
  timeoutMs,
}: NftFirewallOptions = {}): Firewall {
  const nft = createNft({ command, timeoutMs });
  const run = async (commands: readonly string[]): Promise<NftAnswer> => await nft.script(`${commands.join('\n')}\n`);
  const readTable = async (): Promise<KernelTable | undefined> => {
    const answer = await nft.query(['-j', 'list', 'table', ...TABLE.split(' ')]);
    if (answer.ok) return readKernelTable(answer.stdout);
    if (isAbsent(answer)) return undefined;
    throw notApplied(answer);
  };
  const structureFor = async (block: LiveBlock): Promise<string[]> => {
    const table = await readTable();
    const sets = [setNameOf(block.target), ...(table?.sets ?? [])];
    return differenceOf(table, [block])?.structure ? structureCommands(sets) : [];
  };
  const expiryOf = async (target: IpRange): Promise<number | undefined> => {
    const name = setNameOf(target);
    const answer = await run([`get element ${TABLE} ${name} { ${keyOf(target)} }`, `list chain ${TABLE} incoming`]);
    if (answer.ok) return dropsBy(answer.stdout, name) ? readExpiry(answer.stdout) : undefined;
    if (isAbsent(answer)) return undefined;
    throw notApplied(answer);
  };

  const drop = async (block: LiveBlock): Promise<number> => {
    // Nearly always everything is there already, and one small transaction does it.
    const quick = await run([addCommand(block)]);
    if (!quick.ok && !isAbsent(quick)) throw notApplied(quick);
    const expiresMs = quick.ok ? await expiryOf(block.target) : undefined;
    if (expiresMs !== undefined && isAsAgreed(expiresMs, block)) return expiresMs;
    const structure = expiresMs === undefined ? await structureFor(block) : [];
    const thorough = await run([...structure, ...replaceCommands(block)]);
    if (!thorough.ok) throw notApplied(thorough);
    const readBackMs = await expiryOf(block.target);
    if (readBackMs === undefined) throw notApplied({ ...thorough, stderr: `${block.target.text} was not found in it` });
    return readBackMs;
  };

  return {
    async plan(block) {
      return {
        commands: [...(await structureFor(block)), addCommand(block)],
        addresses: String(addressCount(block.target)),
        connections: await countConnections(procNet, block.target),
      };
    },
    async apply(block) {
      const expiresMs = await drop(block);
      // Nobody waits for this: what it closes is cut off already.
      if ((await countConnections(procNet, block.target)) > 0) void closeConnections(ssCommand, block.target);
      return expiresMs;
    },
    verify: expiryOf,
    async undo(target) {
      const answer = await run([deleteCommand(target)]);
      if (!answer.ok && !isAbsent(answer)) throw notApplied(answer);
      return answer.ok;
    },
    async compare(live) {
      return differenceOf(await readTable(), live);
    },
    async repair(repair, live) {
      const answer = await run(repair.commands);
      const rebuilt = answer.ok ? answer : await run(rebuildCommands(live));
      if (!rebuilt.ok) throw notApplied(rebuilt);
    },
    async counters() {
      return (await readTable())?.counters ?? [];
    },
    async uninstall() {
      const answer = await run([`delete table ${TABLE}`]);
      if (!answer.ok && !isAbsent(answer)) throw notApplied(answer);
      return answer.ok;
    },
    close: () => nft.close(),
  };
}

const TOLERANCE_MS = 2_000;

function isAsAgreed(expiresMs: number, { remainingMs }: LiveBlock): boolean {
  return Math.abs(expiresMs - remainingMs) <= TOLERANCE_MS;
}

function dropsBy(chainText: string, setName: string): boolean {
  return new RegExp(`saddr .*@${setName} counter .*drop$`, 'm').test(chainText);
}

/** ENOENT: the table, set, chain or element is not there. */
function isAbsent({ ok, stderr }: NftAnswer): boolean {
  return !ok && /No such file or directory/.test(stderr);
}

function notApplied({ stderr }: NftAnswer): BartizanError {
  return new BartizanError('BTZ_FIREWALL_NOT_APPLIED', { problem: stderr.trim() || 'nft failed without a word' });
}
