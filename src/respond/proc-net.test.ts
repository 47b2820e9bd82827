import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFibTrie, parseIfInet6, parseIpv6Route, parseResolvConf, parseRoute, parseTcpTable } from './proc-net.ts';

const texts = (ranges: readonly { readonly text: string }[]): string[] => ranges.map(({ text }) => text);

describe('the tables of /proc/net', () => {
  test('established connections are told from listening sockets, mapped addresses are IPv4', () => {
    const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 74070 1 0000 100 0 0 10 0
   1: 017100CB:0016 097100CB:C3CA 01 00000000:00000000 02:0009F2B5 00000000     0        0 73233 4 0000 20 4 31 10 -1
`;
    expect(parseTcpTable(tcp).map(({ remote, ...rest }) => ({ remote: remote.text, ...rest }))).toEqual([
      { remote: '203.0.113.9', localPort: 22, inode: 73233 },
    ]);
    const tcp6 = `   0: 0000000000000000FFFF0000017100CB:0016 0000000000000000FFFF0000097100CB:C3CA 01 00000000:00000000 00:00000000 00000000     0        0 7 1
   1: B80D01200000AD0B0000000001000000:0016 B80D01200000AD0B0000000009000000:C3CA 01 00000000:00000000 02:000A3B1C 00000000     0        0 8 1`;
    expect(texts(parseTcpTable(tcp6).map(({ remote }) => remote))).toEqual(['203.0.113.9', '2001:db8:bad::9']);
  });

  test('gateways are read, directly connected networks are not', () => {
    const route = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;
    expect(texts(parseRoute(route))).toEqual(['10.0.0.1']);
    const route6 = `fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0`;
    expect(texts(parseIpv6Route(route6))).toEqual(['fd00::1']);
  });

  test('name servers are read, with comments, zones and rubbish around them', () => {
    const text =
      '# nameserver 9.9.9.9\nnameserver 100.100.2.136\n nameserver\tfe80::1%eth0\nnameserver none\nsearch x\n';
    expect(texts(parseResolvConf(text))).toEqual(['100.100.2.136', 'fe80::1']);
  });

  test('the addresses of this machine are those that Node sees', () => {
    const own = new Set([
      ...texts(parseFibTrie(readFileSync('/proc/net/fib_trie', 'latin1'))),
      ...texts(parseIfInet6(readFileSync('/proc/net/if_inet6', 'latin1'))),
    ]);
    const seen = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    expect(seen.length).toBeGreaterThan(0);
    for (const { address } of seen) expect(own).toContain(address);
  });

  test('no text makes a parser throw', () => {
    const line = fc.stringMatching(/^[0-9A-F:. |/a-z-]{0,80}$/);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(line).map((lines) => lines.join('\n')),
        ),
        (text) => {
          for (const parse of [
            parseFibTrie,
            parseIfInet6,
            parseIpv6Route,
            parseResolvConf,
            parseRoute,
            parseTcpTable,
          ]) {
            expect(Array.isArray(parse(text))).toBe(true);
          }
        },
      ),
    );
  });
});
