import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, until } from '../centre.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BARTIZAN = join(ROOT, 'bartizan');
const browserPath = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();

/** The file's name is a stranger's text as any other. */
const HOSTILE_FILE = '<img src=x onerror=alert(1)>\u202e.tf';
const CODE = `
variable "who" {}
resource "alicloud_oss_bucket" "open" {
  bucket = "shop-pictures"
  acl    = "public-read-write"
}
resource "alicloud_oss_bucket" "unsure" {
  bucket = "shop-papers"
  acl    = var.who
}
`;

/** Runs in the page: what sticks out of it. */
const TOO_WIDE = `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.tagName + '.' + one.className + ' ' + one.textContent.slice(0, 40))`;

describe.skipIf(browserPath === '')(
  `the health check in the console${browserPath === '' ? ' (skipped: needs chromium)' : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'bartizan-posture-'));
    const data = join(folder, 'data');
    let centre: ChildProcess;
    let browser: Browser;
    let page: Page;
    let origin = '';
    let said = '';
    const troubles: string[] = [];

    beforeAll(async () => {
      mkdirSync(join(folder, 'code'));
      writeFileSync(join(folder, 'code', HOSTILE_FILE), CODE);
      centre = spawn(BARTIZAN, ['up', '--only', '--data', data, '--listen', `127.0.0.1:${await freePort()}`]);
      for (const stream of [centre.stdout, centre.stderr])
        stream?.on('data', (text: Buffer) => (said += text.toString()));
      const link = () => /(http:\S+)\/setup#token=\S+/.exec(said);
      const [setup, from = ''] = await until(link, () => `the link is printed; it said: ${said}`, 120_000);
      origin = from;
      browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
      page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 1280, height: 900 } });
      page.setDefaultTimeout(10_000);
      page.on('pageerror', ({ message }) => troubles.push(message));
      page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
      page.on('dialog', (dialog) => {
        troubles.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(setup);
      await page.getByTestId('setup-name').fill('keeper');
      await page.getByTestId('setup-password').fill('correct horse battery');
      await page.getByTestId('setup-submit').click();
      await page.getByTestId('nav-posture').waitFor();
      troubles.length = 0;
    }, 180_000);

    afterAll(async () => {
      await browser?.close();
      centre?.kill('SIGTERM');
      await until(() => centre === undefined || centre.exitCode !== null, 'the centre ends', 20_000);
      rmSync(folder, { recursive: true, force: true });
    });

    it('says what to run before there is a scan, and asks the three questions', async () => {
      await page.getByTestId('nav-posture').click();
      await page.getByText('./bartizan scan PATH --record').waitFor();
      await page.getByText('./bartizan cloud scan --provider alicloud --record').waitFor();
      await page.getByRole('checkbox', { name: '服务器' }).check();
      await page.getByRole('checkbox', { name: '网站' }).check();
      await page.getByRole('checkbox', { name: '都不开放' }).check();
      expect(await page.getByRole('checkbox', { name: '网站' }).isChecked()).toBe(false);
      await page.getByTestId('save-answers').click();
      await page.getByTestId('change-answers').waitFor();
      expect(await page.getByTestId('steps-today').getByTestId('step').count()).toBe(3);
      expect(await page.getByTestId('posture-score').count()).toBe(0);
    }, 30_000);

    it('shows the score of a recorded scan with its first thing to do', async () => {
      const scan = spawnSync(BARTIZAN, ['scan', join(folder, 'code'), '--record', '--data', data], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      expect(scan.stderr).not.toContain('BTZ_');
      await page.reload();
      expect(Number(await page.getByTestId('posture-score').textContent())).toBeLessThanOrEqual(50);
      const first = page.getByTestId('steps-today').getByTestId('step').first();
      expect(await first.textContent()).toContain('alicloud_oss_bucket.open');
      expect(await page.getByTestId('deduction').count()).toBeGreaterThan(2);
    }, 90_000);

    it('leads to the findings, with the reason in Chinese and the place as text', async () => {
      await page.getByTestId('count-fail').click();
      const row = page.getByTestId('finding-row').filter({ hasText: 'acl 的值是 public-read-write' }).first();
      await row.click();
      const drawer = page.locator('.finding-drawer');
      await drawer.getByText('onerror=alert(1)').first().waitFor();
      // The mark that turns the direction of writing is shown, not obeyed.
      await drawer.getByText('U+202E').first().waitFor();
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      await page.keyboard.press('Escape');
      await page.goto(`${origin}/posture/findings?verdict=unknown`);
      await page.getByText('变量 "who" 没有值').first().waitFor();
      expect(await page.locator('[data-verdict="fail"]').count()).toBe(0);
      await page.getByTestId('findings-text').fill('nothing has this name');
      await page.getByText('没有符合条件的问题').waitFor();
    }, 40_000);

    it('shows a standard clause by clause, never calling met what people have to show', async () => {
      await page.getByTestId('tab-frameworks').click();
      await page.getByTestId('framework-row').filter({ hasText: '第二级' }).click();
      await page.getByText('./bartizan report djbp-2.0-level-2 --out djbp-2.0-level-2.html').waitFor();
      const manual = page.getByTestId('clause').filter({ has: page.locator('[data-status="manual"]') });
      expect(await manual.count()).toBeGreaterThan(10);
      expect(await manual.first().textContent()).toContain('需人工核查');
      await page.goto(`${origin}/posture/frameworks/djbp-2.0-level-2?status=not_satisfied`);
      const failing = page.getByTestId('clause').first();
      await failing.locator('summary').click();
      expect(await failing.textContent()).toMatch(/[0-9a-f]{64}/);
      await failing.getByTestId('clause-findings').click();
      await page.getByTestId('finding-row').first().waitFor();
      expect(page.url()).toContain('clause=');
      await page.goto(`${origin}/posture/frameworks/shop-small`);
      await page.getByRole('heading', { name: '零售商店（小型）' }).waitFor();
    }, 40_000);

    it('fits a phone, in English too, and nothing broke on the way', async () => {
      const phone = await browser.newContext({
        storageState: await page.context().storageState(),
        locale: 'en-US',
        viewport: { width: 390, height: 844 },
      });
      const small = await phone.newPage();
      const pages = ['', '/findings', '/frameworks', '/frameworks/djbp-2.0-level-2'];
      for (const path of pages) {
        await small.goto(`${origin}/posture${path}`);
        await small.locator('.sheet').nth(0).waitFor();
        await small.waitForTimeout(300);
        expect({ path, tooWide: await small.evaluate(TOO_WIDE) }).toEqual({ path, tooWide: [] });
        expect(await small.locator('main').innerText()).not.toMatch(/posture\.|findings\.|frameworks\./);
      }
      await phone.close();
      expect(troubles).toEqual([]);
    }, 40_000);
  },
);
