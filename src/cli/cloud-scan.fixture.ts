import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/**
 * The command as people run it, with credentials from the environment only and a home of its own.
 *
 * @param fixed variables of the environment that keep it from asking the machine it runs on
 */
export function commandOf(provider: string, fixed: Readonly<Record<string, string>>) {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bartizan-cloud-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  return async (argv: readonly string[], keys: Readonly<Record<string, string>> = {}) => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), 'cloud', 'scan', '--provider', provider, ...argv],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'], HOME: folder, LANG: 'en_US.UTF-8', ...fixed, ...keys },
      },
    );
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { status, out, err };
  };
}
