import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBody, toPlain } from './answer.ts';
import { readCredentialReport } from './credential-report.ts';
import { failureOf, UnreadableAnswer } from './failures.ts';

const WHOLE = '<?xml version="1.0"?>\n<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';

describe('a body', () => {
  test.each([WHOLE, '<VersioningConfiguration/>', '<A xmlns="urn:x"></A>\n', '{}', ' {"a":1}\n'])(
    '%s is an answer',
    async (body) => {
      expect(Buffer.from(await readBody(200, Buffer.from(body))).toString()).toBe(body);
    },
  );

  test.each(['', ' ', '<html></html>', '<!DOCTYPE html><html></html>', 'null', '[]', 'OK', '<a></b>', '{"a":'])(
    '%s is none',
    async (body) => {
      await expect(readBody(200, Buffer.from(body))).rejects.toThrow(UnreadableAnswer);
    },
  );

  test('that is cut off anywhere is none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: WHOLE.length - 1 }), async (length) => {
        await expect(readBody(200, Buffer.from(WHOLE.slice(0, length)))).rejects.toThrow(UnreadableAnswer);
      }),
    );
  });

  test('of an error is left to the SDK, whatever it is', async () => {
    expect((await readBody(502, Buffer.from('<html>'))).length).toBe(6);
  });

  test('without end is given up, not kept', async () => {
    let sent = 0;
    const endless = async function* () {
      for (;;) {
        sent += 1;
        yield Buffer.alloc(1024 * 1024, 0x20);
      }
    };
    await expect(readBody(200, endless())).rejects.toThrow(UnreadableAnswer);
    expect(sent).toBeLessThan(40);
  });
});

describe('an output of the SDK', () => {
  test('becomes data: dates, bytes, and nothing that is not set', () => {
    const output = {
      $metadata: { httpStatusCode: 200 },
      When: new Date(Date.UTC(2026, 10, 24)),
      Content: Buffer.from('user'),
      Nothing: undefined,
      Tags: [{ Key: 'a', Value: null }],
    };
    expect(toPlain(output)).toEqual({ When: '2026-11-24T00:00:00.000Z', Content: 'dXNlcg==', Tags: [{ Key: 'a' }] });
  });

  test('changes no prototype, and is not followed for ever', () => {
    const hostile: unknown = JSON.parse('{"Tags":{"__proto__":{"polluted":true}}}');
    expect(toPlain(hostile)).toEqual({ Tags: {} });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(() => toPlain(loop)).toThrow(UnreadableAnswer);
  });
});

describe('a failure', () => {
  const thrown = (name: string, status: number, message = '') =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

  test.each([
    ['ThrottlingException', 400, 'throttled'],
    ['RequestLimitExceeded', 503, 'throttled'],
    ['SlowDown', 503, 'throttled'],
    ['UnauthorizedOperation', 403, 'denied'],
    ['AccessDenied', 403, 'denied'],
    ['AuthorizationErrorException', 403, 'denied'],
    ['ExpiredTokenException', 400, 'credentials'],
    ['AuthFailure', 401, 'credentials'],
    ['OptInRequired', 403, 'not_offered'],
    ['InternalFailure', 500, 'busy'],
    ['NoSuchBucket', 404, 'refused'],
    ['SyntaxError', 200, 'malformed'],
    ['SyntaxError', 502, 'busy'],
  ])('%s (%i) is %s', (name, status, kind) => {
    expect(failureOf(thrown(name, status)).kind).toBe(kind);
  });

  test('shows no key, no signature and no encoded message', () => {
    const { message } = failureOf(
      thrown('AccessDenied', 403, 'Key AKIAIOSFODNN7EXAMPLE may not. Encoded authorization failure message: abcDEF123'),
    );
    expect(message).toBe('Key AKIA… may not.');
  });
});

test('a credential report is read with names that hold commas', () => {
  const csv =
    'user,arn,mfa_active,password_last_used\n"smith, jo",arn:aws:iam::2:user/smith,true,no_information\n<root_account>,arn:aws:iam::2:root,false,2026-01-01T00:00:00+00:00\n';
  const [smith, root] = readCredentialReport({ Content: Buffer.from(csv).toString('base64') });
  expect({ ...smith }).toEqual({ user: 'smith, jo', arn: 'arn:aws:iam::2:user/smith', mfa_active: 'true' });
  expect(root?.['password_last_used']).toBe('2026-01-01T00:00:00+00:00');
  expect(() => readCredentialReport({ Content: Buffer.from('<html>').toString('base64') })).toThrow('a column user');
});
