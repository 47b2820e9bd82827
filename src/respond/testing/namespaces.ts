import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync } from 'node:fs';

/** Why tests that need the kernel cannot run here; undefined when they can. */
export function whyNoNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  for (const [program, pack] of [
    ['/usr/sbin/nft', 'nftables'],
    ['/usr/sbin/ip', 'iproute2'],
  ] as const) {
    try {
      accessSync(program);
    } catch {
      return `needs the package ${pack}`;
    }
  }
  try {
    ip('netns', 'add', `btz-try-${process.pid}`);
    ip('netns', 'del', `btz-try-${process.pid}`);
    return undefined;
  } catch {
    return 'network namespaces are not allowed here';
  }
}

export interface TestNetwork {
  readonly server: string;
  readonly attacker: string;
  readonly admin: string;
  /** Starts a program inside a namespace; it is stopped with the network. */
  start(namespace: string, command: readonly string[]): ChildProcess;
  /** A connection to the server, by a real process inside the namespace. */
  talk(namespace: string, host: string, port: number): Talker;
  /** An echo server in the server's namespace, on IPv4 and IPv6. */
  serve(port: number): Promise<void>;
  nft(...args: readonly string[]): string;
  remove(): Promise<void>;
}

export const ADDRESSES = {
  attacker4: '203.0.113.9',
  attacker6: '2001:db8:bad::9',
  admin4: '198.51.100.7',
  admin6: '2001:db8:a::7',
  server4: '203.0.113.1',
  server6: '2001:db8:bad::1',
  serverForAdmin4: '198.51.100.1',
  serverForAdmin6: '2001:db8:a::1',
} as const;

let made = 0;

/** Three namespaces: a server with a wire to an attacker (203.0.113.9) and one to its administrator (198.51.100.7). */
export function createTestNetwork(): TestNetwork {
  const tag = `btz${process.pid.toString(36)}${(made++).toString(36)}`;
  const names = { server: `${tag}-s`, attacker: `${tag}-x`, admin: `${tag}-m` };
  const children: ChildProcess[] = [];
  for (const name of Object.values(names)) {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  wire(
    names.server,
    names.attacker,
    'x',
    ['203.0.113.1/24', '2001:db8:bad::1/64'],
    ['203.0.113.9/24', '2001:db8:bad::9/64'],
  );
  wire(
    names.server,
    names.admin,
    'm',
    ['198.51.100.1/24', '2001:db8:a::1/64'],
    ['198.51.100.7/24', '2001:db8:a::7/64'],
  );

  const start = (namespace: string, command: readonly string[]): ChildProcess => {
    const child = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['pipe', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };
  return {
    ...names,
    start,
    talk: (namespace, host, port) => talkerOf(start(namespace, [process.execPath, '-e', TALK, host, String(port)])),
    async serve(port) {
      const child = start(names.server, [process.execPath, '-e', SERVE, String(port)]);
      await once(child.stdout ?? child, 'data');
    },
    nft: (...args) => run('ip', ['netns', 'exec', names.server, 'nft', ...args]),
    async remove() {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      for (const name of Object.values(names)) ip('netns', 'del', name);
    },
  };
}

export interface Talker {
  /** Sends a word and waits for its echo. @returns false when none came in time. */
  echo(word: string, timeoutMs?: number): Promise<boolean>;
  /** Waits for `connected`, `closed` or `error …`; undefined when nothing came in time. */
  event(timeoutMs?: number): Promise<string | undefined>;
}

function talkerOf(child: ChildProcess): Talker {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const waitFor = async (pattern: RegExp, timeoutMs: number): Promise<string | undefined> => {
    const end = performance.now() + timeoutMs;
    while (performance.now() < end) {
      const found = pattern.exec(text);
      if (found) {
        text = text.replace(found[0], '');
        return found[0];
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return undefined;
  };
  return {
    async echo(word, timeoutMs = 2_000) {
      child.stdin?.write(`${word}\n`);
      return (await waitFor(new RegExp(`${word}\n`), timeoutMs)) !== undefined;
    },
    event: (timeoutMs = 3_000) => waitFor(/connected|closed|error \w+/, timeoutMs),
  };
}

const SERVE = `require('net').createServer((s) => { s.pipe(s); s.on('error', () => {}); })
  .listen({ port: +process.argv[1], host: '::' }, () => console.log('listening'));`;
const TALK = `const s = require('net').connect({ host: process.argv[1], port: +process.argv[2] });
  s.on('connect', () => console.log('connected')).on('close', () => console.log('closed'))
   .on('error', (e) => console.log('error', e.code)).pipe(process.stdout); process.stdin.pipe(s);`;

function wire(
  server: string,
  peer: string,
  suffix: string,
  serverAddresses: readonly string[],
  peerAddresses: readonly string[],
): void {
  ip('-n', server, 'link', 'add', `to-${suffix}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', peer);
  for (const [name, device, addresses] of [
    [server, `to-${suffix}`, serverAddresses],
    [peer, 'eth0', peerAddresses],
  ] as const) {
    for (const address of addresses) {
      ip('-n', name, 'addr', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []));
    }
    ip('-n', name, 'link', 'set', device, 'up');
  }
}

function ip(...args: readonly string[]): void {
  run('ip', args);
}

function run(program: string, args: readonly string[]): string {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  return execFileSync(program, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });
}
