import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';

import { BartizanError } from '#kit/errors.ts';

import type { StateSchema } from '../state/schema.ts';

export interface ClaimOptions {
  /** Who is using the database, for whoever else wants to: `4711 on web-1`. */
  readonly holder: string;
  /** Called once when another centre has taken the database over: nothing can be written any more, and this one must end. */
  readonly onTaken: (error: BartizanError) => void;
  /** Hears why opening takes a while. */
  readonly onWaiting?: (sentence: string) => void;
  readonly renewEveryMs?: number;
  /** Without a renewal for so long, whoever holds it is taken for dead. Much longer than a renewal takes. */
  readonly lapsesAfterMs?: number;
}

/** That one centre, and no other, writes a database. */
export interface Claim {
  /** To be run in each transaction that holds the writers' lock. Throws BTZ_DATA_IN_USE once another has taken over. */
  check(transaction: Kysely<StateSchema>): Promise<void>;
  /** Lets the next one in at once. */
  release(): Promise<void>;
}

const RENEW_EVERY_MS = 2_000;
const LAPSES_AFTER_MS = 8_000;

/**
 * Claims a database for this process: a row that is renewed every two seconds, and that every transaction looks at.
 *
 * A row and not a lock of the session: it holds whatever becomes of connections (a restart of the server, a pooler that
 * shares them out, a dead machine whose session lives on for hours), and who was frozen while another took over finds
 * that at the next write. No clock is compared: whoever wants in watches for itself whether the row is renewed.
 *
 * @param lock The writers' lock, held to the end of the transaction.
 * @throws BTZ_DATA_IN_USE while another one renews its claim; BTZ_STATE_UNAVAILABLE
 */
export async function claimDatabase(
  db: Kysely<StateSchema>,
  lock: (transaction: Kysely<StateSchema>) => Promise<void>,
  options: ClaimOptions,
): Promise<Claim> {
  const { holder, onTaken, onWaiting, renewEveryMs = RENEW_EVERY_MS, lapsesAfterMs = LAPSES_AFTER_MS } = options;
  const token = randomUUID();
  const database = await describe(db);
  let taken: BartizanError | undefined;

  function inUse(other: Row): BartizanError {
    return new BartizanError('BTZ_DATA_IN_USE', { directory: database, pid: other.holder });
  }

  const locked = <T>(work: (transaction: Kysely<StateSchema>) => Promise<T>): Promise<T> =>
    db.transaction().execute(async (transaction) => {
      await lock(transaction);
      return work(transaction);
    });

  /** @param dead Whose claim has lapsed. @returns whose it is now. */
  const take = (dead?: Row): Promise<Row> =>
    locked(async (transaction) => {
      await sql`create table if not exists centre_claim (
        id integer primary key check (id = 1), token text not null, holder text not null, renewals bigint not null
      )`.execute(transaction);
      const found = await read(transaction);
      if (found && (found.token !== dead?.token || found.renewals !== dead.renewals)) return found;
      await write(transaction);
      return { token, holder, renewals: 0 };
    });

  async function write(transaction: Kysely<StateSchema>): Promise<void> {
    await sql`insert into centre_claim (id, token, holder, renewals) values (1, ${token}, ${holder}, 0)
      on conflict (id) do update set token = excluded.token, holder = excluded.holder, renewals = 0`.execute(
      transaction,
    );
  }

  async function check(transaction: Kysely<StateSchema>): Promise<void> {
    if (taken) throw taken;
    const found = await read(transaction);
    if (found?.token === token) return;
    // Nobody's: the table was emptied, or the database put back to an earlier state.
    if (!found) return write(transaction);
    taken = inUse(found);
    clearInterval(timer);
    onTaken(taken);
    throw taken;
  }

  async function renew(): Promise<void> {
    const { numAffectedRows } =
      await sql`update centre_claim set renewals = renewals + 1 where token = ${token}`.execute(db);
    if (numAffectedRows === 0n) await locked(check);
  }

  const seen = await take();
  if (seen.token !== token) {
    const sinceMs = performance.now();
    onWaiting?.(`${inUse(seen).message} If it is dead, that shows within ${lapsesAfterMs / 1000} s; waiting.`);
    for (let now = seen; now.token !== token; ) {
      await sleep(Math.min(renewEveryMs, lapsesAfterMs) / 4);
      now = await take(performance.now() - sinceMs > lapsesAfterMs ? seen : undefined);
      const isRenewed = now.token !== seen.token || now.renewals !== seen.renewals;
      if (isRenewed && now.token !== token) throw inUse(now);
    }
  }

  let isRenewing = false;
  const timer = setInterval(() => {
    if (isRenewing) return;
    isRenewing = true;
    // A database out of reach is said by whoever uses it; what is not renewed meanwhile may lapse.
    renew()
      .catch(() => undefined)
      .finally(() => {
        isRenewing = false;
      });
  }, renewEveryMs).unref();

  return {
    check,
    async release() {
      clearInterval(timer);
      if (!taken) await sql`delete from centre_claim where token = ${token}`.execute(db);
    },
  };
}

interface Row {
  readonly token: string;
  readonly holder: string;
  readonly renewals: number;
}

async function read(db: Kysely<StateSchema>): Promise<Row | undefined> {
  const { rows } = await sql<Row>`select token, holder, renewals from centre_claim`.execute(db);
  return rows[0];
}

async function describe(db: Kysely<StateSchema>): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  return `the PostgreSQL database ${rows[0]?.name}`;
}
