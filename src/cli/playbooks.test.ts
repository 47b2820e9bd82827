import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'btz-playbooks-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const bartizan = (...parameters: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'playbooks', ...parameters], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return { status, stdout, stderr };
};

test('the bundled playbooks are sound', () => {
  const { status, stdout } = bartizan('check');
  expect(stdout).toContain(' 0 valid but not to be run here, 0 not valid');
  expect(status).toBe(0);
});

test('check names the step and what to write, and control characters of a file do not reach the terminal', () => {
  const path = join(folder, 'bad.json');
  writeFileSync(path, JSON.stringify({ type: 'playbook', spec_version: 'cacao-2.0', 'na\u001B[2Jme': 1 }));
  const { status, stdout } = bartizan('check', path);
  expect(status).toBe(2);
  expect(stdout).toContain('invalid: workflow');
  expect(stdout).not.toContain('\u001B');
  expect(bartizan('check', join(folder, 'nowhere'))).toMatchObject({ status: 2, stdout: '' });
});

test('list says titles in the language that is asked for', () => {
  expect(bartizan('list', '--lang', 'zh').stdout).toContain('暴力破解');
  const rows = JSON.parse(bartizan('list', '--lang', 'en', '--format', 'json').stdout) as { title: string }[];
  expect(rows.map(({ title }) => title)).toContain('Ransomware');
});

test('run does nothing without --dry-run, and shows every step with it', () => {
  expect(bartizan('run', 'brute-force')).toMatchObject({ status: 2, stdout: '' });
  const { status, stdout } = bartizan(
    'run',
    'brute-force',
    '--dry-run',
    '--set',
    'src_ip=203.0.113.0/30',
    '--lang',
    'en',
  );
  expect(status).toBe(0);
  expect(stdout).toContain('block: address=203.0.113.0/30 for_seconds=3600 → 203.0.113.0/30, 4 addresses');
  expect(bartizan('run', 'brute-force', '--dry-run', '--set', 'colour=red').stderr).toContain('write one of src_ip');
});
