import type { Kysely } from 'kysely';

import type { Evidence } from '#model/evidence.ts';

import type { EvidenceQueries } from '../state-store.ts';
import { asJson, chunksOf, storableText } from './encoding.ts';
import type { EvidenceRow, StateSchema } from './schema.ts';

const ROWS_PER_INSERT = 500;
const MAX_READ = 100_000;

/**
 * Indexes are consecutive from 0 without gaps: every write of the store runs in a transaction that waits for the one
 * before it (see writer.ts), so the highest index that is seen is the last one, and a rollback gives its indexes back.
 */
export function evidenceQueries(db: Kysely<StateSchema>): EvidenceQueries {
  return {
    async append(leaves) {
      if (leaves.length === 0) return [];
      const first = await nextIndex(db);
      const stored = leaves.map((leaf, offset): Evidence => ({ ...asJson(leaf), index: first + offset }));
      for (const chunk of chunksOf(stored.map(toRow), ROWS_PER_INSERT)) {
        await db.insertInto('evidence').values(chunk).execute();
      }
      return stored;
    },

    async read(fromIndex, limit) {
      const rows = await db
        .selectFrom('evidence')
        .selectAll()
        .where('leaf_index', '>=', fromIndex)
        .orderBy('leaf_index')
        .limit(Math.min(Math.max(Math.trunc(limit), 0), MAX_READ))
        .execute();
      return rows.map(fromRow);
    },

    async latest(limit, subject) {
      let query = db.selectFrom('evidence').selectAll();
      if (subject !== undefined) query = query.where('subject', '=', storableText(subject));
      const rows = await query
        .orderBy('leaf_index', 'desc')
        .limit(Math.min(Math.max(Math.trunc(limit), 0), MAX_READ))
        .execute();
      return rows.map(fromRow);
    },

    count() {
      return nextIndex(db);
    },
  };
}

async function nextIndex(db: Kysely<StateSchema>): Promise<number> {
  const last = await db
    .selectFrom('evidence')
    .select('leaf_index')
    .orderBy('leaf_index', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last ? last.leaf_index + 1 : 0;
}

function toRow(leaf: Evidence): EvidenceRow {
  return { leaf_index: leaf.index, subject: storableText(leaf.subject), body: JSON.stringify(leaf) };
}

function fromRow(row: EvidenceRow): Evidence {
  return { ...(JSON.parse(row.body) as Evidence), index: row.leaf_index };
}
