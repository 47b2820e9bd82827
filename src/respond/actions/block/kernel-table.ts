import { z } from 'zod';
import { BartizanError } from '#kit/errors.ts';
import { type IpRange, readTarget } from '../../target.ts';
import { CHAINS, readSetName } from './ruleset.ts';

/** Our table as the kernel has it. */
export interface KernelTable {
  /** Names of our sets that are there. */
  readonly sets: readonly string[];
  /** Rules of each chain of ours that hangs where it should: set and verdict, in order. */
  readonly shape: Readonly<Record<string, readonly string[]>>;
  readonly elements: readonly KernelElement[];
  readonly counters: readonly { readonly set: string; readonly packets: number; readonly bytes: number }[];
}

export interface KernelElement {
  readonly target: IpRange;
  /** Undefined for one that never expires; it is not ours then. */
  readonly expiresMs: number | undefined;
}

const elementSchema = z.object({
  elem: z.object({ val: z.string(), timeout: z.number().optional(), expires: z.number().optional() }),
});
const setSchema = z.object({
  name: z.string(),
  flags: z.array(z.string()).optional(),
  elem: z.array(z.union([elementSchema, z.string()])).optional(),
});
const chainSchema = z.object({ name: z.string(), hook: z.string().optional(), prio: z.number().optional() });
const ruleSchema = z.object({ chain: z.string(), expr: z.array(z.record(z.string(), z.unknown())) });
const counterSchema = z.object({ name: z.string(), packets: z.number(), bytes: z.number() });
const answerSchema = z.object({
  nftables: z.array(
    z.object({
      set: setSchema.optional(),
      chain: chainSchema.optional(),
      rule: ruleSchema.optional(),
      counter: counterSchema.optional(),
    }),
  ),
});

/**
 * Reads `nft -j list table inet bartizan` (libnftables-json(5)). Whatever else is in the table is left out.
 *
 * @throws BTZ_FIREWALL_NOT_APPLIED when it is not of that shape
 */
export function readKernelTable(json: string): KernelTable {
  const objects = parse(json);
  const sets = objects.flatMap(({ set }) => (set && isOurs(set) ? [set] : []));
  const hung = objects.flatMap(({ chain }) => (chain && hangsRight(chain) ? [chain.name] : []));
  return {
    sets: sets.map(({ name }) => name),
    shape: Object.fromEntries(
      hung.map((name) => [
        name,
        objects.flatMap(({ rule }) => (rule && rule.chain === name ? [`${setOf(rule)} ${verdictOf(rule)}`] : [])),
      ]),
    ),
    elements: sets.flatMap(elementsOf),
    counters: objects.flatMap(({ counter }) =>
      counter && readSetName(counter.name)
        ? [{ set: counter.name, packets: counter.packets, bytes: counter.bytes }]
        : [],
    ),
  };
}

/** Reads `expires 59m58s488ms` in the text of `nft get element`, in milliseconds (1.0.6 gives no JSON for it). */
export function readExpiry(text: string): number | undefined {
  const match = /\bexpires ((?:\d+(?:ms|[dhms]))+)/.exec(text);
  if (!match?.[1]) return undefined;
  let sum = 0;
  for (const [, amount, unit] of match[1].matchAll(/(\d+)(ms|[dhms])/g)) {
    sum += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return sum;
}

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

type Objects = z.infer<typeof answerSchema>['nftables'];

function parse(json: string): Objects {
  try {
    return answerSchema.parse(JSON.parse(json)).nftables;
  } catch (cause) {
    throw new BartizanError('BTZ_FIREWALL_NOT_APPLIED', { problem: 'the answer of nft cannot be read' }, { cause });
  }
}

function isOurs(set: z.infer<typeof setSchema>): boolean {
  return readSetName(set.name) !== undefined && set.flags?.join() === 'timeout';
}

function hangsRight(chain: z.infer<typeof chainSchema>): boolean {
  return CHAINS.some(({ name, hook, priority }) => {
    return name === chain.name && hook === chain.hook && priority === chain.prio;
  });
}

function elementsOf(set: z.infer<typeof setSchema>): KernelElement[] {
  const kind = readSetName(set.name);
  return (set.elem ?? []).flatMap((element) => {
    const value = typeof element === 'string' ? element : element.elem.val;
    const target = kind && readTarget(`${value}/${kind.prefix}`);
    const expires = typeof element === 'string' ? undefined : element.elem.expires;
    return target ? [{ target, expiresMs: expires === undefined ? undefined : expires * 1000 }] : [];
  });
}

function setOf(rule: z.infer<typeof ruleSchema>): string {
  const match = /"right":\s*"(@\w+)"/.exec(JSON.stringify(rule.expr));
  return match?.[1] ?? '-';
}

function verdictOf(rule: z.infer<typeof ruleSchema>): string {
  const names = ['drop', 'reject', 'return', 'accept', 'jump', 'goto', 'queue'];
  return names.find((name) => rule.expr.some((part) => name in part)) ?? '-';
}
