import { describe, expect, test } from 'vitest';
import type { Answer, FailureKind } from './collector.ts';
import { createPace } from './pace.ts';

const fine: Answer = { ok: true, value: {} };
const failing = (kind: FailureKind): Answer => ({ ok: false, failure: { kind, code: kind, message: '' } });

describe('the pace', () => {
  test('never sends more in any second than the limit, nor more at once than it may', async () => {
    const pace = createPace({ inFlight: 5 });
    const sentMs: number[] = [];
    let under = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 60 }, () =>
        pace.call({ key: 'k', perSecond: 30 }, async () => {
          sentMs.push(performance.now());
          most = Math.max(most, ++under);
          await new Promise((resolve) => setTimeout(resolve, 20));
          under -= 1;
          return fine;
        }),
      ),
    );
    for (const fromMs of sentMs)
      expect(sentMs.filter((ms) => ms >= fromMs && ms < fromMs + 1000).length).toBeLessThanOrEqual(30);
    expect(most).toBeLessThanOrEqual(5);
    expect(pace.counts().calls).toBe(60);
  });

  test('of one key does not hold up another', async () => {
    const pace = createPace();
    const slow = Array.from({ length: 3 }, () => pace.call({ key: 'slow', perSecond: 2 }, async () => fine));
    const startedMs = performance.now();
    await pace.call({ key: 'other', perSecond: 2 }, async () => fine);
    expect(performance.now() - startedMs).toBeLessThan(400);
    await Promise.all(slow);
  });

  test.each([
    ['throttled', 7],
    ['busy', 4],
    ['malformed', 2],
    ['denied', 1],
    ['credentials', 1],
    ['not_offered', 1],
    ['refused', 1],
  ] as const)('asks what is %s %i times at most', async (kind, times) => {
    const pace = createPace({ pauseMs: 1 });
    let asked = 0;
    const answer = await pace.call({ key: 'k', perSecond: 10_000 }, async () => {
      asked += 1;
      return failing(kind);
    });
    expect(asked).toBe(times);
    expect(answer).toEqual(failing(kind));
  });

  test('ends at once when it is given up', async () => {
    const end = new AbortController();
    const pace = createPace({ signal: end.signal });
    const calls = Array.from({ length: 3 }, () => pace.call({ key: 'k', perSecond: 0.1 }, async () => fine));
    setTimeout(() => end.abort(new Error('given up')), 20);
    const ended = await Promise.allSettled(calls);
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });
});
