import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '#model/event.ts';
import type { RuleInfo, Signal } from '#model/signal.ts';
import { createAlertGrouper } from './index.ts';

const RULE: RuleInfo = {
  id: 'ssh-bruteforce',
  title: { zh: '暴力破解', en: 'Guessing' },
  level: 'high',
  attack: ['T1110.001'],
  reason: {
    zh: '{src_ip} 失败 {count} 次[，账户 {user}]',
    en: '{src_ip} failed {count} times within {span}[, {user}]',
  },
  advice: { zh: '封禁 {src_ip}', en: 'Block {src_ip}' },
  groupBy: ['src_ip'],
  respond: { verb: 'block', entity: 'src_ip' },
};
const START = Date.UTC(2026, 10, 20);

function signal(
  id: number,
  entities: Record<string, string>,
  more: Partial<Signal> & { timeMs?: number } = {},
): Signal {
  const time = more.timeMs ?? START + id * 1000;
  const event = { id, time, source: 'sshd', raw: `line ${id}` } as Event;
  return { rule: RULE, event, entities, count: 1, evidence: [{ id, time, raw: event.raw }], ...more };
}

describe('an alert', () => {
  it('holds 10,000 failed logins of one address, with a count and bounded evidence', () => {
    const grouper = createAlertGrouper();
    for (let id = 1; id <= 10_000; id += 1) grouper.add(signal(id, { src_ip: '203.0.113.9', user: `u${id % 7}` }));
    const alerts = grouper.takeChanged();
    expect(alerts).toHaveLength(1);
    const [alert] = alerts;
    expect(alert).toMatchObject({ count: 10_000, firstMs: START + 1000, lastMs: START + 10_000_000, demo: false });
    expect(alert?.events.map(({ id }) => id)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => index + 1),
      ...Array.from({ length: 10 }, (_, index) => 9991 + index),
    ]);
    expect(alert?.entities).toEqual({ src_ip: '203.0.113.9', user: 'u1, u2, u3, u4, u5, …' });
    expect(alert?.proposal).toEqual({ verb: 'block', target: '203.0.113.9' });
    expect(alert?.reason.en).toBe('203.0.113.9 failed 10000 times within 3 hours, u1, u2, u3, u4, u5, …');
  });

  it('is told apart by its grouping entities only', () => {
    const grouper = createAlertGrouper();
    grouper.add(signal(1, { src_ip: '203.0.113.9', user: 'root' }));
    grouper.add(signal(2, { src_ip: '203.0.113.9', user: 'alice' }));
    grouper.add(signal(3, { src_ip: '203.0.113.10', user: 'root' }));
    expect(grouper.takeChanged().map(({ count }) => count)).toEqual([2, 1]);
  });

  it('cannot be joined by values that only look alike when written one behind the other', () => {
    const rule = { ...RULE, groupBy: ['host', 'user'] };
    const grouper = createAlertGrouper();
    grouper.add(signal(1, { host: 'a', user: '1:bc' }, { rule }));
    grouper.add(signal(2, { host: 'a1:', user: 'bc' }, { rule }));
    expect(grouper.takeChanged()).toHaveLength(2);
  });

  it('is a new one after a silence longer than the gap, and the old one is reported as it ended', () => {
    const grouper = createAlertGrouper({ gapMs: 60_000 });
    grouper.add(signal(1, { src_ip: '203.0.113.9' }, { timeMs: START }));
    grouper.add(signal(2, { src_ip: '203.0.113.9' }, { timeMs: START + 60_000 }));
    grouper.add(signal(3, { src_ip: '203.0.113.9' }, { timeMs: START + 120_001 }));
    const alerts = grouper.takeChanged();
    expect(alerts.map(({ count }) => count)).toEqual([2, 1]);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(2);
  });

  it('takes late events in without ending later', () => {
    const grouper = createAlertGrouper();
    grouper.add(signal(1, { src_ip: '203.0.113.9' }, { timeMs: START }));
    grouper.add(signal(2, { src_ip: '203.0.113.9' }, { timeMs: START - 86_400_000 }));
    expect(grouper.takeChanged()).toMatchObject([{ count: 2, firstMs: START - 86_400_000, lastMs: START }]);
  });

  it('counts the events of an overlapping window once', () => {
    const grouper = createAlertGrouper();
    const seen = (ids: readonly number[]) => ids.map((id) => ({ id, time: START + id, raw: `line ${id}` }));
    grouper.add(signal(6, { src_ip: '203.0.113.9' }, { count: 6, evidence: seen([1, 2, 3, 4, 5, 6]) }));
    grouper.add(signal(7, { src_ip: '203.0.113.9' }, { count: 7, evidence: seen([1, 2, 3, 6, 7]) }));
    grouper.add(signal(30, { src_ip: '203.0.113.9' }, { count: 15, evidence: seen([20, 21, 29, 30]) }));
    expect(grouper.takeChanged()).toMatchObject([{ count: 6 + 1 + 15 }]);
  });

  it('lists the accounts of the events that led to it', () => {
    const grouper = createAlertGrouper();
    const evidence = ['ann', 'bob'].map((user, id) => ({ id, time: START + id, raw: user, about: { user } }));
    grouper.add(signal(2, { src_ip: '203.0.113.9', user: 'carol' }, { evidence }));
    expect(grouper.takeChanged()[0]?.entities.user).toBe('ann, bob, carol');
  });

  it('is not proposed to be blocked when its address is not one', () => {
    const grouper = createAlertGrouper();
    const rule = { ...RULE, groupBy: ['host'] };
    grouper.add(signal(1, { src_ip: '203.0.113.9', host: 'a' }, { rule }));
    grouper.add(signal(2, { src_ip: '203.0.113.10', host: 'a' }, { rule }));
    expect(grouper.takeChanged()[0]?.proposal).toBeUndefined();
  });

  it('of a demonstration never mixes with a real one', () => {
    const grouper = createAlertGrouper();
    grouper.add(signal(1, { src_ip: '203.0.113.9' }), true);
    grouper.add(signal(2, { src_ip: '203.0.113.9' }));
    expect(grouper.takeChanged().map(({ demo, count }) => [demo, count])).toEqual([
      [true, 1],
      [false, 1],
    ]);
  });

  it('stays silent while a better one tells the same story, and speaks when that is over', () => {
    const weaker = { ...RULE, id: 'ssh-slow', unless: ['ssh-bruteforce'] };
    const grouper = createAlertGrouper({ gapMs: 60_000 });
    grouper.add(signal(1, { src_ip: '203.0.113.9' }, { timeMs: START }));
    grouper.add(signal(2, { src_ip: '203.0.113.9' }, { timeMs: START + 1, rule: weaker }));
    grouper.add(signal(3, { src_ip: '203.0.113.10' }, { timeMs: START + 2, rule: weaker }));
    grouper.add(signal(4, { src_ip: '203.0.113.9' }, { timeMs: START + 120_000, rule: weaker }));
    expect(grouper.takeChanged().map(({ rule, entities }) => [rule.id, entities.src_ip])).toEqual([
      ['ssh-bruteforce', '203.0.113.9'],
      ['ssh-slow', '203.0.113.10'],
      ['ssh-slow', '203.0.113.9'],
    ]);
  });
});

