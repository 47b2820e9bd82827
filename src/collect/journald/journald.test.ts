import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalIntake, openJournalIntake } from '../journal-intake.fixture.ts';
import { startJournald } from './index.ts';
import { cursorOf } from './journalctl.ts';

const fixture = fileURLToPath(new URL('./follow-journald.fixture.ts', import.meta.url));
const mayRun =
  existsSync('/lib/systemd/systemd-journald') &&
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/run']).status === 0;

let intake: JournalIntake;
let pathBefore: string | undefined;
beforeEach(() => {
  intake = openJournalIntake();
  pathBefore = process.env.PATH;
});
afterEach(() => {
  process.env.PATH = pathBefore;
  intake.close();
});

describe.skipIf(!mayRun)(`a real systemd-journald${mayRun ? '' : ' (skipped: needs root and systemd)'}`, () => {
  it('is followed, every entry once, over a restart of the collector', () => {
    const folder = mkdtempSync(join(tmpdir(), 'journald-'));
    const script =
      'mount -t tmpfs none /run && mkdir -p /var/log/journal && mount -t tmpfs none /var/log/journal && exec "$@"';
    const args = ['-m', 'sh', '-c', script, 'sh', process.execPath, fixture, join(folder, 'journal.db')];
    const seen = JSON.parse(execFileSync('unshare', args, { timeout: 60_000 }).toString());
    expect(seen.messages).toEqual([
      'before the first start',
      '登录 failed for "root" \\ "__CURSOR":"fake"',
      'x'.repeat(20_000),
      'while nobody looked',
      'after the restart',
    ]);
    expect(seen.whileWatching).toMatchObject({ state: 'watching', detail: '' });
    expect(seen.stopped).toBe('stopped');
    rmSync(folder, { recursive: true });
  });
});

describe('journalctl', () => {
  it.each([
    ['is missing', undefined, 'error', 'not installed'],
    [
      'may not read',
      'echo "No journal files were opened due to insufficient permissions." >&2; exit 1',
      'no_permission',
      'usermod -aG systemd-journal',
    ],
    ['fails', 'echo "Failed to open files: Bad message" >&2; exit 1', 'error', 'Bad message'],
  ])('that %s is said, and tried again', async (_name, script, state, detail) => {
    if (script) {
      writeFileSync(join(intake.folder, 'journalctl'), `#!/bin/sh\n${script}\n`);
      chmodSync(join(intake.folder, 'journalctl'), 0o755);
    }
    process.env.PATH = script ? `${intake.folder}${delimiter}${pathBefore}` : intake.folder;
    const collector = startJournald({ start: 'end' }, intake);
    await expect
      .poll(() => collector.status(), { timeout: 5_000 })
      .toMatchObject({ state, detail: expect.stringContaining(detail) });
    expect(collector.status().detail).toContain('tried again');
    await collector.stop();
    expect(collector.status().state).toBe('stopped');
    expect(intake.records()).toEqual([]);
  });

  it('that sees only this user’s own entries is said while it runs', async () => {
    const hint = 'Hint: You are currently not seeing messages from other users and the system.';
    writeFileSync(join(intake.folder, 'journalctl'), `#!/bin/sh\necho "${hint}" >&2; sleep 5\n`, { mode: 0o755 });
    process.env.PATH = `${intake.folder}${delimiter}${pathBefore}`;
    const collector = startJournald({ start: 'end' }, intake);
    await expect.poll(() => collector.status().state, { timeout: 5_000 }).toBe('no_permission');
    await collector.stop();
  });

  it('that dies in the middle of an entry is started again after the last whole one', async () => {
    const script = `case "$*" in *after-cursor=c2*) echo '{"__CURSOR":"c3","MESSAGE":"three"}'; sleep 5;;
      *) printf '{"__CURSOR":"c1","MESSAGE":"one"}\\n{"__CURSOR":"c2","MESSAGE":"two"}\\n{"__CURSOR":"c3","MES';; esac`;
    writeFileSync(join(intake.folder, 'journalctl'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(intake.folder, 'journalctl'), 0o755);
    process.env.PATH = `${intake.folder}${delimiter}${pathBefore}`;
    const collector = startJournald({ start: 'end' }, intake);
    await expect
      .poll(() => intake.records().map((record) => JSON.parse(record).MESSAGE), { timeout: 5_000 })
      .toEqual(['one', 'two', 'three']);
    await collector.stop();
    expect(intake.cursor('journald')).toEqual({ cursor: 'c3' });
  });
});

it('finds the cursor of an entry, and none that a message fakes', () => {
  expect(cursorOf('{"MESSAGE":"a \\"__CURSOR\\":\\"fake\\"","__CURSOR":"s=1;i=2"}')).toBe('s=1;i=2');
  expect(cursorOf('{"MESSAGE":"\\"__CURSOR\\":\\"fake\\""}')).toBeUndefined();
});
