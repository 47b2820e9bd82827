import { type ChildProcess, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../centre.ts';
import { buildWorld, type World, whyNoWorld } from './world.ts';

const why = whyNoWorld();
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BARTIZAN = join(ROOT, 'bartizan');

describe.skipIf(why !== undefined)(`the loop, on a real attack${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  let world: World;
  let centre: ChildProcess;
  let browser: Browser;
  let page: Page;
  let setupUrl = '';
  let said = '';
  let administrator: ChildProcess;
  const dataFolder = () => join(world.folder, '数据 data');

  beforeAll(async () => {
    world = await buildWorld();
    // The administrator is on the server over SSH before anything happens.
    administrator = world.on(
      'admin',
      'sshpass',
      '-p',
      world.password,
      'ssh',
      '-tt',
      ...SSH_OPTIONS,
      `keeper@${world.address.serverForAdmin}`,
    );
    await answersOn(administrator, 'hello');
    centre = world.on(
      'server',
      BARTIZAN,
      'up',
      '--only',
      '--watch',
      `${world.authLog}:syslog`,
      '--data',
      dataFolder(),
      '--respond',
      'auto',
      '--listen',
      '127.0.0.1:8787',
    );
    for (const stream of [centre.stdout, centre.stderr])
      stream?.on('data', (text: Buffer) => (said += text.toString()));
    setupUrl = (
      await until(() => /http\S+\/setup#token=\S+/.exec(said), `the link is printed; it said: ${said}`, 120_000)
    )[0];
    browser = await chromium.launch({
      executablePath: chromiumOn(world),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    centre?.kill('SIGTERM');
    await world?.destroy();
  });

  it('lets the owner make the administrator with the one-time link, once', async () => {
    await page.goto(setupUrl);
    await page.getByTestId('setup-name').fill('店主');
    await page.getByTestId('setup-password').fill('correct horse battery');
    await page.getByTestId('setup-submit').click();
    await page.getByTestId('nav-alerts').waitFor();
    const status = await page.evaluate(
      async (token) =>
        (
          await fetch('/api/v1/setup', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ token, name: 'mallory', password: 'correct horse battery' }),
          })
        ).status,
      setupUrl.split('token=')[1],
    );
    expect(status).toBe(409);
  });

  it('sees passwords being guessed, and drops the attacker in the kernel', async () => {
    expect(world.reachesSshd('attacker')).toBe(true);
    const list = join(world.folder, 'passwords');
    writeFileSync(list, Array.from({ length: 60 }, (_, index) => `guess${index}`).join('\n'));
    const attack = world.on(
      'attacker',
      'hydra',
      '-I',
      '-l',
      'root',
      '-P',
      list,
      '-t',
      '4',
      '-W',
      '1',
      `ssh://${world.address.serverForAttacker}`,
    );
    await until(
      () => world.run('server', 'nft', 'list', 'ruleset').includes(world.address.attacker),
      `the kernel holds the block; it said: ${said}`,
      30_000,
    );
    attack.kill('SIGKILL');
    expect(world.reachesSshd('attacker')).toBe(false);
  }, 60_000);

  it('leaves the administrator alone', async () => {
    await answersOn(administrator, 'still here');
    expect(world.reachesSshd('admin')).toBe(true);
    const refused = bartizan(world, 'block', world.address.admin, '--data', dataFolder());
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('BTZ_BLOCK_ADMIN_SESSION');
    expect(world.reachesSshd('admin')).toBe(true);
  });

  it('shows alert and block in the console, and undoes the block', async () => {
    await page.getByTestId('nav-alerts').click();
    const row = page
      .getByTestId('alert-row')
      .filter({ hasText: world.address.attacker })
      .filter({ hasText: '暴力破解' })
      .first();
    await row.waitFor();
    await row.click();
    await page.getByTestId('alert-title').waitFor();
    expect(await page.textContent('body')).toContain(world.address.attacker);
    await page.getByTestId('undo-button').first().click();
    await page.getByTestId('undo-confirm').click();
    await until(
      () => !world.run('server', 'nft', 'list', 'ruleset').includes(world.address.attacker),
      'the kernel has let go',
    );
    expect(world.reachesSshd('attacker')).toBe(true);
  });

  it('runs the drill on the running centre', () => {
    const drill = bartizan(world, 'drill', '--data', dataFolder());
    expect(drill.stdout).toContain('The loop closes.');
    expect(drill.status).toBe(0);
    expect(world.run('server', 'nft', 'list', 'ruleset')).not.toContain('198.51.100.');
  });

  it('holds evidence that verifies on a copy, and does not with one byte changed', async () => {
    const copy = join(world.folder, 'copy');
    await until(() => {
      cpSync(join(dataFolder(), 'evidence'), copy, { recursive: true, force: true });
      return bartizan(world, 'log', 'verify', copy).status === 0;
    }, 'the copied log verifies');
    const leaves = leafText(copy);
    for (const kind of [
      'administrator.created',
      'alert.raised',
      'action.asked',
      'action.started',
      'action.done',
      'action.undone',
      'drill.run',
    ])
      expect(leaves).toContain(kind);

    const bundle = newestBundle(copy);
    const bytes = readFileSync(bundle);
    const at = bytes.indexOf(world.address.attacker);
    expect(at).toBeGreaterThan(0);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    chmodSync(bundle, 0o600);
    writeFileSync(bundle, bytes);
    const verdict = bartizan(world, 'log', 'verify', copy);
    expect(verdict.status).toBe(1);
    expect(verdict.stdout).toMatch(/TAMPERED/);
  });

  it('refuses a second centre on the same folder', () => {
    const second = bartizan(world, 'up', '--only', '--data', dataFolder(), '--listen', '127.0.0.1:8788');
    expect(second.status).toBe(2);
    expect(second.stderr).toContain('BTZ_DATA_IN_USE');
  });
});

const SSH_OPTIONS = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];

/** Writes into a shell session and waits for its echo. */
async function answersOn(session: ChildProcess, word: string): Promise<void> {
  let heard = '';
  session.stdout?.on('data', (text: Buffer) => (heard += text.toString()));
  const marker = `${word.replaceAll(' ', '-')}-${Date.now()}`;
  await until(() => {
    if (!heard.includes(`<${marker}>`)) session.stdin?.write(`echo "<"${marker}">"\n`);
    return heard.includes(`<${marker}>`);
  }, `the administrator's shell answers; it said: ${heard}`);
}

/** Chromium on the server itself, where the console listens on loopback. */
function chromiumOn(world: World): string {
  const path = join(world.folder, 'chromium.sh');
  mkdirSync(join(world.folder, 'profile'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${world.namespace('server')} chromium "$@"\n`, { mode: 0o755 });
  return path;
}

function bartizan(world: World, ...argv: string[]) {
  return spawnSync('ip', ['netns', 'exec', world.namespace('server'), BARTIZAN, ...argv], {
    encoding: 'utf8',
    timeout: 60_000,
  });
}

function entryBundles(folder: string): readonly string[] {
  const entries = join(folder, 'tile', 'entries');
  return readdirSync(entries, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The tree grows by partial bundles; the widest is the one that the checkpoint covers. */
function newestBundle(folder: string): string {
  return entryBundles(folder).reduce((widest, path) => (statSync(path).size > statSync(widest).size ? path : widest));
}

function leafText(folder: string): string {
  return entryBundles(folder)
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}
