import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdminSession, LockoutGuard } from './guard.ts';
import { readLogins } from './logins.ts';
import { parseFibTrie, parseIfInet6, parseIpv6Route, parseResolvConf, parseRoute } from './proc-net.ts';
import { readSshSessions } from './ssh-sessions.ts';
import { type IpRange, readTarget } from './target.ts';

export interface GuardFactsOptions {
  /** Console sessions used within the last 24 h: `state.sessions.activeSince(nowMs - ADMIN_SESSION_MS)`. */
  readonly consoleSessions: (
    sinceMs: number,
  ) => Promise<readonly { readonly address: string; readonly createdMs: number }[]>;
  /** Addresses and ranges that the owner listed. */
  readonly allowList: () => Promise<readonly string[]> | readonly string[];
  readonly clock: () => number;
  readonly proc?: string;
  readonly run?: string;
  readonly resolvConf?: string;
  /** Network tables of the namespace that is guarded. */
  readonly procNet?: string;
}

/** How long an administrator's address stays protected after the session was last seen. */
export const ADMIN_SESSION_MS = 24 * 3_600_000;
/** Metadata of Alibaba Cloud, outside link-local: a server that loses it loses its time, keys and packages. */
const CLOUD_METADATA = ['100.100.100.200', 'fd00:ec2::254'];
const MAX_REMEMBERED = 10_000;

/**
 * Makes the function that looks up, each time anew, what a block must leave alone. Everything comes from files; no
 * program is started. It remembers SSH sessions that it has seen for 24 h, so that an administrator who left for lunch
 * and then mistypes is not locked out; call it every few seconds.
 */
export function createGuardFacts(options: GuardFactsOptions): () => Promise<LockoutGuard> {
  const { proc = '/proc', run = '/run', resolvConf = '/etc/resolv.conf', clock } = options;
  const procNet = options.procNet ?? join(proc, 'net');
  const net = (name: string): string => readWhenThere(join(procNet, name));
  const remembered = new Map<string, AdminSession & { readonly lastSeenMs: number }>();

  return async () => {
    const nowMs = clock();
    const console = await options.consoleSessions(nowMs - ADMIN_SESSION_MS);
    remember(remembered, [...readSshSessions(proc), ...readLogins(proc, run)], nowMs);
    return {
      ownAddresses: [...parseFibTrie(net('fib_trie')), ...parseIfInet6(net('if_inet6'))],
      gateways: [...parseRoute(net('route')), ...parseIpv6Route(net('ipv6_route'))],
      nameServers: [...parseResolvConf(readWhenThere(resolvConf)), ...rangesOf(CLOUD_METADATA)],
      adminSessions: [
        ...console.flatMap(({ address, createdMs }): AdminSession[] =>
          rangesOf([address]).map((range) => ({ address: range, kind: 'console', sinceMs: createdMs, live: true })),
        ),
        ...remembered.values(),
      ],
      allowList: rangesOf(await options.allowList()),
    };
  };
}

function remember(
  remembered: Map<string, AdminSession & { readonly lastSeenMs: number }>,
  present: readonly { readonly address: IpRange; readonly user: string; readonly port?: number }[],
  nowMs: number,
): void {
  for (const [key, session] of remembered) {
    if (nowMs - session.lastSeenMs > ADMIN_SESSION_MS) remembered.delete(key);
    else if (session.live) remembered.set(key, { ...session, live: false });
  }
  // One address may have come in by several ports; login records know of none.
  const known = new Map<string, number[]>();
  for (const { address, port } of present)
    if (port !== undefined) known.set(address.text, [...(known.get(address.text) ?? []), port]);
  for (const { address, user } of present) {
    const before = remembered.get(address.text);
    const sinceMs = before?.sinceMs ?? nowMs;
    const ports = known.get(address.text) ?? before?.ports;
    remembered.delete(address.text);
    remembered.set(address.text, { address, user, ports, kind: 'ssh', sinceMs, live: true, lastSeenMs: nowMs });
  }
  // Oldest first; live ones were just put last.
  for (const key of remembered.keys()) {
    if (remembered.size <= MAX_REMEMBERED) break;
    remembered.delete(key);
  }
}

function rangesOf(texts: readonly string[]): IpRange[] {
  return texts.flatMap((text) => readTarget(text) ?? []);
}

function readWhenThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // No IPv6, no routes, no resolver: then there is nothing of that kind to protect.
    return '';
  }
}
