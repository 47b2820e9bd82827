import { expect, test } from 'vitest';
import { packRecords } from '#kit/records.ts';
import { OCSF_CLASS } from '#model/event.ts';
import { normaliseBatch } from '#normalise/index.ts';
import { quietDay } from './quiet-day.ts';
import { alertsOf, isAtLeast, shippedRules } from './rig.ts';

const SEED = 20_261_119;
const LINES = 100_000;

test('an ordinary day of 100,000 lines raises nothing at high and at most three alerts at medium', () => {
  const day = quietDay(SEED, LINES);
  expect(day.reduce((sum, { ends }) => sum + ends.length, 0)).toBeGreaterThan(LINES * 0.95);
  const alerts = alertsOf(shippedRules(), day);
  const loud = alerts
    .filter(({ rule }) => isAtLeast(rule.level, 'medium'))
    .map(({ rule, entities, events }) => `${rule.level} ${rule.id} ${JSON.stringify(entities)} ${events[0]?.raw}`);
  expect(loud.filter((text) => !text.startsWith('medium'))).toEqual([]);
  expect(loud.length, loud.join('\n')).toBeLessThanOrEqual(3);
});

test('the same day with one guesser who gets in does raise an alert, so that the silence means something', () => {
  const { payload, ends } = packRecords(
    Array.from(
      { length: 12 },
      (_, at) =>
        `Nov 19 03:10:${10 + at} bastion sshd[77${at}]: ${at < 11 ? 'Failed' : 'Accepted'} password for root from 45.9.148.3 port 5${at}022 ssh2`,
    ),
  );
  const night = {
    stream: 'file:/var/log/syslog',
    format: 'syslog',
    receivedMs: Date.UTC(2026, 10, 19, 4),
    payload,
    ends,
  } as const;
  const alerts = alertsOf(shippedRules(), [...quietDay(SEED, 5_000), night]);
  expect(alerts.some(({ rule, entities }) => isAtLeast(rule.level, 'high') && entities.src_ip === '45.9.148.3')).toBe(
    true,
  );
});

test('every log of the day is read as what it is, and one seed writes one day', () => {
  const day = quietDay(SEED, 5_000);
  const understood = new Map<string, { all: number; known: number }>();
  for (const batch of day) {
    const count = understood.get(batch.format) ?? { all: 0, known: 0 };
    for (const event of normaliseBatch({ ...batch, sequence: 1 }, 0)) {
      count.all++;
      if (event.class_uid !== OCSF_CLASS.base) count.known++;
    }
    understood.set(batch.format, count);
  }
  // Syslog and auditd have much that no class describes; the databases write about themselves.
  const least = { syslog: 0.2, auditd: 0.5, postgresql: 0.3, mysql: 0.05 } as Readonly<Record<string, number>>;
  for (const [format, { all, known }] of understood) expect(known / all, format).toBeGreaterThan(least[format] ?? 0.95);
  expect(quietDay(SEED, 5_000)).toEqual(day);
  expect(quietDay(SEED + 1, 5_000)).not.toEqual(day);
});
