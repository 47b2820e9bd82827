import { expect, it } from 'vitest';
import { unknown } from '#model/resource.ts';
import { MASKED, maskNamed, maskWhole } from './secrets.ts';

it.each([
  'password',
  'db_password',
  'DB_PASSWORD',
  'dbPassword',
  'master-password',
  'api_token',
  'secret_key',
  'private_key',
])('masks a text below the name %s', (name) => {
  expect(maskNamed(name, 'hunter2')).toBe(MASKED);
  expect(maskNamed('environment', [{ variables: { [name]: 'hunter2', port: '80' } }])).toEqual([
    { variables: { [name]: MASKED, port: '80' } },
  ]);
});

it.each([
  ['http_tokens', 'required'],
  ['password_policy', 'strong'],
  ['kms_key_id', 'k-1'],
  ['secret_arn', 'arn:aws:secretsmanager:x'],
  ['password', 'arn:aws:secretsmanager:eu-west-1:1:secret:db'],
  ['password', ''],
])('leaves %s = %j, which gives nothing away', (name, value) => {
  expect(maskNamed(name, value)).toBe(value);
});

it('leaves what is no text: that it is set, and how, is what checks ask', () => {
  const later = unknown('known after apply');
  expect(maskNamed('password', true)).toBe(true);
  expect(maskNamed('password', later)).toBe(later);
  expect(maskWhole({ a: ['x', 1, ''], b: later })).toEqual({ a: [MASKED, 1, ''], b: later });
});
