import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readLocalAccess } from '../src/server/data-folder.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
/** As the launcher has it. */
const COMPILED = fileURLToPath(new URL('../.cache/compile', import.meta.url));
/** As the launcher gives them to `up`. */
const FLAGS = [
  '--initial-old-space-size=256',
  '--expose-gc',
  '--enable-experimental-regexp-engine-on-excessive-backtracks',
  '--disable-warning=ExperimentalWarning',
];

/** The command line, without the launcher, which would first install and build. */
export const COMMAND: readonly string[] = [process.execPath, ...FLAGS, MAIN];

/** A centre in a process of its own, as an owner runs it, with the secret to ask it things. */
export interface RunningCentre {
  readonly process: ChildProcess;
  readonly url: string;
  /** Throws the answer's text when it is not a success. */
  ask<T>(path: string, method?: 'GET' | 'POST' | 'PUT', body?: unknown): Promise<T>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Process ids of it and all below it. */
  tree(): readonly number[];
  /** Resident bytes, summed over `tree()`; pages shared with others count in part (PSS). */
  residentBytes(): number;
  said(): string;
  /** SIGTERM and the end. */
  stop(): Promise<void>;
  /** SIGKILL, to it and nothing below it: what is below has to notice by itself. */
  kill(): Promise<void>;
}

export interface CentreStart {
  readonly folder: string;
  readonly argv?: readonly string[];
  /** Runs before the program: `ip netns exec …`. */
  readonly prefix?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command that is to end by itself. */
export function command(...argv: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const [program = '', ...rest] = COMMAND;
  return spawnSync(program, [...rest, ...argv], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
  });
}

/** Starts one and answers when it takes requests. Throws with what it said when it ends before. */
export async function runCentre({ folder, argv = [], prefix = [], env = {} }: CentreStart): Promise<RunningCentre> {
  rmSync(join(folder, 'local-access.json'), { force: true });
  const [program = '', ...rest] = [...prefix, ...COMMAND, 'up', '--data', folder, '--listen', '127.0.0.1:0', ...argv];
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said = (said + text).slice(-10_000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  while (!existsSync(join(folder, 'local-access.json')) || !readLocalAccess(folder)) {
    if (child.exitCode !== null) throw new Error(`the centre ended with ${child.exitCode}: ${said}`);
    await sleep(10);
  }
  const { url, secret } = readLocalAccess(folder) ?? { url: '', secret: '' };
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`${url}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${secret}`, ...init.headers } });
  return {
    process: child,
    url,
    fetch: request,
    said: () => said,
    async ask<T>(path: string, method: 'GET' | 'POST' | 'PUT' = 'GET', body?: unknown) {
      const answer = await request(
        path,
        body === undefined
          ? { method }
          : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
      );
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    tree: () => processTree(child.pid ?? 0),
    residentBytes: () => processTree(child.pid ?? 0).reduce((total, pid) => total + pssOf(pid), 0),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** A sender's token for that centre. */
export async function ingestToken(centre: RunningCentre, name = 'sender'): Promise<string> {
  return (await centre.ask<{ secret: string }>('/tokens', 'POST', { name })).secret;
}

/** Sends records to the ingest route with a token. */
export function send(
  centre: RunningCentre,
  token: string,
  format: string,
  body: RequestInit['body'],
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${centre.url}/api/v1/ingest/${format}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson', ...headers },
  });
}

/** Looks again and again until it finds something; fails with its name. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string | (() => string),
  timeoutMs = 20_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline)
      throw new Error(`waited ${timeoutMs} ms in vain: ${typeof what === 'string' ? what : what()}`);
    await sleep(50);
  }
}

/** A process and all below it. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended while we looked.
    }
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
}

function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
