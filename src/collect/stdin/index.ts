import type { SourceFormat } from '#model/event.ts';
import type { Collector, Intake } from '../collector.ts';
import { type DeliveryContext, deliver } from '../delivery.ts';
import { type FramedRecords, framerOf, MAX_CHUNK_BYTES } from '../framing/index.ts';
import { createStatus } from '../status.ts';

export interface StdinOptions {
  /** `process.stdin`, or any other stream of bytes. */
  readonly input: AsyncIterable<Uint8Array> & { destroy?(): unknown };
  readonly format: SourceFormat;
  /** `stdin` unless told. */
  readonly stream?: string;
  readonly clock?: () => number;
}

export interface StdinCollector extends Collector {
  /** Resolves when the input is over and all of it durable. */
  readonly finished: Promise<void>;
}

/** Reads what is piped in, to its end; the writer waits while the disk is busy. */
export function startStdin(options: StdinOptions, intake: Intake): StdinCollector {
  const { input, format, stream = 'stdin', clock = Date.now } = options;
  const stopping = new AbortController();
  const status = createStatus('watching', clock);
  const delivery: DeliveryContext = { intake, status, signal: stopping.signal };

  async function run(): Promise<void> {
    const framer = framerOf(format);
    try {
      for await (const chunk of input) {
        for (let at = 0; at < chunk.length; at += MAX_CHUNK_BYTES) {
          await commit(framer.push(chunk.subarray(at, at + MAX_CHUNK_BYTES)));
        }
        if (stopping.signal.aborted) break;
      }
    } catch (thrown) {
      if (!stopping.signal.aborted) status.set('error', thrown instanceof Error ? thrown.message : String(thrown));
    }
    await commit(framer.end());
    if (status.current().state !== 'error') status.set('stopped', 'The input is over.');
  }

  async function commit({ payload, ends, dropped }: FramedRecords): Promise<void> {
    if (ends.length === 0 && Object.keys(dropped).length === 0) return;
    await deliver(delivery, { stream, format, receivedMs: clock(), payload, ends }, { dropped });
  }

  const finished = run();
  return {
    stream,
    finished,
    status: () => status.current(),
    async stop() {
      stopping.abort();
      input.destroy?.();
      await finished;
      status.set('stopped');
    },
  };
}
