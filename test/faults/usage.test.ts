import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { command } from '../centre.ts';

const folder = mkdtempSync(join(tmpdir(), 'bartizan-usage-'));
const data = join(folder, 'data');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WRONG: readonly (readonly string[])[] = [
  [],
  ['frobnicate'],
  ['up', '--frobnicate', '--data', data],
  ['up', '--listen', 'nonsense', '--data', data],
  ['up', '--listen', '127.0.0.1:99999', '--data', data],
  ['up', '--respond', 'perhaps', '--data', data],
  ['up', '--syslog-tls', '127.0.0.1:6514', '--data', data],
  ['up', '--syslog-tls', '127.0.0.1:0', '--tls-cert', join(folder, 'absent'), '--tls-key', '/dev/null', '--data', data],
  ['up', '--listen', 'no-such-host.invalid:8787', '--data', data],
  ['up', '--listen', '192.0.2.1:8787', '--data', data],
  ['up', '--rules', join(folder, 'absent'), '--listen', '127.0.0.1:0', '--data', data],
  ['up', '--state', 'mysql://127.0.0.1/bartizan', '--listen', '127.0.0.1:0', '--data', data],
  ['up', '--watch', '', '--listen', '127.0.0.1:0', '--data', data],
  ['up', '--watch', folder, '--listen', '127.0.0.1:0', '--data', data],
  ['up', '--data', ''],
  ['up', '--data', '/proc/no-folder-can-be-made-here', '--listen', '127.0.0.1:0'],
  ['up', '--data', '/dev/null', '--listen', '127.0.0.1:0'],
  ['up', 'surplus', '--data', data],
  ['analyze'],
  ['analyze', join(folder, 'absent.log')],
  ['analyze', folder],
  ['analyze', '--source', 'carrier-pigeon', '/dev/null'],
  ['analyze', '--rules', join(folder, 'absent'), '/dev/null'],
  ['rules'],
  ['log'],
  ['rules', 'bench'],
  ['rules', 'check'],
  ['rules', 'check', join(folder, 'absent')],
  ['rules', 'test', join(folder, 'absent')],
  ['block', '--data', data],
  ['block', '203.0.113.9', '--data', data],
  ['block', '203.0.113.9', '--for', 'ever', '--data', data],
  ['unblock', '203.0.113.9', '--data', data],
  ['drill', '--data', data],
  ['log', 'verify', join(folder, 'absent')],
  ['log', 'verify', '--checkpoint', join(folder, 'absent'), folder],
];

describe('wrong use of a command', () => {
  it.each(WRONG.map((argv) => [argv.join(' ').replaceAll(folder, '…'), argv] as const))(
    '`%s` is one clear line, exit 2, nothing changed',
    (_name, argv) => {
      const { status, stdout, stderr } = command(...argv);
      expect(
        stderr
          .trim()
          .split('\n')
          .filter((line) => line !== ''),
        stderr,
      ).toHaveLength(1);
      expect(stderr).not.toMatch(/\bat .*\.ts:\d+|undefined|\[object/);
      expect(stdout).toBe('');
      expect(status).toBe(2);
      expect(existsSync(data)).toBe(false);
    },
  );

  it('asking for help is not wrong use', () => {
    const { status, stdout } = command('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('analyze');
  });
});
