import type { Kysely } from 'kysely';

import type { Session, SessionQueries } from '../state-store.ts';
import type { SessionRow, StateSchema } from './schema.ts';

export function sessionQueries(db: Kysely<StateSchema>): SessionQueries {
  return {
    async insert(session) {
      await db
        .insertInto('sessions')
        .values({
          id_hash: session.idHash,
          user_id: session.userId,
          address: session.address,
          created_ms: session.createdMs,
          last_seen_ms: session.lastSeenMs,
          expires_ms: session.expiresMs,
        })
        .execute();
    },

    async find(idHash) {
      const row = await db.selectFrom('sessions').selectAll().where('id_hash', '=', idHash).executeTakeFirst();
      return row && fromRow(row);
    },

    async touch(idHash, address, nowMs) {
      await db.updateTable('sessions').set({ address, last_seen_ms: nowMs }).where('id_hash', '=', idHash).execute();
    },

    async delete(idHash) {
      await db.deleteFrom('sessions').where('id_hash', '=', idHash).execute();
    },

    async activeSince(sinceMs) {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('last_seen_ms', '>=', sinceMs)
        .orderBy('last_seen_ms', 'desc')
        .execute();
      return rows.map(fromRow);
    },

    async deleteExpired(nowMs) {
      const result = await db.deleteFrom('sessions').where('expires_ms', '<=', nowMs).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function fromRow(row: SessionRow): Session {
  return {
    idHash: row.id_hash,
    userId: row.user_id,
    address: row.address,
    createdMs: row.created_ms,
    lastSeenMs: row.last_seen_ms,
    expiresMs: row.expires_ms,
  };
}
