import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Debian packages that the benches can use, and the program or file that each brings. */
const BROUGHT_BY = {
  fail2ban: 'fail2ban-server',
  iptables: 'iptables',
  nftables: 'nft',
  'python3-pyinotify': '/usr/lib/python3/dist-packages/pyinotify.py',
  crowdsec: 'crowdsec',
  'crowdsec-firewall-bouncer': 'crowdsec-firewall-bouncer',
} as const;

type PeerPackage = keyof typeof BROUGHT_BY;

/** @returns what to say and install if a package is missing, else `undefined`. */
export function whyNot(...needed: readonly PeerPackage[]): string | undefined {
  const missing = needed.filter((name) => !isThere(BROUGHT_BY[name]));
  if (missing.length === 0) return undefined;
  return `not installed here: ${missing.join(', ')} (apt-get install --no-install-recommends ${missing.join(' ')})`;
}

function isThere(program: string): boolean {
  const paths = program.startsWith('/')
    ? [program]
    : (process.env.PATH ?? '').split(':').map((dir) => join(dir, program));
  return paths.some((path) => {
    try {
      accessSync(path, constants.R_OK);
      return true;
    } catch {
      return false;
    }
  });
}
