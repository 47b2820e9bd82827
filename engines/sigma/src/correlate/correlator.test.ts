import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceFires, type Seen } from '../../test/reference-correlation.ts';
import { compile, createCorrelator, parseRules } from '../index.ts';
import type { CorrelatorOptions } from './types.ts';

const RULES = ['a', 'b', 'c']
  .map(
    (kind) =>
      `title: ${kind}\nid: ${kind}\nname: rule_${kind}\nlogsource: { service: test }\ndetection:\n  s: { kind: ${kind} }\n  condition: s\n`,
  )
  .join('---\n');
const ROUTES = { test: { accepts: () => true, path: (field: string) => field.split('.') } };

interface Sample {
  readonly kind: string;
  readonly ip?: string;
  readonly user?: unknown;
  readonly size?: number;
  readonly to?: string;
}

/** Runs events through rules and these correlations. */
function bench(correlations: string, options: Partial<CorrelatorOptions<number>> = {}) {
  const parsed = parseRules(`${RULES}---\n${correlations}`, 'c.yml');
  expect(parsed.problems).toEqual([]);
  const matcher = compile(parsed.rules, ROUTES);
  const make = () => createCorrelator<number>(parsed.correlations, parsed.rules, { routes: ROUTES, ...options });
  let correlator = make();
  let reference = 0;
  return {
    correlations: parsed.correlations,
    see(timeMs: number, event: Sample) {
      reference += 1;
      return matcher
        .match('test', event)
        .flatMap((rule) => [...correlator.observe(rule, 'test', event, timeMs, reference)]);
    },
    restart() {
      const saved: unknown = JSON.parse(JSON.stringify(correlator.snapshot()));
      correlator = make();
      return correlator.restore(saved);
    },
    restore: (value: unknown) => correlator.restore(value),
    stats: () => correlator.stats(),
  };
}

const correlation = (type: string, rules: string, condition: string, more = ''): string =>
  `title: ${type}\nid: ${type}\nname: ${type}\ncorrelation:\n  type: ${type}\n  rules: [${rules}]\n  group-by: [ip]\n  timespan: 10s\n  condition: ${condition}\n${more}`;

const EVERY_TYPE = [
  correlation('event_count', 'a, b', '{ gte: 3 }'),
  correlation('event_count', 'a', '{ gt: 1, lte: 4 }'),
  correlation('event_count', 'a, b, c', '{ gte: 20 }'),
  correlation('value_count', 'a, b', '{ field: user, gte: 3 }'),
  correlation('value_count', 'a', '{ field: user, eq: 2 }'),
  correlation('temporal', 'a, b, c', '{ gte: 3 }'),
  correlation('temporal', 'a, b, c', '{ eq: 2 }'),
  correlation('temporal_ordered', 'a, b, c', '{ gte: 3 }'),
  correlation('temporal_ordered', 'c, a', '{ gte: 2 }'),
  correlation('temporal', 'a, b, c', 'a and (b or c)'),
  correlation('temporal', 'a, b, c', '(a and b) and not c'),
  correlation('temporal', 'a, b', 'a and not b'),
  correlation('temporal_ordered', 'a, b, c', 'A AND b AND c'.replace('A ', 'a ')),
  correlation('temporal_ordered', 'a, b, c', 'a and c and not b'),
  correlation('temporal_ordered', 'b, c, a', '(b or c) and a'),
  correlation('temporal_ordered', 'a, b, c', 'b or (a and c and not b)'),
  correlation('value_sum', 'a', '{ field: size, gt: 12 }'),
  correlation('value_avg', 'a', '{ field: size, gte: 4 }'),
  correlation('value_median', 'a', '{ field: size, lt: 3 }'),
  correlation('value_percentile', 'a', '{ field: size, percentile: 90, gte: 6 }'),
];

const stream = fc.array(
  fc.record({
    // Steps in seconds; a negative one makes a late event.
    step: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 4 }) },
      { weight: 1, arbitrary: fc.integer({ min: -14, max: 12 }) },
    ),
    kind: fc.constantFrom('a', 'b', 'c'),
    ip: fc.constantFrom('1.1.1.1', '2.2.2.2'),
    user: fc.constantFrom('x', 'y', 'z', 'w'),
    size: fc.integer({ min: 0, max: 9 }),
    restart: fc.boolean(),
  }),
  { maxLength: 60 },
);

