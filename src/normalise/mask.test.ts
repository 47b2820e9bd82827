import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from './mask.ts';
import { nextSuspect } from './suspects.ts';

const secret = fc
  .string({ unit: fc.constantFrom(...'abcXYZ0189_-+/.!#$%^*,:;?@~(){}'), minLength: 6, maxLength: 30 })
  .map((text) => `s3${text.replace(/[,;:){}(]+$/, '')}Qz`);
const name = fc.constantFrom(
  'password',
  'Password',
  'PASSWD',
  'passphrase',
  'token',
  'access_token',
  'apiKey',
  'api-key',
  'client_secret',
  'secretAccessKey',
  'secret_key',
  'user_pass',
  'MYSQL_PWD',
);
const around = fc.string({ maxLength: 60 });

describe('maskSecrets', () => {
  it('never lets a planted secret through', () => {
    const plain = secret.map((text) => text.replaceAll(/[^\w+/.!-]/g, ''));
    const forms = fc.oneof(
      fc.tuple(name, plain).map(([key, value]) => [`GET /x?a=1&${key}=${value}&b=2 HTTP/1.1`, value]),
      fc.tuple(name, secret).map(([key, value]) => [JSON.stringify({ a: 1, [key]: value, b: [2] }), value]),
      fc
        .tuple(name, secret)
        .map(([key, value]) => [JSON.stringify({ inner: JSON.stringify({ [key]: value, b: 2 }) }), value]),
      fc.tuple(name, secret).map(([key, value]) => [`cmd --x ${key}='${value}' y`, value]),
      plain.map((value) => [`run --password ${value} now`, value]),
      plain.map((value) => [`run --password=${value} now`, value]),
      plain.map((value) => [`mysqldump -uroot -p${value} db`, value]),
      plain.map((value) => [`sshpass -p ${value} ssh a@b`, value]),
      plain.map((value) => [`curl -s -u bob:${value} https://x.example/`, value]),
      plain.map((value) => [`Authorization: Bearer ${value.padEnd(20, 'x')}`, value]),
      plain.map((value) => [`postgres://app:${value.replaceAll('/', '')}@db:5432/x`, value.replaceAll('/', '')]),
    );
    fc.assert(
      fc.property(around, forms, around, (before, [text = '', value = ''], after) => {
        const lead = before.replaceAll(/['"\\]/g, '');
        expect(maskSecrets(`${lead} ${text} ${after}`)).not.toContain(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves JSON valid', () => {
    const object = fc.dictionary(fc.oneof(name, fc.string({ maxLength: 8 })), fc.jsonValue({ depthSize: 'small' }), {
      maxKeys: 6,
    });
    fc.assert(
      fc.property(object, (value) => {
        expect(() => JSON.parse(maskSecrets(JSON.stringify(value)))).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });

  it('finds nothing where there is no suspect', () => {
    fc.assert(
      fc.property(around, name, secret, fc.constantFrom('=', ': ', '":"', ' = '), (before, key, value, between) => {
        const text = `${before}${key}${between}${value}`;
        if (maskSecrets(text) !== text) expect(nextSuspect(text, 0)).toBeLessThan(text.length);
      }),
    );
  });

  it.each([
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic ***'],
    ['key AKIAIOSFODNN7EXAMPLE used', 'key AKIAIOSF****MPLE used'],
    ['LTAI5tAbCdEfGhIjKlMnOpQr', 'LTAI5tAb****OpQr'],
    [
      'a -----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY----- b',
      'a -----BEGIN PRIVATE KEY-----***-----END RSA PRIVATE KEY----- b',
    ],
    ['{"token":12345,"b":1}', '{"token":"***","b":1}'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln tail', 'eyJ*** tail'],
  ])('turns %s into %s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it.each([
    'Nov 20 03:11:01 web-1 sshd[411]: Failed password for root from 203.0.113.9 port 50122 ssh2',
    'Nov 20 03:11:01 web-1 passwd[1]: pam_unix(passwd:chauthtok): password changed for eve',
    'sudo: alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/docker run -p8080:80 mysql:8',
    'ssh -p2222 host; mkdir -p /tmp/x',
    '{"hasToken":true,"secretId":"arn:aws:secretsmanager:x","nextToken":null,"passwordResetRequired":false}',
    'https://shop.example/a:b/c@d',
  ])('changes nothing in %s', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it.each([
    'password',
    'passwd=',
    'mysql ',
    '://a:',
    '"token":"\\',
    '-----BEGIN PRIVATE KEY',
    'eyJ',
    'Bearer ',
    'curl -u a',
    'token:"\\',
    'authorization:',
    '--password ',
  ])('comes to an end over a megabyte of %j', (piece) => {
    const text = piece.repeat(1_000_000 / piece.length);
    const started = performance.now();
    maskSecrets(text);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each([
    // {"alg":"none","typ":"JWT"}, and {"typ":"JWT","alg":"None"} under a name that is masked anyway
    ['GET /a?jwt=eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ1Ijoib3duZXIifQ. x', 'GET /a?jwt=eyJ***(jwt-alg-none) x'],
    ['token=eyJ0eXAiOiJKV1QiLCJhbGciOiJOb25lIn0.eyJ1Ijoib3duZXIifQ.', 'token=***(jwt-alg-none)'],
    ['token=eyJhbGciOiJIUzI1NiJ9.eyJ1Ijoib3duZXIifQ.c2ln', 'token=***'],
    ['token=bm9uZQ"alg":"none"', 'token=***"alg":"none"'],
  ])('tells of a token that nobody signed: %s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
    expect(maskSecrets(masked)).toBe(masked);
  });
});
