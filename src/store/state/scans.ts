import { type Kysely, sql } from 'kysely';
import { LEVELS } from '#model/alert.ts';
import type { Finding } from '#model/finding.ts';
import type { Scan } from '#model/scan.ts';
import type { ScanQueries } from '../state-store.ts';
import { chunksOf, containsPattern, storableText } from './encoding.ts';
import type { StateSchema } from './schema.ts';

const MAX_PAGE = 1_000;
const INSERTED_AT_ONCE = 200;

export function scanQueries(db: Kysely<StateSchema>): ScanQueries {
  return {
    async insert(scan, findings) {
      const { deductions, clauses, problems, ...summary } = scan;
      await db
        .insertInto('scans')
        .values({
          id: storableText(scan.id),
          target: storableText(scan.target),
          ended_ms: scan.endedMs,
          summary: JSON.stringify(summary),
          body: JSON.stringify({ deductions, clauses, problems }),
        })
        .execute();
      let position = 0;
      for (const chunk of chunksOf(findings, INSERTED_AT_ONCE)) {
        const rows = chunk.map((finding) => ({
          scan_id: storableText(scan.id),
          position: position++,
          check_id: storableText(finding.check),
          level_rank: LEVELS.indexOf(finding.severity),
          verdict: finding.verdict,
          search: storableText(searchText(finding)),
          body: JSON.stringify(finding),
        }));
        await db.insertInto('findings').values(rows).execute();
      }
    },

    async find(id) {
      const row = await db.selectFrom('scans').selectAll().where('id', '=', storableText(id)).executeTakeFirst();
      return row && ({ ...JSON.parse(row.summary), ...JSON.parse(row.body) } as Scan);
    },

    async list({ target, limit }) {
      let query = db.selectFrom('scans').select('summary');
      if (target !== undefined) query = query.where('target', '=', storableText(target));
      const rows = await query
        .orderBy('ended_ms', 'desc')
        .orderBy('id')
        .limit(Math.min(Math.max(Math.trunc(limit), 0), MAX_PAGE))
        .execute();
      return rows.map(({ summary }) => JSON.parse(summary));
    },

    async latest() {
      const rows = await db
        .selectFrom('scans')
        .innerJoin(
          db
            .selectFrom('scans')
            .select(({ fn }) => ['target as of', fn.max('ended_ms').as('last')])
            .groupBy('target')
            .as('newest'),
          (join) => join.onRef('newest.of', '=', 'scans.target').onRef('newest.last', '=', 'scans.ended_ms'),
        )
        .select('scans.summary')
        .orderBy('scans.ended_ms', 'desc')
        .orderBy('scans.id')
        .limit(MAX_PAGE)
        .execute();
      return rows.map(({ summary }) => JSON.parse(summary));
    },

    async findings({ scanIds, verdict, minLevel, check, about, text, limit, offset = 0 }) {
      if (scanIds.length === 0) return { items: [], total: 0 };
      let query = db.selectFrom('findings').where('scan_id', 'in', scanIds.map(storableText));
      if (verdict !== undefined) query = query.where('verdict', '=', verdict);
      if (minLevel !== undefined) query = query.where('level_rank', '>=', LEVELS.indexOf(minLevel));
      if (check !== undefined) query = query.where('check_id', '=', storableText(check));
      if (about !== undefined) {
        query = query.where(({ or }) =>
          or([
            ...about.checks.map((one) => sql<boolean>`check_id = ${storableText(one)}`),
            // As a whole JSON text. Ids of controls are unlike any other text that a finding holds.
            ...about.controls.map((one) => sql<boolean>`body like ${containsPattern(JSON.stringify(one))} escape '!'`),
          ]),
        );
      }
      if (text) query = query.where(sql<boolean>`search like ${containsPattern(text)} escape '!'`);
      const { total } = await query.select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow();
      const rows = await query
        .select(['scan_id', 'body'])
        .orderBy('level_rank', 'desc')
        .orderBy('verdict')
        .orderBy('scan_id')
        .orderBy('position')
        .limit(Math.min(Math.max(Math.trunc(limit), 0), MAX_PAGE))
        .offset(Math.max(Math.trunc(offset), 0))
        .execute();
      return {
        items: rows.map(({ scan_id: scanId, body }) => ({ ...(JSON.parse(body) as Finding), scanId })),
        total: Number(total),
      };
    },

    async prune(target, keptScans, keptFindings) {
      const rows = await db
        .selectFrom('scans')
        .select('id')
        .where('target', '=', storableText(target))
        .orderBy('ended_ms', 'desc')
        .orderBy('id')
        .execute();
      const ids = rows.map(({ id }) => id);
      const bare = ids.slice(keptFindings);
      if (bare.length > 0) await db.deleteFrom('findings').where('scan_id', 'in', bare).execute();
      const old = ids.slice(keptScans);
      if (old.length > 0) await db.deleteFrom('scans').where('id', 'in', old).execute();
    },
  };
}

function searchText({ check, title, resource }: Finding): string {
  return [check, title.en, title.zh, resource.id, resource.type, resource.file ?? '', resource.region ?? '']
    .join('\n')
    .toLowerCase();
}
