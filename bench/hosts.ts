import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { atEnd } from './ending.ts';

const SERVER_ADDRESS = '203.0.113.1';
let built = 0;

/** A server and an attacker in network namespaces of their own, with one wire between them. Needs root. */
export interface Hosts {
  readonly server: string;
  readonly attacker: string;
  readonly serverAddress: string;
  /** What goes before a command that is to run there. */
  inside(namespace: string): readonly string[];
  /** Starts a program there; its standard error is ours. */
  run(namespace: string, ...argv: readonly string[]): ChildProcess;
  /** Ends whatever still runs in them, and them. */
  remove(): void;
}

/** @param addresses how many the attacker has, from `attackerAddress(0)` on; at most 240. */
export function buildHosts(addresses: number): Hosts {
  const tag = `bzl${process.pid}-${++built}`;
  const [server, attacker] = [`${tag}s`, `${tag}a`];
  const inside = (namespace: string) => ['ip', 'netns', 'exec', namespace];
  const remove = () => {
    for (const namespace of [server, attacker]) {
      const { stdout } = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
      for (const pid of stdout.split('\n').filter(Boolean)) endHard(Number(pid));
      spawnSync('ip', ['netns', 'del', namespace]);
    }
  };
  atEnd(remove);
  try {
    connect(server, attacker, addresses);
  } catch (thrown) {
    remove();
    throw thrown;
  }
  return {
    server,
    attacker,
    serverAddress: SERVER_ADDRESS,
    inside,
    remove,
    run(namespace, ...argv) {
      const [command = '', ...rest] = [...inside(namespace), ...argv];
      return spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    },
  };
}

export function attackerAddress(index: number): string {
  return `203.0.113.${index + 10}`;
}

function connect(server: string, attacker: string, addresses: number): void {
  const ip = (...argv: string[]) => execFileSync('ip', argv, { stdio: 'pipe' });
  for (const namespace of [server, attacker]) {
    ip('netns', 'add', namespace);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  }
  ip('-n', server, 'link', 'add', 'wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', attacker);
  ip('-n', server, 'addr', 'add', `${SERVER_ADDRESS}/24`, 'dev', 'wire');
  for (let index = 0; index < addresses; index++)
    ip('-n', attacker, 'addr', 'add', `${attackerAddress(index)}/24`, 'dev', 'wire');
  for (const namespace of [server, attacker]) ip('-n', namespace, 'link', 'set', 'wire', 'up');
}

function endHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
