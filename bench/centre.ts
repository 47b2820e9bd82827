import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readLocalAccess } from '../src/server/data-folder.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** A centre in a process of its own, as an owner runs it, with the secret to ask it things. */
export interface BenchCentre {
  readonly process: ChildProcess;
  ask<T>(path: string): Promise<T>;
  /** Resident bytes, summed over the process and all below it; shared pages count once per process (PSS). */
  residentBytes(): number;
  said(): string;
  stop(): Promise<void>;
}

export async function startBenchCentre(
  folder: string,
  argv: readonly string[],
  prefix: readonly string[] = [],
): Promise<BenchCentre> {
  const command = [
    ...prefix,
    process.execPath,
    '--enable-experimental-regexp-engine-on-excessive-backtracks',
    MAIN,
    'up',
    '--data',
    folder,
    '--listen',
    '127.0.0.1:0',
    ...argv,
  ];
  const child = spawn(command[0] as string, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said = (said + text).slice(-10_000)));
  while (!existsSync(join(folder, 'local-access.json'))) {
    if (child.exitCode !== null) throw new Error(`the centre ended: ${said}`);
    await sleep(10);
  }
  const { url, secret } = readLocalAccess(folder) ?? { url: '', secret: '' };
  return {
    process: child,
    said: () => said,
    async ask<T>(path: string) {
      const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${secret}` } });
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()) as T;
    },
    residentBytes: () => treeOf(child.pid ?? 0).reduce((total, pid) => total + pssOf(pid), 0),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

function treeOf(root: number): readonly number[] {
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
