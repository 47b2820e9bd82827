import type { Session } from 'chdb';

import { eventId } from '#model/event.ts';

import { TABLE } from './columns.ts';

/** The highest id that is stored of this sequence or a later one; 0 when there is none. */
export async function highestIdFrom(session: Session, sequence: number): Promise<number> {
  const result = await session.queryBindAsync(
    `SELECT max(id) FROM ${TABLE} WHERE id >= {first:UInt64}`,
    { first: eventId(sequence, 0) },
    { format: 'TSV' },
  );
  return Number(result.text());
}

/** The ids that are stored between two, both included; as many as the block that asks has rows, at most. */
export async function existingIds(session: Session, first: number, last: number): Promise<ReadonlySet<number>> {
  const result = await session.queryBindAsync(
    `SELECT DISTINCT id FROM ${TABLE} WHERE id >= {first:UInt64} AND id <= {last:UInt64}`,
    { first, last },
    { format: 'TSV' },
  );
  const text = result.text();
  return new Set(text === '' ? [] : text.trimEnd().split('\n').map(Number));
}
