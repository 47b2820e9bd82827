import { describe, expect, it } from 'vitest';
import { createPacer } from './pacer.ts';

describe('a pacer', () => {
  function paced(share: number, atLeastMs: number) {
    let timeMs = 0;
    const pacer = createPacer({ atLeastMs, share, now: () => timeMs });
    return { pacer, pass: (ms: number) => (timeMs += ms), work: (ms: number) => pacer.run(() => void (timeMs += ms)) };
  }

  it('keeps work to its share of the time', async () => {
    const { pacer, pass, work } = paced(0.1, 10);
    await work(100);
    pass(899);
    expect(pacer.isDue()).toBe(false);
    pass(1);
    expect(pacer.isDue()).toBe(true);
  });

  it('does quick work no more often than asked', async () => {
    const { pacer, pass, work } = paced(0.5, 200);
    await work(1);
    pass(199);
    expect(pacer.isDue()).toBe(false);
    pass(1);
    expect(pacer.isDue()).toBe(true);
  });

  it('is never due while a run is under way, and says how long that has taken', async () => {
    let timeMs = 0;
    const pacer = createPacer({ atLeastMs: 0, share: 1, now: () => timeMs });
    let finish: () => void = () => undefined;
    const running = pacer.run(() => new Promise<void>((resolve) => (finish = resolve)));
    timeMs += 5_000;
    expect(pacer.isDue()).toBe(false);
    expect(pacer.runningMs()).toBe(5_000);
    finish();
    await running;
    expect(pacer.isDue()).toBe(true);
  });
});
