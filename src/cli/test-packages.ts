import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Debian packages that suites run for real, and what for. */
const PACKAGES: Readonly<Record<string, string>> = {
  nftables: 'blocking in the kernel',
  iproute2: 'network namespaces',
  'openssh-server': 'a real SSH server',
  'openssh-client': 'a real SSH client',
  sshpass: 'signing in over SSH',
  hydra: 'a real password guesser',
  nginx: 'real access logs',
  auditd: 'real audit records',
  rsyslog: 'a real syslog daemon',
  bsdutils: 'logger(1)',
  postgresql: 'the PostgreSQL state store',
  logrotate: 'log rotation',
  openssl: 'certificates for syslog over TLS',
  procps: 'looking at processes',
  faketime: 'a clock that is stepped',
  chromium: 'the console in a browser',
  'fonts-noto-cjk': 'Chinese text in the browser',
};
const POLICY = '/usr/sbin/policy-rc.d';
/** Asked by Debian's packages before they start a service: 101 is no. */
const START_NOTHING = '#!/bin/sh\nexit 101\n';

/**
 * Installs what the suites need and is not there (as root on Debian or Ubuntu), without starting any service of it.
 *
 * @returns one line for each package that is still missing.
 */
export function installTestPackages(print: (line: string) => void): readonly string[] {
  if (!isThere('dpkg-query')) return ['this is neither Debian nor Ubuntu: suites skip what they miss'];
  const missing = missingPackages();
  if (missing.length === 0) return [];
  if (process.getuid?.() === 0 && isThere('apt-get')) {
    print(`Installing what the tests need: ${missing.join(' ')} …`);
    withoutStartingServices(() => {
      aptGet(['update', '-q']);
      // One at a time where all at once fails: one that this release does not have must not cost the others.
      if (!aptGet(['install', ...missing])) for (const name of missing) aptGet(['install', name]);
    });
  }
  return missingPackages().map(
    (name) => `${name} is not installed: tests that need it (${PACKAGES[name]}) are skipped`,
  );
}

function missingPackages(): readonly string[] {
  return Object.keys(PACKAGES).filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
    return stdout !== 'installed';
  });
}

function aptGet(args: readonly string[]): boolean {
  const { status } = spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return status === 0;
}

function withoutStartingServices(work: () => void): void {
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, START_NOTHING, { mode: 0o755 });
  try {
    work();
  } finally {
    if (isOurs) rmSync(POLICY, { force: true });
  }
}

function isThere(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}
