import { expect, test } from 'vitest';
import { chooseEntities } from './entity-choice.ts';

test('the source address comes first, and what is unknown last', () => {
  const { shown, hidden } = chooseEntities({ zebra: '1', auth: 'password', host: 'web-1', src_ip: '203.0.113.9' });
  expect(shown.map(([name]) => name)).toEqual(['src_ip', 'host', 'auth', 'zebra']);
  expect(hidden).toBe(0);
});

test('a short list says how many it leaves out', () => {
  const { shown, hidden } = chooseEntities({ src_ip: 'a', user: 'b', host: 'c', auth: 'd', status: '404' }, 3);
  expect(shown.map(([name]) => name)).toEqual(['src_ip', 'user', 'host']);
  expect(hidden).toBe(2);
});

test('a URL that only repeats the path is not shown twice, one with parameters is', () => {
  expect(chooseEntities({ path: '/a', url: '/a' }).shown).toEqual([['path', '/a']]);
  expect(chooseEntities({ path: '/a', url: '/a?id=1' }).shown).toHaveLength(2);
});
