import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startCentre } from '#server/centre.ts';
import { askCentre } from './centre-client.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

it('gives a scan to the running centre, which scores it and reports from it', async () => {
  const folder = mkdtempSync(join(tmpdir(), '扫描 '));
  const data = join(folder, 'data');
  const centre = await startCentre({
    dataFolder: data,
    host: '127.0.0.1',
    port: 0,
    sources: [],
    ruleFolders: [],
    respond: 'off',
    demo: false,
    version: '0',
    onProblem: () => undefined,
    onReplaced: () => undefined,
  });
  try {
    writeFileSync(join(folder, 'main.tf'), `resource "alicloud_oss_bucket" "photos" {\n  acl = "public-read"\n}\n`);
    // Not waited for in one go: this process is the one that answers.
    const run = (...options: readonly string[]) =>
      new Promise<number | null>((resolve) => {
        spawn(process.execPath, [main, ...options], { stdio: 'ignore' }).once('exit', resolve);
      });
    expect(await run('scan', folder, '--record', '--data', data)).toBe(1);
    const { targets } = await askCentre<{
      targets: { scan: { target: string; score: number; counts: { fail: number } } }[];
    }>(data, 'GET', '/posture/score');
    expect(targets).toHaveLength(1);
    expect(targets[0]?.scan.target).toBe(folder);
    expect(targets[0]?.scan.counts.fail).toBeGreaterThan(0);
    expect(targets[0]?.scan.score).toBeLessThan(100);
    expect(await run('report', 'djbp-2.0-level-2', '--data', data, '--out', join(folder, 'a.html'))).toBe(0);
  } finally {
    await centre.stop();
    rmSync(folder, { recursive: true });
  }
}, 60_000);