describe('memory', () => {
  it('stays within the number of open alerts, and nothing is lost unreported', () => {
    const grouper = createAlertGrouper({ maxOpen: 100 });
    let reported = 0;
    for (let id = 1; id <= 10_000; id += 1) {
      grouper.add(signal(id, { src_ip: `address ${id}` }));
      expect(grouper.size).toBeLessThanOrEqual(100);
      if (id % 1000 === 0) reported += grouper.takeChanged().length;
    }
    expect(reported).toBe(10_000);
  });

  it('stays within the length of evidence', () => {
    const grouper = createAlertGrouper({ maxEvidenceLength: 100_000 });
    for (let id = 1; id <= 500; id += 1) {
      const evidence = [{ id, time: START, raw: 'x'.repeat(4096) }];
      grouper.add(signal(id, { src_ip: `address ${id}` }, { timeMs: START, evidence }));
    }
    expect(grouper.size).toBeLessThanOrEqual(25);
  });

  it('lets go of what was quiet longest', () => {
    const grouper = createAlertGrouper({ maxOpen: 8 });
    for (let id = 1; id <= 8; id += 1) grouper.add(signal(id, { src_ip: `a${id}` }));
    grouper.add(signal(9, { src_ip: 'a1' }));
    grouper.add(signal(10, { src_ip: 'a9' }));
    grouper.takeChanged();
    grouper.add(signal(11, { src_ip: 'a1' }));
    grouper.add(signal(12, { src_ip: 'a2' }));
    expect(grouper.takeChanged().map(({ entities, count }) => [entities.src_ip, count])).toEqual([
      ['a1', 3],
      ['a2', 1],
    ]);
  });
});

describe('a snapshot', () => {
  const input = fc.array(
    fc.record({ address: fc.integer({ min: 0, max: 5 }), user: fc.string({ maxLength: 4 }), gapMs: fc.nat(120_000) }),
    { maxLength: 60 },
  );

  it('in between changes nothing: the same alerts with the same ids come out', () => {
    fc.assert(
      fc.property(input, fc.nat(60), (steps, cut) => {
        const straight = createAlertGrouper({ gapMs: 60_000, maxOpen: 4 });
        let halted = createAlertGrouper({ gapMs: 60_000, maxOpen: 4 });
        let timeMs = START;
        const early: unknown[] = [];
        const expected: unknown[] = [];
        steps.forEach(({ address, user, gapMs }, index) => {
          if (index === cut) {
            early.push(...halted.takeChanged());
            expected.push(...straight.takeChanged());
            const saved = JSON.stringify(halted.snapshot());
            halted = createAlertGrouper({ gapMs: 60_000, maxOpen: 4 });
            halted.restore(JSON.parse(saved));
          }
          timeMs += gapMs;
          const next = signal(index, { src_ip: `${address}`, user }, { timeMs });
          straight.add(next);
          halted.add(next);
        });
        expect([...early, ...halted.takeChanged()]).toEqual([...expected, ...straight.takeChanged()]);
        expect(halted.size).toBe(straight.size);
      }),
    );
  });

  it('that is none leaves it empty', () => {
    const grouper = createAlertGrouper();
    grouper.add(signal(1, { src_ip: '203.0.113.9' }));
    for (const bad of [undefined, null, 7, {}, { version: 2, turn: 0, rules: [], open: [] }]) {
      grouper.restore(bad);
      expect(grouper.size).toBe(0);
      expect(grouper.takeChanged()).toEqual([]);
    }
  });
});
