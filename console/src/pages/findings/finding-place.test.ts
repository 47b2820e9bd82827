import { expect, test } from 'vitest';
import { placeOf, shortPlaceOf } from './finding-place.ts';

const resource = { provider: 'aws', type: 't', id: 'i', name: 'n' };

test('code stands at its lines, a live resource in its region', () => {
  expect(placeOf({ ...resource, file: 'a/main.tf', line: 3, endLine: 9 })).toBe('a/main.tf:3–9');
  expect(placeOf({ ...resource, file: 'a/main.tf', line: 3, endLine: 3 })).toBe('a/main.tf:3');
  expect(placeOf({ ...resource, file: 'plan.json' })).toBe('plan.json');
  expect(placeOf({ ...resource, region: 'cn-hangzhou', account: '123' })).toBe('cn-hangzhou · 123');
  expect(placeOf({ ...resource, account: '123' })).toBe('123');
  expect(placeOf(resource)).toBe('');
});

test('a long path keeps its end, and the line', () => {
  expect(shortPlaceOf({ ...resource, file: '../x/y/terraform/aws/rds.tf', line: 12 })).toBe(
    '…/terraform/aws/rds.tf:12',
  );
  expect(shortPlaceOf({ ...resource, file: 'aws/rds.tf', line: 12 })).toBe('aws/rds.tf:12');
  expect(shortPlaceOf({ ...resource, region: 'a/b/c/d' })).toBe('a/b/c/d');
});
