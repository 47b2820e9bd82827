import { describe, expect, test } from 'vitest';
import { readChecks } from '../content.ts';
import { COLLECTORS, planOf } from './index.ts';

const { checks } = readChecks([new URL('../../../content/checks', import.meta.url).pathname]);

describe.each(['azurerm', 'google', 'tencentcloud', 'huaweicloud'] as const)('live accounts of %s', (provider) => {
  const collector = COLLECTORS[provider];

  test('are not read, and that is said rather than an empty result', async () => {
    await expect(collector.connect({})).rejects.toMatchObject({ code: 'BTZ_CLOUD_NOT_COLLECTED' });
    expect(() => collector.policy([])).toThrow(/not read yet/);
  });

  test('have checks for code all the same, none of which pretends to read an account', () => {
    const own = checks.filter((check) => check.provider === provider);
    expect(own.length).toBeGreaterThanOrEqual(10);
    expect(planOf(collector, own).checks).toEqual([]);
    for (const { cases } of own) expect(cases.every(({ terraform }) => terraform !== undefined)).toBe(true);
  });
});
