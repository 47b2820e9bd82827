import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('the launcher says in one line who has to start it first, where its folder cannot be written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'launcher 启动 '));
  const launcher = join(folder, 'bartizan');
  try {
    copyFileSync(fileURLToPath(new URL('../../bartizan', import.meta.url)), launcher);
    // Nobody can make a folder of it, not even root.
    writeFileSync(join(folder, '.cache'), '');
    const { status, stdout, stderr } = spawnSync(launcher, ['up'], { encoding: 'utf8' });
    expect(stderr).toMatch(/^bartizan: [^\n]* cannot write to [^\n]*\.cache; start it once as the owner[^\n]*\n$/);
    expect(stderr).toContain(folder);
    expect([status, stdout]).toEqual([2, '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
