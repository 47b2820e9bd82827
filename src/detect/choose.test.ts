import { expect, it } from 'vitest';
import { chooseRules, loadRuleSet } from './index.ts';

const whole = loadRuleSet([
  {
    path: 'all.yml',
    text: [rule('fed', 'a'), rule('other', 'b'), counting('sum', 'fed', 'c'), counting('top', 'sum', 'd')].join('---'),
  },
]);
const namesOf = (rules: readonly { name?: string }[]) => rules.map(({ name }) => name);
const alerting = (chosen: ReturnType<typeof chooseRules>) =>
  [...chosen.ruleSet.details].filter(([, { alerts }]) => alerts).map(([{ name }]) => name);

it('a correlation brings what it counts, down to the rules, and nothing else', () => {
  const chosen = chooseRules(whole, ['top']);
  expect(namesOf(chosen.ruleSet.rules)).toEqual(['fed']);
  expect(namesOf(chosen.ruleSet.correlations)).toEqual(['sum', 'top']);
  expect([alerting(chosen), [...chosen.names], chosen.unknown]).toEqual([['top'], ['top'], []]);
});

it('a rule that only feeds alerts when it is the one that was asked for, by name or id', () => {
  expect(alerting(chooseRules(whole, ['fed']))).toEqual(['fed']);
  const byId = chooseRules(whole, [whole.rules[0]?.id ?? '']);
  expect([alerting(byId), [...byId.names]]).toEqual([['fed'], ['fed']]);
  expect(whole.details.get(whole.rules[0] as never)?.alerts).toBe(false);
});

it('what there is none of is said', () => {
  expect(chooseRules(whole, ['other', 'toString', '']).unknown).toEqual(['toString', '']);
});

function rule(name: string, digit: string): string {
  return `
title: ${name}
id: 7c6f4a52-8f0a-4a57-9d5e-00000000000${digit}
name: ${name}
logsource: {product: linux, service: sshd}
detection: {words: ['xyzzy'], condition: words}
level: low
`;
}

function counting(name: string, below: string, digit: string): string {
  return `
title: ${name}
id: 7c6f4a52-8f0a-4a57-9d5e-00000000000${digit}
name: ${name}
correlation: {type: event_count, rules: [${below}], group-by: [src_endpoint.ip], timespan: 1m, condition: {gte: 2}}
level: low
`;
}
