import { expect, it } from 'vitest';
import type { RuleInfo, Signal } from '#model/signal.ts';
import { createPrecedence } from './precedence.ts';

const rule = (id: string, unless?: readonly string[]): RuleInfo => ({
  id,
  title: { zh: id, en: id },
  level: 'low',
  attack: [],
  reason: { zh: id, en: id },
  advice: { zh: id, en: id },
  groupBy: [],
  ...(unless && { unless }),
});

const ordered = (rules: readonly RuleInfo[], ids: readonly string[]): readonly string[] => {
  const signals = ids.map((id) => ({ rule: rules.find((each) => each.id === id) }) as Signal);
  createPrecedence(rules)(signals);
  return signals.map((signal) => signal.rule.id);
};

it('tells the better story first, over several steps, and leaves all others where they are', () => {
  const rules = [rule('weakest', ['weak']), rule('other'), rule('weak', ['strong']), rule('strong'), rule('last')];
  expect(ordered(rules, ['weakest', 'other', 'weak', 'strong', 'last'])).toEqual([
    'other',
    'strong',
    'last',
    'weak',
    'weakest',
  ]);
  expect(ordered(rules, ['other', 'last', 'strong'])).toEqual(['other', 'last', 'strong']);
});

it('ends where rules give way to each other, or to one that is not there', () => {
  const rules = [rule('a', ['b', 'gone']), rule('b', ['a'])];
  expect([...ordered(rules, ['a', 'b'])].sort()).toEqual(['a', 'b']);
});
