import pg from 'pg';

import { BartizanError } from '#kit/errors.ts';

/** Gives what PostgreSQL or the way to it threw its code. SQLSTATE: PostgreSQL manual, appendix A. */
export function fromPostgresError(thrown: unknown): BartizanError {
  if (thrown instanceof BartizanError) return thrown;
  const problem = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  const cause = { cause: thrown };
  const state = thrown instanceof pg.DatabaseError ? (thrown.code ?? '') : undefined;
  if (state === UNIQUE) {
    return new BartizanError('BTZ_ALREADY_EXISTS', { what: 'an entry with this name or identifier' }, cause);
  }
  if (state === DISK_FULL) {
    return new BartizanError('BTZ_DISK_FULL', { directory: 'the data folder of PostgreSQL' }, cause);
  }
  // What is not an answer of the server is the lack of one.
  if (state === undefined || OUT_OF_REACH.test(state)) {
    return new BartizanError('BTZ_STATE_UNAVAILABLE', { problem: `PostgreSQL: ${problem}` }, cause);
  }
  return new BartizanError('BTZ_INTERNAL', { problem: `PostgreSQL: ${problem}` }, cause);
}

const UNIQUE = '23505';
const DISK_FULL = '53100';
/**
 * Connection (08), sign-in (28), no such database (3D), rollback by conflict (40), resources (53), lock not available
 * (55P03), operator (57: shutdown, cancel, statement time-out), system (58).
 */
const OUT_OF_REACH = /^(08|25P03|28|3D|40|53|55P03|57|58)/;
