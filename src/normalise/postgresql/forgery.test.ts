import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '#model/event.ts';
import { mysqlReader } from '../mysql/index.ts';
import { postgresqlReader } from './index.ts';

const context = { id: 1, receivedMs: 0, utcOffsetMinutes: 0, stream: 'test' };
const VICTIM = '192.0.2.66';

/** What a stranger may send as the name of a user: anything without a NUL, 63 bytes of it in PostgreSQL. */
const name = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        VICTIM,
        ' ',
        ',',
        '@',
        ':',
        `client=${VICTIM}`,
        `${VICTIM}(22)`,
        `[1] ${VICTIM} `,
        '"',
        "'",
        "'@'",
        'x',
        '(',
        ')',
        '[',
        ']',
      ),
      fc.string({ maxLength: 4 }).filter((text) => !/[\0\r\n]/.test(text)),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));
const peer = fc.ipV4().filter((ip) => ip !== VICTIM);

describe('an address in the name that a stranger signs in with', () => {
  it('is never taken for his, by any prefix of PostgreSQL', () => {
    const prefixes: ((user: string, ip: string) => string)[] = [
      (user) => `2026-11-20 03:11:01.067 UTC [107] ${user}@shop `,
      (user, ip) => `2026-11-20 03:11:01 UTC:${ip}(513):${user}@shop:[110]:`,
      (user, ip) => `2026-11-20 03:11:01 UTC [110]: [2-1] user=${user},db=shop,app=[unknown],client=${ip} `,
      (user, ip) => `${ip} 2026-11-20 03:11:01.934 UTC [113] ${user}@shop `,
      (user, ip) => `2026-11-20 03:11:01.536 UTC [147] ${ip} ${user}@shop `,
    ];
    fc.assert(
      fc.property(name, peer, fc.constantFrom(...prefixes), (user, ip, prefix) => {
        const line = `${prefix(user, ip)}FATAL:  password authentication failed for user "${user}"`;
        const event = postgresqlReader.read(line, context);
        expect([ip, undefined]).toContain(event.src_endpoint?.ip);
      }),
      { numRuns: 5000 },
    );
  });

  it('nor by MySQL and MariaDB', () => {
    const forms: ((user: string, ip: string) => string)[] = [
      (user, ip) => `2026-11-20  3:11:01 5 [Warning] Access denied for user '${user}'@'${ip}' (using password: YES)`,
      (user, ip) =>
        `2026-11-20T03:11:01.4Z\t   14 Connect\tAccess denied for user '${user}'@'${ip}' (using password: NO)`,
      (user, ip) => `20261120 03:11:01,db-1,${user},${ip},6,0,FAILED_CONNECT,,,1045`,
      (user, ip) =>
        `2026-11-20  3:11:01 8 [Warning] Aborted connection 8 to db: 'x' user: '${user}' host: '${ip}' (Got timeout)`,
    ];
    fc.assert(
      fc.property(name, peer, fc.constantFrom(...forms), (user, ip, form) => {
        const event: Event = mysqlReader.read(form(user, ip), context);
        expect([ip, undefined]).toContain(event.src_endpoint?.ip);
      }),
      { numRuns: 5000 },
    );
  });
});
