import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Action } from '#model/action.ts';
import { startCentre } from '#server/centre.ts';
import { newAccount, READ_KEY, serveAccount, WRITE_KEY } from '#server/repairs.fixture.ts';
import { askCentre } from './centre-client.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const FINDING = 'oss-bucket-not-public/shop-photos';

it('mends what a recorded scan found, on the running centre, and takes it back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'btz-cloud-repair-'));
  const data = join(folder, 'data');
  const account = newAccount();
  const wire = await serveAccount(account);
  process.env['ALIBABA_CLOUD_ACCESS_KEY_ID'] = READ_KEY;
  process.env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] = 'wire-test-secret';
  process.env['BARTIZAN_REPAIR_ALIBABA_CLOUD_ACCESS_KEY_ID'] = WRITE_KEY;
  process.env['BARTIZAN_REPAIR_ALIBABA_CLOUD_ACCESS_KEY_SECRET'] = 'wire-test-secret';
  const centre = await startCentre({
    dataFolder: data,
    host: '127.0.0.1',
    port: 0,
    sources: [],
    ruleFolders: [],
    respond: 'ask',
    demo: false,
    version: '0',
    cloudEndpointBase: wire.url,
    onProblem: () => undefined,
    onReplaced: () => undefined,
  });
  const run = (...options: readonly string[]) =>
    new Promise<{ code: number | null; said: string }>((resolve) => {
      const child = spawn(process.execPath, [main, 'cloud', ...options, '--data', data]);
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString('utf8');
        });
      child.once('close', (code) => resolve({ code, said }));
    });
  try {
    const scan = ['scan', '--provider', 'alicloud', '--region', 'cn-shanghai', '--endpoint-base', wire.url];
    // Parts of this small account cannot be read.
    expect((await run(...scan, '--no-progress', '--record')).code).toBe(2);

    const shown = await run('repair', FINDING, '--lang', 'en');
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.said).toContain('acl: public-read → private');
    expect(shown.said).toContain('x-oss-acl=private');
    expect(account.acl).toBe('public-read');
    expect((await askCentre<{ items: Action[] }>(data, 'GET', '/actions')).items).toEqual([]);

    expect(await run('repair', FINDING, '--apply')).toMatchObject({ code: 0 });
    expect(account.acl).toBe('private');
    expect(wire.writes).toEqual([{ call: 'PUT oss ?acl', key: WRITE_KEY }]);

    expect((await run('repair', FINDING, '--undo')).said).toContain('undone');
    expect(account.acl).toBe('public-read');
    expect((await run('repair', FINDING, '--undo')).code).toBe(2);

    // Asked by one, answered by another, with the buttons that all actions have.
    expect((await run('repair', FINDING, '--ask')).said).toContain('asked');
    const { items } = await askCentre<{ items: Action[] }>(data, 'GET', '/actions?verb=repair&state=asked');
    await expect(askCentre(data, 'POST', `/actions/${items[0]?.id}/undo`).then(() => 'undone')).rejects.toMatchObject({
      code: 'BTZ_ACTION_STATE',
    });
    const done = await askCentre<Action>(data, 'POST', `/actions/${items[0]?.id}/approve`);
    expect(done).toMatchObject({ state: 'done', approvedBy: 'cli', repair: { verdict: 'pass' } });
    expect(await run('repair', 'oss-bucket-not-public/another')).toMatchObject({ code: 2 });
    expect((await run('repair', 'oss-bucket-not-public/another', FINDING)).said).toContain('BTZ_REPAIR_NOT_NEEDED');
    const kinds = await askCentre<{ items: { id: string }[] }>(data, 'GET', '/posture/repairs');
    expect(kinds.items.map(({ id }) => id)).toContain('bucket-acl');
  } finally {
    await centre.stop();
    await wire.stop();
    rmSync(folder, { recursive: true });
  }
}, 90_000);