describe('correlations', () => {
  it.each(
    EVERY_TYPE.map((text) => [
      text
        .replaceAll('\n', ' ')
        .replace(/^.* type: | group-by.*condition: /g, ' ')
        .trim(),
      text,
    ]),
  )('%s fires when the slow reference says so, late events and restarts included', (_, text) => {
    fc.assert(
      fc.property(stream, fc.constantFrom(5_000, 300_000), (events, latenessMs) => {
        const steady = bench(text, { latenessMs });
        const restarted = bench(text, { latenessMs });
        const [definition] = steady.correlations;
        if (definition === undefined) throw new RangeError('no correlation');
        const past = new Map<string, Seen[]>();
        let now = 1_700_000_000_000;
        for (const { step, restart, ...event } of events) {
          now += step * 1_000;
          if (restart) expect(restarted.restart().forgotten).toEqual([]);
          const found = steady.see(now, event);
          const seen = past.get(event.ip) ?? [];
          past.set(event.ip, seen);
          expect(found.length === 1).toBe(referenceFires(definition, latenessMs, seen, { timeMs: now, ...event }));
          expect(restarted.see(now, event).map(withoutObjects)).toEqual(found.map(withoutObjects));
        }
      }),
      { numRuns: 120 },
    );
  });

  const withoutObjects = (match: { correlation: { id: string } }): unknown => ({
    ...match,
    correlation: match.correlation.id,
  });

  it('takes the rules of an expression from it where none are listed', () => {
    const text = correlation('temporal', 'a', 'rule_a and not rule_b').replace('  rules: [a]\n', '');
    const { see } = bench(text);
    expect(see(0, { kind: 'b', ip: '1.1.1.1' })).toEqual([]);
    expect(see(1_000, { kind: 'a', ip: '1.1.1.1' })).toEqual([]);
    expect(see(11_001, { kind: 'a', ip: '1.1.1.1' })).toHaveLength(1);
    expect(see(11_500, { kind: 'c', ip: '1.1.1.1' })).toEqual([]);
  });

  it('counts groups apart, and not events that lack the field', () => {
    const { see } = bench(correlation('event_count', 'a', '{ gte: 2 }'));
    expect(see(0, { kind: 'a', ip: '1.1.1.1' })).toEqual([]);
    expect(see(1, { kind: 'a', ip: '2.2.2.2' })).toEqual([]);
    expect(see(2, { kind: 'a' })).toEqual([]);
    expect(see(3, { kind: 'a' })).toEqual([]);
    const [match] = see(4, { kind: 'a', ip: '1.1.1.1' });
    expect(match).toMatchObject({ group: { ip: '1.1.1.1' }, count: 2, references: [1, 5], firstMs: 0, lastMs: 4 });
  });

  it('hears a group again whose clock was set back, and takes a straggler for what it is', () => {
    const { see, restart } = bench(correlation('event_count', 'a', '{ gte: 3 }'), {
      latenessMs: 1_000,
      resetAfterLate: 3,
    });
    const day = 86_400_000;
    see(2 * day, { kind: 'a', ip: 'x' });
    expect(see(day, { kind: 'a', ip: 'x' })).toEqual([]);
    expect(see(2 * day + 1, { kind: 'a', ip: 'x' })).toEqual([]);
    expect(see(2 * day + 2, { kind: 'a', ip: 'x' })).toHaveLength(1);
    for (const late of [1, 2, 3, 4]) expect(see(day + late, { kind: 'a', ip: 'x' })).toEqual([]);
    restart();
    expect(see(day + 5, { kind: 'a', ip: 'x' })).toHaveLength(1);
  });

  it('keeps both ends of the window inside, and fires again at each further event', () => {
    const { see } = bench(correlation('event_count', 'a', '{ gte: 2 }'));
    see(0, { kind: 'a', ip: 'x' });
    expect(see(10_000, { kind: 'a', ip: 'x' })).toHaveLength(1);
    expect(see(10_001, { kind: 'a', ip: 'x' })).toHaveLength(1);
    expect(see(20_002, { kind: 'a', ip: 'x' })).toEqual([]);
  });

  it('resolves aliases for each rule', () => {
    const aliases = '  aliases: { ip: { rule_a: ip, rule_b: to } }\n';
    const { see } = bench(correlation('temporal', 'rule_a, rule_b', '{ gte: 2 }', aliases));
    expect(see(0, { kind: 'a', ip: '9.9.9.9' })).toEqual([]);
    expect(see(1, { kind: 'b', ip: '9.9.9.9', to: '8.8.8.8' })).toEqual([]);
    expect(see(2, { kind: 'b', ip: '7.7.7.7', to: '9.9.9.9' })).toHaveLength(1);
  });

  it('chains: failures, then a success, with the references and the beginning of the failures', () => {
    const text = [
      correlation('event_count', 'a', '{ gte: 3 }'),
      'title: then\nid: then\ncorrelation:\n  type: temporal_ordered\n  rules: [event_count, b]\n  group-by: [ip]\n  timespan: 1m\n',
    ].join('---\n');
    const { see } = bench(text);
    const ip = '1.1.1.1';
    expect(see(0, { kind: 'b', ip })).toEqual([]);
    for (const second of [1, 2]) expect(see(second * 1_000, { kind: 'a', ip })).toEqual([]);
    expect(see(3_000, { kind: 'a', ip }).map((match) => match.correlation.id)).toEqual(['event_count']);
    expect(see(4_000, { kind: 'b', ip: '2.2.2.2' })).toEqual([]);
    const [match] = see(5_000, { kind: 'b', ip });
    expect(match).toMatchObject({
      correlation: { id: 'then' },
      references: [2, 3, 4, 6],
      firstMs: 1_000,
      lastMs: 5_000,
    });
  });

  it('a flood of one step does not push the others out of an ordered chain', () => {
    const { see } = bench(correlation('temporal_ordered', 'a, b, c', '{ gte: 3 }'));
    see(0, { kind: 'a', ip: 'x' });
    see(1, { kind: 'b', ip: 'x' });
    for (let at = 0; at < 5_000; at++) expect(see(2, { kind: at % 2 === 0 ? 'a' : 'a', ip: 'x' })).toEqual([]);
    expect(see(3, { kind: 'c', ip: 'x' })).toHaveLength(1);
  });

  it('forgets the longest untouched group when there are too many, and the busiest never', () => {
    const { see, stats } = bench(correlation('event_count', 'a', '{ gte: 3 }'), { maxGroups: 10 });
    see(0, { kind: 'a', ip: 'busy' });
    for (let at = 0; at < 100; at++) {
      see(1, { kind: 'a', ip: `group-${at}` });
      if (at < 5) see(1, { kind: 'a', ip: 'kept' });
    }
    expect(stats()).toEqual({ groups: 10, evicted: 92 });
    expect(see(2, { kind: 'a', ip: 'busy' })).toEqual([]);
  });

  it('keeps no more events than it may, all groups together', () => {
    const { see, stats } = bench(correlation('event_count', 'a', '{ gte: 1000 }'), { maxKept: 2_000 });
    for (let at = 0; at < 50; at++) for (let again = 0; again < 100; again++) see(at, { kind: 'a', ip: `${at}` });
    expect(stats().groups).toBeLessThan(20);
  });

  it('long values stay short in memory and different', () => {
    const { see } = bench(correlation('value_count', 'a', '{ field: user, gte: 2 }'));
    const long = 'x'.repeat(100_000);
    see(0, { kind: 'a', ip: 'x', user: `${long}1` });
    const [match] = see(1, { kind: 'a', ip: 'x', user: `${long}2` });
    expect(match?.count).toBe(2);
    expect(see(2, { kind: 'a', ip: 'y', user: ['u', 'v'] })).toHaveLength(1);
  });

  it('takes nothing over from a snapshot that is broken or of another definition', () => {
    const one = bench(correlation('event_count', 'a', '{ gte: 3 }'));
    for (const broken of [
      undefined,
      null,
      7,
      {},
      { version: 2 },
      { version: 1, correlations: [{ id: 'event_count' }] },
    ])
      expect(one.restore(broken).groups).toBe(0);
    const saved = { version: 1, correlations: [{ id: 'event_count', fingerprint: 'other', groups: [] }] };
    expect(one.restore(saved).forgotten).toEqual(['event_count: it is gone or has changed']);
  });

  it('correlations in a circle are left out instead of running for ever', () => {
    const text = [
      correlation('event_count', 'a, temporal', '{ gte: 1 }'),
      correlation('temporal', 'event_count', '{ gte: 1 }'),
    ];
    expect(bench(text.join('---\n')).see(0, { kind: 'a', ip: 'x' })).toEqual([]);
  });

  it.each([
    ['{ gte: 1000000000 }', 'counts to 1000000000'],
    ['{ gte: "5" }', 'is not a number'],
    ['{}', 'has no bound'],
    ['a and b', 'is an expression'],
    ['{ near: 5 }', 'has “near”'],
  ])('refuses the condition %s', (condition, problem) => {
    const { correlations, problems } = parseRules(correlation('event_count', 'a', condition), 'c.yml');
    expect(correlations).toEqual([]);
    expect(problems[0]).toMatchObject({ line: 9 });
    expect(problems[0]?.problem).toContain(problem);
  });
});
