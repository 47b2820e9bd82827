import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { arch } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const FILE = fileURLToPath(new URL('bartizan.rules', import.meta.url));
const lines = readFileSync(FILE, 'utf8').split('\n');
const rules = lines.flatMap((text, index) => (/^-[aw] /.test(text) ? [{ text, line: index + 1 }] : []));
const EXCLUSION = /^-a always,exclude /;

describe('the audit rules that ship', () => {
  test('name what they are for in a key of ours', () => {
    for (const { text } of rules) if (!EXCLUSION.test(text)) expect(text).toMatch(/(-k |key=)btz-[a-z-]+$/);
  });

  test('never record every program of every daemon, nor every call of a kind on the whole machine', () => {
    for (const { text } of rules) {
      if (/-S \S*(execve|connect|openat|memfd_create|unlinkat|setns)/.test(text))
        expect(text).toMatch(/auid|uid=|exe=/);
      expect(text).not.toMatch(/-S (all|openat?|read|write|stat|close)(,|\s+-F key)/);
    }
  });

  test('neither remove the rules of others nor lock the machine’s', () => {
    expect(lines.filter((line) => /^-(D|e)\b/.test(line))).toEqual([]);
  });
});

/** Only where nobody uses auditing: what is loaded here is one for the whole kernel. */
const why = whyNotHere();

describe.skipIf(why !== undefined)(`real auditctl (${why ?? 'as root, while no audit rules are loaded'})`, () => {
  let backlog = '64';
  let wait = '0';

  beforeEach(() => {
    const status = auditctl('-s').stdout;
    backlog = /^backlog_limit (\d+)/m.exec(status)?.[1] ?? backlog;
    wait = /^backlog_wait_time (\d+)/m.exec(status)?.[1] ?? wait;
  });

  afterEach(() => {
    for (const key of new Set(rules.map(({ text }) => keyOf(text)))) if (key !== undefined) auditctl('-D', '-k', key);
    for (const { text } of rules.filter(({ text }) => EXCLUSION.test(text)))
      auditctl(...text.replace(/^-a/, '-d').split(' '));
    auditctl('-b', backlog);
    auditctl('--backlog_wait_time', wait);
  });

  test('loads every line but those about what this machine does not have', () => {
    const { stderr } = auditctl('-R', FILE);
    const refused = [...stderr.matchAll(/error in line (\d+)/g)].map((found) => Number(found[1]));
    const absent = rules.filter(({ text }) => isAbout(text)).map(({ line }) => line);
    for (const line of refused) expect(absent, lines[line - 1]).toContain(line);
    const loaded = auditctl('-l').stdout.trim().split('\n');
    expect(loaded.length).toBe(rules.length - refused.length);
    expect(loaded.length).toBeGreaterThan(50);
    expect(loaded.some((rule) => /execve.*auid!=-1.*key=btz-exec/.test(rule))).toBe(true);
  });

  test('leaves nothing behind when it is taken out again', () => {
    expect(auditctl('-l').stdout).toContain('No rules');
  });
});

function auditctl(...args: string[]): { stdout: string; stderr: string } {
  const { stdout, stderr } = spawnSync('auditctl', args, { encoding: 'utf8', timeout: 10_000 });
  return { stdout, stderr };
}

function keyOf(rule: string): string | undefined {
  return /(?:-k |key=)(\S+)$/.exec(rule)?.[1];
}

/** Whether the rule names a file or program that is not here. */
function isAbout(rule: string): boolean {
  const path = /(?:-w |path=|dir=|exe=)(\S+)/.exec(rule)?.[1];
  return path !== undefined && !existsSync(path);
}

function whyNotHere(): string | undefined {
  if (process.getuid?.() !== 0) return 'skipped without root';
  if (arch !== 'x64') return 'skipped, some of its calls have other names on this processor';
  try {
    if (!execFileSync('auditctl', ['-l'], { encoding: 'utf8', stdio: 'pipe' }).includes('No rules'))
      return 'skipped where audit rules are in use';
    const status = execFileSync('auditctl', ['-s'], { encoding: 'utf8', stdio: 'pipe' });
    return /^pid 0$/m.test(status) ? undefined : 'skipped where an audit daemon runs';
  } catch {
    return 'skipped without auditctl (Debian package auditd)';
  }
}
