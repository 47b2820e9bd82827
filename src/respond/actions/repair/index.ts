import { BartizanError } from '#kit/errors.ts';
import { ALICLOUD_REPAIRS } from './alicloud/index.ts';
import { AWS_REPAIRS } from './aws/index.ts';
import type { RepairKind } from './kind.ts';

/** All kinds of repairs of live accounts. */
export const REPAIR_KINDS: readonly RepairKind[] = [...ALICLOUD_REPAIRS, ...AWS_REPAIRS];

/** The kind that mends findings of a check. Throws BTZ_REPAIR_NONE. */
export function kindFor(check: string): RepairKind {
  const kind = REPAIR_KINDS.find(({ checks }) => checks.includes(check));
  if (kind === undefined) throw new BartizanError('BTZ_REPAIR_NONE', { check });
  return kind;
}

/** The least that the writing role of a provider must be granted, sorted. It reads nothing. */
export function writePermissions(provider: string): readonly string[] {
  const kinds = REPAIR_KINDS.filter((kind) => kind.provider === provider);
  return [...new Set(kinds.flatMap(({ permissions }) => permissions.write))].sort();
}

export type { Cloud, CloudAnswer, CloudCall, Weakness } from './kind.ts';
