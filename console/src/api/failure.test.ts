import { expect, test } from 'vitest';
import { answerOf, Failure, failureOf } from './failure.ts';

const ok = (data: unknown) => Promise.resolve({ data, response: new Response('{}', { status: 200 }) });

test('a good answer is handed on as it is', async () => {
  await expect(answerOf(ok({ size: 3 }))).resolves.toEqual({ size: 3 });
});

test('a coded refusal keeps its code, message and remedy', async () => {
  const error = { code: 'BTZ_BLOCK_LOOPBACK', message: '127.0.0.1 is this machine.', remedy: 'Nothing to do.' };
  const call = answerOf(Promise.resolve({ error, response: new Response('', { status: 409 }) }));
  await expect(call).rejects.toMatchObject(error);
  await expect(call).rejects.toBeInstanceOf(Failure);
});

test('a server that is gone is OFFLINE, not a crash', async () => {
  await expect(answerOf(Promise.reject(new TypeError('Failed to fetch')))).rejects.toMatchObject({ code: 'OFFLINE' });
});

test('an answer of a stranger, such as a proxy page, is UNREADABLE and names the status', () => {
  expect(failureOf('<html>Bad gateway</html>', 502)).toMatchObject({ code: 'UNREADABLE', message: 'HTTP 502' });
  expect(failureOf({ code: 7 }, 500).code).toBe('UNREADABLE');
  expect(failureOf(undefined, 500).code).toBe('UNREADABLE');
});
