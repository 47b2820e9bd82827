import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { parseTarget } from '../../target.ts';
import { countConnections } from './connections.ts';

test.each([
  ['127.0.0.1', '127.0.0.1', '127.0.0.0/8'] as const,
  // Without IPv6 there is no dual-stack socket to look at.
  ...(hasIpv6() ? [['::', '127.0.0.1', '127.0.0.0/30'] as const] : []),
])('connections to a server on %s from %s are counted, by address and by range', async (listen, from, range) => {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, listen);
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, from);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  await once(client, 'connect');
  // Both ends are on this machine.
  expect(await countConnections('/proc/self/net', parseTarget(from))).toBeGreaterThanOrEqual(2);
  expect(await countConnections('/proc/self/net', parseTarget(range))).toBeGreaterThanOrEqual(2);
  expect(await countConnections('/proc/self/net', parseTarget('203.0.113.9'))).toBe(0);
  expect(await countConnections('/proc/self/net', parseTarget('203.0.113.0/24'))).toBe(0);
});

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ family }) => family === 'IPv6'));
}
