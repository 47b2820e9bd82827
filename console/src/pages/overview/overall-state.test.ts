import { expect, test } from 'vitest';
import type { Level, Overview, Todo } from '../../api/shapes.ts';
import { overallState, todosOf } from './overall-state.ts';

const todo = (level: Level): Todo => ({ id: level, kind: 'alert', level, subject: 'x', link: '/alerts/x' });
const lake = (state: Overview['lake']['state']) => ({ state, rows: 0, bytes: 0 });
const NO_ALERTS = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
const QUIET: Parameters<typeof todosOf>[0] = {
  todo: [],
  firewall: { available: true },
  respond: 'ask',
  lake: lake('ready'),
  openAlerts: NO_ALERTS,
};

test('nothing to do and a working search: all is well', () => {
  expect(todosOf(QUIET)).toEqual([]);
  expect(overallState([], QUIET)).toBe('well');
});

test('the gravest thing decides', () => {
  expect(overallState([todo('low'), todo('medium')], QUIET)).toBe('attention');
  expect(overallState([todo('low'), todo('critical')], QUIET)).toBe('urgent');
});

test('it never says that all is well while the search is down', () => {
  expect(overallState([], { lake: lake('starting') })).not.toBe('well');
  const failed = { ...QUIET, lake: lake('failed') };
  expect(overallState(todosOf(failed), failed)).toBe('attention');
});

test('a firewall that cannot block is a thing to do, unless blocking is switched off', () => {
  const broken: typeof QUIET = { ...QUIET, firewall: { available: false, problem: 'nft is not installed' } };
  expect(todosOf(broken)).toMatchObject([{ kind: 'firewall', subject: 'nft is not installed' }]);
  expect(todosOf({ ...broken, respond: 'off' })).toEqual([]);
});

test('open alerts that the server does not name are named together, and not counted twice', () => {
  expect(todosOf({ ...QUIET, openAlerts: { ...NO_ALERTS, medium: 4, low: 5 } })).toMatchObject([
    { kind: 'others', level: 'medium', subject: '9' },
  ]);
  expect(todosOf({ ...QUIET, todo: [todo('high')], openAlerts: { ...NO_ALERTS, high: 1 } })).toHaveLength(1);
});

test('there are never more than three', () => {
  const all = [todo('critical'), todo('high'), todo('high')];
  const busy = { ...QUIET, todo: all, firewall: { available: false }, openAlerts: { ...NO_ALERTS, low: 9 } };
  expect(todosOf(busy)).toEqual(all);
});
