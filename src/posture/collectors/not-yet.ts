import { BartizanError } from '#kit/errors.ts';
import type { Provider } from '#model/resource.ts';
import type { Collector } from './collector.ts';

/**
 * A provider whose live accounts nothing reads yet: it says so, and what there is instead. Its place is kept so that
 * checks, which speak of code already, find the same interface when it comes.
 *
 * @param name as people call it
 */
export function notYetCollected(provider: Provider, name: string): Collector<never> {
  const refuse = (): never => {
    throw new BartizanError('BTZ_CLOUD_NOT_COLLECTED', { provider: name });
  };
  return { provider, services: [], permissions: [], connect: async () => refuse(), policy: refuse };
}
