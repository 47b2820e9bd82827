import { expect, test } from 'vitest';
import type { Level, Overview } from '../../api/shapes.ts';
import { overallState } from './overall-state.ts';

const todo = (level: Level) => ({ id: level, kind: 'alert', level, subject: 'x', link: '/alerts/x' });
const lake = (state: Overview['lake']['state']) => ({ state, rows: 0, bytes: 0 });

test('nothing to do and a working search: all is well', () => {
  expect(overallState({ todo: [], lake: lake('ready') })).toBe('well');
});

test('the gravest thing decides', () => {
  expect(overallState({ todo: [todo('low'), todo('medium')], lake: lake('ready') })).toBe('attention');
  expect(overallState({ todo: [todo('low'), todo('critical')], lake: lake('ready') })).toBe('urgent');
});

test('it never says that all is well while the search is down', () => {
  expect(overallState({ todo: [], lake: lake('starting') })).not.toBe('well');
  expect(overallState({ todo: [], lake: lake('failed') })).not.toBe('well');
});
