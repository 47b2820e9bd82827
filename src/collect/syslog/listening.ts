import { BartizanError } from '#kit/errors.ts';
import type { Collector } from '../collector.ts';

/** A collector that listens. */
export interface ListeningCollector extends Collector {
  readonly port: number;
}

/** Gives what the socket layer threw a code: the port is taken, the address is not ours, or it may not be opened. */
export function listenError(thrown: unknown, host: string, port: number): BartizanError {
  const { message } = thrown as Error;
  return new BartizanError('BTZ_LISTEN', { address: `${host}:${port}`, problem: message }, { cause: thrown });
}
