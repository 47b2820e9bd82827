import { lookup as resolve } from 'node:dns/promises';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { BartizanError } from '#kit/errors.ts';

export interface EgressRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The owner lets this one reach loopback and private addresses, and speak plain HTTP there. */
  readonly allowPrivate: boolean;
}

export type EgressAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** At most 64 KB of it. */
      readonly body: string;
      readonly retryAfterMs?: number;
      /** The other side’s clock, from its `Date`. */
      readonly dateMs?: number;
    }
  /** `isSent`: it had been given to a connection, so it may have arrived all the same. */
  | { readonly kind: 'failed'; readonly problem: string; readonly isSent: boolean };

export type Egress = (request: EgressRequest) => Promise<EgressAnswer>;

export interface EgressOptions {
  /** For all of it: resolving, connecting, asking, answering. */
  readonly limitMs?: number;
  /** Every address of a name, as the system resolves it. */
  readonly addressesOf?: (host: string) => Promise<readonly string[]>;
}

const LIMIT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/**
 * The one way out: posts a body and answers what came back. The name is resolved once, every address it has is checked,
 * and the connection goes to one of exactly these (a second answer of the name server changes nothing). Redirects are
 * not followed, time and the size of the answer are bounded, and no problem names more of the URL than its host.
 *
 * Throws BTZ_EGRESS_REFUSED for addresses that may not be reached: loopback, private, shared, link-local, multicast and
 * reserved ranges (IANA special-purpose registries), also inside IPv4-mapped and translated IPv6; metadata services are
 * refused even where private addresses are allowed.
 */
export function createEgress({ limitMs = LIMIT_MS, addressesOf = systemAddresses }: EgressOptions = {}): Egress {
  return async (request) => {
    const url = parsed(request.url);
    const late = AbortSignal.timeout(limitMs);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    let addresses: readonly string[];
    try {
      addresses = ipaddr.isValid(host) ? [host] : await orLate(addressesOf(host), late);
    } catch {
      return { kind: 'failed', problem: `the name ${host} cannot be resolved`, isSent: false };
    }
    refuseForbidden(url, addresses, request.allowPrivate);
    return post(url, request, addresses, late);
  };
}

function parsed(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw refusal('the address', 'it is no http(s) URL');
  if (url.username !== '' || url.password !== '') throw refusal(url.hostname, 'it has a name and password in it');
  return url;
}

function refuseForbidden(url: URL, addresses: readonly string[], allowPrivate: boolean): void {
  if (addresses.length === 0) throw refusal(url.hostname, 'it has no address');
  // One forbidden address among good ones is how a name is made to point inwards.
  const reaches = addresses.map(reachOf);
  if (reaches.includes('never')) throw refusal(url.hostname, 'it is a metadata, link-local or reserved address');
  if (reaches.includes('private') && !allowPrivate)
    throw refusal(url.hostname, 'it is a loopback or private address, and this channel may not use these');
  if (url.protocol === 'http:' && reaches.includes('public'))
    throw refusal(url.hostname, 'messages leave this network over https only');
}

/** Metadata services that have an address outside 169.254.0.0/16: Alibaba Cloud, Azure, AWS over IPv6, Oracle. */
const METADATA = new Set(['100.100.100.200', '168.63.129.16', 'fd00:ec2::254', '192.0.0.192']);
const PRIVATE_RANGES = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** Who stands behind an address: anybody, this network, or something that no message may ever go to. */
export function reachOf(text: string): 'public' | 'private' | 'never' {
  if (!ipaddr.isValid(text)) return 'never';
  // Also takes the IPv4 address out of ::ffff:a.b.c.d.
  const address = ipaddr.process(text.replace(/%.*$/, ''));
  if (METADATA.has(address.toString())) return 'never';
  const range = address.range();
  // Of IPv6 only 2000::/3 is given out; what looks like an address elsewhere is an old way to write another one.
  if (range === 'unicast') return address.kind() === 'ipv4' || isGivenOut(address) ? 'public' : 'never';
  return PRIVATE_RANGES.has(range) ? 'private' : 'never';
}

function isGivenOut(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const [first = 0] = address.toByteArray();
  return first >> 5 === 0b001;
}

function post(
  url: URL,
  { headers, body }: EgressRequest,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<EgressAnswer> {
  return new Promise((done) => {
    let isSent = false;
    const fail = (thrown: unknown) => done({ kind: 'failed', problem: wordsFor(thrown, signal), isSent });
    const options: RequestOptions = {
      method: 'POST',
      agent: false,
      signal,
      lookup: pinnedTo(addresses),
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    };
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const answer = () =>
        done({
          kind: 'answered',
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8'),
          ...timeOf('dateMs', Date.parse(response.headers.date ?? '')),
          ...timeOf('retryAfterMs', Number(response.headers['retry-after'] ?? 'none') * 1000),
        });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes < MAX_ANSWER_BYTES) return;
        answer();
        request.destroy();
      });
      response.on('end', answer);
      response.on('error', fail);
    });
    request.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        isSent = true;
      });
    });
    request.on('error', fail);
    request.end(body);
  });
}

/** Answers the checked addresses, whatever is asked. Node does not ask it for a host that is an address. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: ipaddr.parse(address).kind() === 'ipv6' ? 6 : 4 }));
  return (_host, options, answer) => {
    if (options.all) answer(null, all);
    else answer(null, all[0]?.address ?? '', all[0]?.family);
  };
}

function timeOf<Name extends string>(name: Name, ms: number): { readonly [Key in Name]?: number } {
  return Number.isFinite(ms) && ms >= 0 ? ({ [name]: ms } as { readonly [Key in Name]: number }) : {};
}

/** Node’s own words for TLS and sockets: without the URL. */
function wordsFor(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time';
  const { code, message } = thrown as NodeJS.ErrnoException;
  return (code ?? message ?? 'the connection broke').slice(0, 200);
}

async function orLate<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let giveUp: () => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(new BartizanError('BTZ_EGRESS_REFUSED', { host: 'the name', problem: 'no answer in time' }));
    signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function systemAddresses(host: string): Promise<readonly string[]> {
  return (await resolve(host, { all: true })).map(({ address }) => address);
}

function refusal(host: string, problem: string): BartizanError {
  return new BartizanError('BTZ_EGRESS_REFUSED', { host, problem });
}
