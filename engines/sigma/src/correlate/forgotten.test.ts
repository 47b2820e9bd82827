import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createCorrelator, parseRules } from '../index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('a group that is forgotten keeps nothing alive, however its key was found', async () => {
  const { rules, correlations, problems } = parseRules(
    `title: a\nid: a\nname: a\nlogsource: { service: test }\ndetection:\n  s: { kind: a }\n  condition: s\n---\ntitle: c\nid: c\nname: c\ncorrelation:\n  type: event_count\n  rules: [a]\n  group-by: [ip]\n  timespan: 1h\n  condition: { gte: 3 }\n`,
    'c.yml',
  );
  expect(problems).toEqual([]);
  const routes = { test: { accepts: () => true, path: (field: string) => [field] } };
  const correlator = createCorrelator<object>(correlations, rules, { routes, maxGroups: 8 });
  const [rule] = rules;
  if (rule === undefined) throw new Error('no rule');
  const held: WeakRef<object>[] = [];
  const see = (ip: string, timeMs: number) => {
    const reference = { text: 'x'.repeat(100) };
    held.push(new WeakRef(reference));
    correlator.observe(rule, 'test', { ip }, timeMs, reference);
  };
  for (let at = 0; at < 200; at++) see(`192.0.2.${at}`, at);
  await sleep(0);
  collectGarbage();
  const alive = held.filter((reference) => reference.deref() !== undefined).length;
  expect(alive).toBeLessThanOrEqual(8);
  expect(correlator.stats().groups).toBeGreaterThan(0);
  // What is remembered still counts on.
  see('192.0.2.199', 300);
  expect(correlator.observe(rule, 'test', { ip: '192.0.2.199' }, 301, {})).toHaveLength(1);
});
