import { BartizanError } from '#kit/errors.ts';

/** Runs one piece of work at a time, in order; when `maxWaiting` wait already, the next is refused. */
export function inTurns(maxWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return <T>(work: () => Promise<T>) => {
    if (waiting >= maxWaiting) {
      return Promise.reject(new BartizanError('BTZ_LAKE_UNAVAILABLE', { problem: 'too many searches are waiting' }));
    }
    waiting += 1;
    const mine = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = mine.catch(() => {});
    return mine;
  };
}
