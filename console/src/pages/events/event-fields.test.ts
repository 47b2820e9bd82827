import { expect, test } from 'vitest';
import { flatten } from './event-fields.ts';

test('nested fields become paths that a condition can name', () => {
  const event = { user: { name: 'root' }, src_endpoint: { ip: '203.0.113.9', port: 50122 }, tags: ['a', 'b'] };
  expect(flatten(event)).toEqual([
    { path: 'user.name', value: 'root' },
    { path: 'src_endpoint.ip', value: '203.0.113.9' },
    { path: 'src_endpoint.port', value: '50122' },
    { path: 'tags', value: '["a","b"]' },
  ]);
});

test('a field that is absent is not shown as one', () => {
  expect(flatten({ user: undefined, host: null, status: 0 })).toEqual([{ path: 'status', value: '0' }]);
});

test('an event made to be huge or deep stays bounded', () => {
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, index]));
  expect(flatten(wide).length).toBe(300);
  let deep: Record<string, unknown> = { end: 1 };
  for (let index = 0; index < 50; index += 1) deep = { a: deep };
  expect(flatten(deep)).toHaveLength(1);
});
