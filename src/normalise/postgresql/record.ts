import { toAddress } from '../address.ts';

/** What one record of a PostgreSQL server says, whichever way it was written. */
export interface PostgresRecord {
  /** Epoch milliseconds. */
  readonly timeMs: number | undefined;
  readonly severity: string | undefined;
  readonly message: string;
  readonly pid: number | undefined;
  readonly user: string | undefined;
  readonly database: string | undefined;
  /** The client as the server saw it: an address, a name, or `[local]`. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly application: string | undefined;
  readonly sqlState: string | undefined;
  readonly detail: string | undefined;
  /** The statement that an error is about, where it is in the same record. */
  readonly query: string | undefined;
}

/** What a prefix shows for “not known yet”. */
export function known(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === '[unknown]' ? undefined : text;
}

/** `203.0.113.9:51234`, `203.0.113.9(51234)`, `[local]`, `db.example`. */
export function readPeer(text: string | undefined): { host: string | undefined; port: number | undefined } {
  if (text === undefined || text === '' || text === '[unknown]') return { host: undefined, port: undefined };
  // The end of an IPv6 address looks like a port.
  const match = toAddress(text) === undefined ? PEER.exec(text) : null;
  return match === null ? { host: text, port: undefined } : { host: match[1], port: Number(match[2] ?? match[3]) };
}

const PEER = /^([^\s()]{1,255}?)(?::(\d{1,5})|\((\d{1,5})\))$/;
