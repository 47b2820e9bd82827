import type { OcsfEndpoint } from '#model/event.ts';
import { toAddress } from './address.ts';

/** An address goes to `ip`, anything else that is not empty to `hostname`. */
export function endpointOf(host: string | undefined, port?: number): OcsfEndpoint | undefined {
  if (host === undefined || host === '') return undefined;
  const ip = toAddress(host);
  return ip === undefined ? { hostname: host, port } : { ip, port };
}
