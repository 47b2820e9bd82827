import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withNestedParameters } from './parameters.ts';

describe('flat request parameters', () => {
  test('become the lists and objects that they stand for, and keep their own names', () => {
    const flat = {
      RegionId: 'cn-hangzhou',
      'Permissions.2.PortRange': '3389/3389',
      'Permissions.1.PortRange': '22/22',
      'Permissions.1.SourceCidrIp': '0.0.0.0/0',
      'AddAccount.1': '1111222233334444',
      'SystemDisk.Category': 'cloud_essd',
    };
    expect(withNestedParameters(flat)).toEqual({
      ...flat,
      Permissions: [{ PortRange: '22/22', SourceCidrIp: '0.0.0.0/0' }, { PortRange: '3389/3389' }],
      AddAccount: ['1111222233334444'],
      SystemDisk: { Category: 'cloud_essd' },
    });
  });

  test('are opened where a list comes as its text, and only there', () => {
    const texts = {
      InstanceIds: '["i-1","i-2"]',
      Description: '[draft] new name',
      Policy: '{"Version":"1"}',
      Open: '[',
    };
    expect(withNestedParameters(texts)).toEqual({ ...texts, InstanceIds: ['i-1', 'i-2'] });
  });

  test('do not replace a parameter that is there in full', () => {
    const both = { Permissions: [{ PortRange: '443/443' }], 'Permissions.1.PortRange': '22/22' };
    expect(withNestedParameters(both)).toEqual(both);
  });

  test('leave what is no parameter name alone', () => {
    const odd = { 'a b.1': 1, '.1': 2, 'x.': 3, '1.2': 4, 'A.__proto__.polluted': 5, 'A.constructor.name': 6 };
    expect(withNestedParameters(odd)).toEqual(odd);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('are read to a bound', () => {
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`InstanceId.${at + 1}`, `i-${at}`]));
    expect((withNestedParameters(many).InstanceId as unknown[]).length).toBe(500);
  });

  test('never lose a value and never throw, whatever the names', () => {
    const name = fc.oneof(fc.string(), fc.stringMatching(/^[A-C](\.[1-3A]){0,3}$/));
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), (parameters) => {
        const nested = withNestedParameters(parameters);
        for (const [key, value] of Object.entries(parameters)) {
          if (typeof value !== 'string' || !value.startsWith('[')) expect(nested[key]).toEqual(value);
          else expect(nested[key]).toBeDefined();
        }
      }),
    );
  });
});
