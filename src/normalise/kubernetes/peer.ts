import { toAddress } from '../address.ts';

/**
 * Who stands behind a request. The list holds what `X-Forwarded-For` claimed, in its order, and the connection’s peer
 * last; all but the last may be invented by the client, so the last is taken. Where that is a proxy on the same machine
 * the one before it is, which the proxy has written.
 */
export function peerOf(sourceIps: unknown): string | undefined {
  if (typeof sourceIps === 'string') return sourceIps;
  if (!Array.isArray(sourceIps)) return undefined;
  const addresses = sourceIps.slice(-MOST).filter((item): item is string => typeof item === 'string');
  const last = addresses.at(-1);
  if (addresses.length < 2 || last === undefined || !isLoopback(last)) return last;
  return addresses.at(-2);
}

const MOST = 16;

function isLoopback(address: string): boolean {
  const read = toAddress(address);
  return read === '::1' || read?.startsWith('127.') === true;
}
