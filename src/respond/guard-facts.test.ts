import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNotBlock } from './guard.ts';
import { ADMIN_SESSION_MS, createGuardFacts } from './guard-facts.ts';
import { readSshSessions, type SshProcess, sessionsOf } from './ssh-sessions.ts';
import { parseTarget } from './target.ts';
import { ADDRESSES, createTestNetwork, type TestNetwork, whyNoNamespaces } from './testing/namespaces.ts';

const reason = whyNoNamespaces() ?? (existsSync('/usr/sbin/sshd') ? undefined : 'needs the package openssh-server');

describe.skipIf(reason !== undefined)(`a real sshd${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let network: TestNetwork;
  let folder: string;
  let sshd: ChildProcess;

  beforeAll(async () => {
    network = createTestNetwork();
    folder = mkdtempSync(join(tmpdir(), 'btz-sshd-'));
    chmodSync(folder, 0o755);
    mkdirSync('/run/sshd', { recursive: true });
    for (const key of ['host', 'user']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
    }
    chmodSync(join(folder, 'user.pub'), 0o644);
    writeFileSync(
      join(folder, 'config'),
      [
        'Port 22',
        `HostKey ${join(folder, 'host')}`,
        `AuthorizedKeysFile ${join(folder, 'user.pub')}`,
        'StrictModes no',
        'PermitRootLogin yes',
        'UsePAM no',
        'PidFile none',
        'PasswordAuthentication yes',
      ].join('\n'),
    );
    sshd = network.start(network.server, ['/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'config')]);
    // It says `Server listening` on its error output.
    if (sshd.stderr) await once(sshd.stderr, 'data');
  });
  afterAll(async () => {
    await network?.remove();
    if (folder) rmSync(folder, { recursive: true });
  });

  const ssh = (namespace: string, host: string, ...args: readonly string[]): ChildProcess =>
    network.start(namespace, [
      'ssh',
      '-F',
      'none',
      '-i',
      join(folder, 'user'),
      ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'ConnectTimeout=5'].flatMap(
        (option) => ['-o', option],
      ),
      ...args,
      `root@${host}`,
      ...(args.includes('-N') ? [] : ['sleep 60']),
    ]);
  const addresses = (): string[] => [...new Set(readSshSessions().map(({ address }) => address.text))].sort();
  const ours = (): string[] => addresses().filter((text) => (Object.values(ADDRESSES) as string[]).includes(text));
  const factsWith = (clock: () => number) =>
    createGuardFacts({ consoleSessions: async () => [], allowList: () => [], clock, procNet: `/proc/${sshd.pid}/net` });

  test('a root session counts, with and without a terminal or a command; connections that guess do not', async () => {
    // Three who are not in: one says nothing, one has sent a name and is being asked, one stands at the banner.
    const silent = network.talk(network.attacker, ADDRESSES.server4, 22);
    expect(await silent.event()).toBe('connected');
    const guessing = network.start(network.attacker, [
      'sshpass',
      '-p',
      'wrong',
      '-P',
      'never asked',
      'ssh',
      '-F',
      'none',
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'PubkeyAuthentication=no',
      `root@${ADDRESSES.server6}`,
    ]);
    ssh(network.admin, ADDRESSES.serverForAdmin4);
    await expect.poll(ours, { timeout: 10_000 }).toEqual([ADDRESSES.admin4]);
    const tunnel = ssh(network.admin, ADDRESSES.serverForAdmin6, '-N');
    await expect.poll(ours, { timeout: 10_000 }).toEqual([ADDRESSES.admin4, ADDRESSES.admin6].sort());
    expect(guessing.exitCode).toBeNull();
    expect(readSshSessions().find(({ address }) => address.text === ADDRESSES.admin4)?.user).toBe('root');

    let nowMs = Date.UTC(2026, 0, 1);
    const facts = factsWith(() => nowMs);
    const guard = await facts();
    expect(whyNotBlock(parseTarget(ADDRESSES.admin4), guard)?.code).toBe('BTZ_BLOCK_ADMIN_SESSION');
    expect(whyNotBlock(parseTarget('198.51.0.0/16'), guard)).toBeDefined();
    expect(whyNotBlock(parseTarget(ADDRESSES.server4), guard)?.code).toBe('BTZ_BLOCK_OWN_ADDRESS');
    expect(whyNotBlock(parseTarget(ADDRESSES.server6), guard)?.code).toBe('BTZ_BLOCK_OWN_ADDRESS');
    expect(whyNotBlock(parseTarget(ADDRESSES.attacker4), guard)).toBeUndefined();
    expect(whyNotBlock(parseTarget(ADDRESSES.attacker6), guard)).toBeUndefined();

    tunnel.kill();
    await expect.poll(ours, { timeout: 10_000 }).toEqual([ADDRESSES.admin4]);
    nowMs += 3_600_000;
    const later = (await facts()).adminSessions.find(({ address }) => address.text === ADDRESSES.admin6);
    expect(later).toMatchObject({ live: false, sinceMs: Date.UTC(2026, 0, 1) });
    nowMs += ADMIN_SESSION_MS;
    expect(whyNotBlock(parseTarget(ADDRESSES.admin6), await facts())).toBeUndefined();
    expect(whyNotBlock(parseTarget(ADDRESSES.admin4), await facts())).toBeDefined();
  });
});

describe('sessionsOf', () => {
  const remote = parseTarget('198.51.100.7');
  const connection = { localPort: 22, remote, inode: 5 };
  const monitor: SshProcess = { pid: 1, parent: 0, title: 'sshd: li [priv]', uid: 0, isSandboxed: false, inodes: [5] };
  const users = (...processes: readonly SshProcess[]): string[] =>
    sessionsOf([connection], processes).map(({ user }) => user);

  test('a user is in when a child of the monitor runs under the user’s own account', () => {
    const child = { ...monitor, pid: 2, parent: 1, uid: 1001 };
    expect(users(monitor, { ...child, title: 'sshd: li@pts/3' })).toEqual(['li']);
    expect(users(monitor, { ...child, title: 'sshd-session: li@notty' })).toEqual(['li']);
    expect(users(monitor, { ...child, title: 'sshd: li' })).toEqual(['li']);
  });

  test('nobody is in before the password was right', () => {
    const net = { ...monitor, pid: 2, parent: 1, uid: 102, isSandboxed: true, title: 'sshd: li [net]' };
    expect(users(monitor, net)).toEqual([]);
    expect(users(monitor)).toEqual([]);
    expect(users({ ...monitor, title: 'sshd: [accepted]' })).toEqual([]);
    expect(users({ ...monitor, title: 'sshd: unknown [priv]' }, { ...net, title: 'sshd: unknown [net]' })).toEqual([]);
    expect(users({ ...monitor, title: 'sshd: li [pam]' })).toEqual([]);
    expect(users({ ...monitor, title: 'sshd: /usr/sbin/sshd -D [listener] 2 of 10-100 startups' })).toEqual([]);
  });

  test('a local user cannot protect an attacker by naming a process sshd', () => {
    expect(users({ ...monitor, pid: 9, parent: 8, uid: 1001, title: 'sshd: root@pts/0' })).toEqual([]);
  });
});

test('what the guard knows comes from everywhere: console, allow list, name servers, this machine', async () => {
  const facts = createGuardFacts({
    consoleSessions: async (sinceMs) => (sinceMs === 1 ? [{ address: '::ffff:198.51.100.20', createdMs: 5 }] : []),
    allowList: () => ['198.18.7.0/24'],
    clock: () => ADMIN_SESSION_MS + 1,
  });
  const guard = await facts();
  expect(whyNotBlock(parseTarget('198.51.100.20'), guard)?.code).toBe('BTZ_BLOCK_ADMIN_SESSION');
  expect(whyNotBlock(parseTarget('198.18.7.1'), guard)?.code).toBe('BTZ_BLOCK_ALLOW_LISTED');
  expect(whyNotBlock(parseTarget('100.100.100.200'), guard)?.code).toBe('BTZ_BLOCK_GATEWAY');
  expect(guard.ownAddresses.map(({ text }) => text)).toContain('127.0.0.1');
});
