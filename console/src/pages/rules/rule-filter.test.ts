import { expect, test } from 'vitest';
import type { RuleEntry } from '../../api/shapes.ts';
import { filterRules, sourcesOf } from './rule-filter.ts';

const EVERY = { text: '', minLevel: undefined, source: undefined, onlyFired: false, onlyOwn: false } as const;
const RULES = [
  rule('ssh-bruteforce', { level: 'high', attack: ['T1110.001'], source: 'linux / sshd' }),
  rule('ssh-login', { level: 'low', fired: { shown: 0, putAway: 3 } }),
  rule('<b>mine</b>', { level: 'critical', isOwn: true, source: 'event_count' }),
];

test('what fired comes first, then what is gravest', () => {
  expect(ids({})).toEqual(['ssh-login', '<b>mine</b>', 'ssh-bruteforce']);
});

test('every word has to fit, in any language, whatever its case', () => {
  expect(ids({ text: 'SSH  t1110' })).toEqual(['ssh-bruteforce']);
  expect(ids({ text: '规则 mine' })).toEqual(['<b>mine</b>']);
  expect(ids({ text: 'ssh nothing' })).toEqual([]);
  expect(ids({ text: '.*' })).toEqual([]);
});

test('level, source, firing and ownership narrow it further', () => {
  expect(ids({ minLevel: 'high' })).toEqual(['<b>mine</b>', 'ssh-bruteforce']);
  expect(ids({ source: 'linux / sshd' })).toEqual(['ssh-bruteforce']);
  expect(ids({ onlyFired: true })).toEqual(['ssh-login']);
  expect(ids({ onlyOwn: true, onlyFired: true })).toEqual([]);
  expect(sourcesOf(RULES)).toEqual(['event_count', 'linux', 'linux / sshd']);
});

function ids(filter: Partial<Parameters<typeof filterRules>[1]>) {
  return filterRules(RULES, { ...EVERY, ...filter }).map(({ id }) => id);
}

function rule(id: string, changes: Partial<RuleEntry>): RuleEntry {
  return {
    id,
    title: { zh: '规则', en: 'Rule' },
    level: 'medium',
    attack: [],
    kind: 'rule',
    source: 'linux',
    alerts: true,
    isOwn: false,
    fired: { shown: 0, putAway: 0 },
    heldBack: 0,
    ...changes,
  };
}
