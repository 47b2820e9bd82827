import type { Kysely } from 'kysely';

import type { Token, TokenQueries } from '../state-store.ts';
import { optional } from './encoding.ts';
import type { StateSchema, TokenRow } from './schema.ts';

export function tokenQueries(db: Kysely<StateSchema>): TokenQueries {
  return {
    async insert(token) {
      await db
        .insertInto('tokens')
        .values({
          id: token.id,
          kind: token.kind,
          name: token.name,
          secret_hash: token.secretHash,
          created_ms: token.createdMs,
          expires_ms: token.expiresMs ?? null,
          revoked_ms: token.revokedMs ?? null,
        })
        .execute();
    },

    async findBySecretHash(secretHash) {
      const row = await db.selectFrom('tokens').selectAll().where('secret_hash', '=', secretHash).executeTakeFirst();
      return row && fromRow(row);
    },

    async list(kind) {
      const rows = await db
        .selectFrom('tokens')
        .selectAll()
        .where('kind', '=', kind)
        .orderBy('created_ms', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },

    async revoke(id, nowMs) {
      const result = await db
        .updateTable('tokens')
        .set({ revoked_ms: nowMs })
        .where('id', '=', id)
        .where('revoked_ms', 'is', null)
        .where((where) => where.or([where('expires_ms', 'is', null), where('expires_ms', '>', nowMs)]))
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

function fromRow(row: TokenRow): Token {
  return {
    id: row.id,
    kind: row.kind as Token['kind'],
    name: row.name,
    secretHash: row.secret_hash,
    createdMs: row.created_ms,
    expiresMs: optional(row.expires_ms),
    revokedMs: optional(row.revoked_ms),
  };
}
