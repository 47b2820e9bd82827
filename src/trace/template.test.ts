import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillTemplate } from './template.ts';

const FACTS = { count: 12, distinct: 4, spanMs: 90_000 };
const fill = (text: string, entities: Record<string, string> = {}) =>
  fillTemplate({ zh: text, en: text }, entities, FACTS);

it('fills entities and facts', () => {
  expect(fill('{src_ip}: {count}, {distinct}, {span}', { src_ip: '203.0.113.9' })).toEqual({
    zh: '203.0.113.9: 12, 4, 90 秒',
    en: '203.0.113.9: 12, 4, 90 seconds',
  });
});

it('leaves a bracketed part out when an entity in it is absent', () => {
  expect(fill('failed[ as {user}][ on {host}]', { host: 'web-1' }).en).toBe('failed on web-1');
  expect(fill('failed[ as {user} on {host}]', { host: 'web-1' }).en).toBe('failed');
});

it('says so when an entity outside brackets is absent', () => {
  expect(fill('by {actor}')).toEqual({ zh: 'by （未知）', en: 'by (unknown)' });
});

it('leaves other brackets alone', () => {
  expect(fill('look in [Install] of the unit').en).toBe('look in [Install] of the unit');
});

it('never reads a value as a template, whatever an attacker calls himself', () => {
  fc.assert(
    fc.property(fc.constantFrom('{count}', '[{src_ip}]', '$&', '$1', '{constructor}', '[', '{'), (user) => {
      expect(fill('as {user}[, {user}]', { user }).en).toBe(`as ${user}, ${user}`);
    }),
  );
  expect(fill('{constructor}').en).toBe('(unknown)');
});

it('counts one in the singular, in English, and touches no value', () => {
  const one = (text: string, user = 'x'): string =>
    fillTemplate({ zh: text, en: text }, { user }, { ...FACTS, count: 1 }).en;
  expect(one('sent {count} requests with this')).toBe('sent 1 request with this');
  expect(one('sent {count} successful requests[ as {user}]')).toBe('sent 1 successful request as x');
  expect(one('in {count} batches, {count} times within')).toBe('in 1 batch, once within');
  expect(one('{count} of its rows, as {user}', '{count} times')).toBe('1 of its rows, as {count} times');
  expect(fill('{count} requests, {count} times').en).toBe('12 requests, 12 times');
});
