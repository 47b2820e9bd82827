import { expect, it } from 'vitest';
import { createPatience } from './patience.ts';

function atTime(budgetMs: number) {
  let now = 5_000;
  const patience = createPatience(budgetMs, () => now);
  return {
    ...patience,
    later(ms: number) {
      now += ms;
    },
  };
}

it('waits as long as others say, and not a moment when nobody does', () => {
  const { hold, waitMs, later } = atTime(60_000);
  expect(waitMs()).toBe(0);
  hold(2_000);
  expect(waitMs()).toBe(2_000);
  later(1_500);
  expect(waitMs()).toBe(500);
  later(600);
  expect(waitMs()).toBe(0);
});

it('goes on when its budget is used up, however loudly others ask, and waits again after as long a rest', () => {
  const { hold, waitMs, later } = atTime(10_000);
  for (let second = 0; second < 10; second++) {
    hold(2_000);
    expect(waitMs()).toBeGreaterThan(0);
    later(1_000);
  }
  hold(2_000);
  expect(waitMs()).toBe(0);
  later(2_000);
  expect(waitMs()).toBe(0);
  later(4_000);
  hold(9_000);
  expect(waitMs()).toBe(4_000);
});
