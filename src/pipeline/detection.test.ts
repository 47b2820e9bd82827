import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadRuleSet } from '#detect/index.ts';
import type { JournalBatch } from '#model/batch.ts';
import { createDetection, type Detection } from './detection.ts';

const FILES = ['rules/sshd/ssh-login-failed.yml', 'correlations/ssh-bruteforce.yml'];
const NOW_MS = Date.UTC(2026, 10, 20, 3, 30);
const ATTACKER = '203.0.113.9';

let sequence = 0;

function createBruteforceDetection(): Detection {
  const folder = new URL('../../content/', import.meta.url);
  const files = FILES.map((name) => fileURLToPath(new URL(name, folder)));
  return createDetection(loadRuleSet(files.map((path) => ({ path, text: readFileSync(path, 'utf8') }))), () => 0);
}

/** Failed passwords, a second apart, as they come in through a stream. */
function failures(stream: string, count: number, startSecond = 0): JournalBatch {
  const lines = Array.from({ length: count }, (_, index) => {
    const second = String((startSecond + index) % 60).padStart(2, '0');
    return `<38>Nov 20 03:11:${second} web-1 sshd[411]: Failed password for root from ${ATTACKER} port 50122 ssh2`;
  });
  const ends: number[] = [];
  for (const line of lines) ends.push((ends.at(-1) ?? 0) + line.length);
  const payload = Buffer.from(lines.join(''));
  return { sequence: ++sequence, stream, format: 'syslog', receivedMs: NOW_MS, payload, ends: Uint32Array.from(ends) };
}

const raised = (detection: Detection) => detection.takeChanged().filter(({ rule }) => rule.id === 'ssh-bruteforce');

describe('lines that anyone who reaches a port can have written', () => {
  it.each(['syslog:udp', 'syslog:tcp', 'syslog:tls'])('raise alerts that are marked (%s)', (stream) => {
    const detection = createBruteforceDetection();
    detection.process(failures(stream, 40));
    expect(detection.hasNew()).toBe(true);
    expect(raised(detection)).toMatchObject([{ forgeable: true, proposal: { target: ATTACKER }, demo: false }]);
  });

  it.each(['file:/var/log/auth.log', 'journald', 'syslog:mtls', 'http:web-1'])('are not those of %s', (stream) => {
    const detection = createBruteforceDetection();
    detection.process(failures(stream, 40));
    const [alert] = raised(detection);
    expect(alert).toMatchObject({ rule: { id: 'ssh-bruteforce' } });
    expect(alert).not.toHaveProperty('forgeable');
  });

  it('never complete what a real line began, nor take the mark to what real lines say', () => {
    const detection = createBruteforceDetection();
    detection.process(failures('file:/var/log/auth.log', 2));
    detection.process(failures('syslog:udp', 40, 2));
    expect(raised(detection).map(({ forgeable }) => forgeable)).toEqual([true]);
    detection.process(failures('file:/var/log/auth.log', 38, 2));
    expect(raised(detection).map(({ forgeable }) => forgeable)).toEqual([undefined]);
  });

  it('are kept apart over a restart, also by a memory that was saved before they were', () => {
    const before = createBruteforceDetection();
    before.process(failures('syslog:udp', 3));
    before.process(failures('file:/var/log/auth.log', 3));
    const after = createBruteforceDetection();
    after.restore(before.snapshot());
    after.process(failures('syslog:udp', 37, 3));
    expect(raised(after).map(({ forgeable }) => forgeable)).toEqual([true]);

    const { real } = JSON.parse(Buffer.from(before.snapshot()).toString()) as { real: unknown };
    const updated = createBruteforceDetection();
    updated.restore(Buffer.from(JSON.stringify({ real })));
    updated.process(failures('file:/var/log/auth.log', 37, 3));
    expect(raised(updated).map(({ forgeable }) => forgeable)).toEqual([undefined]);
  });
});
