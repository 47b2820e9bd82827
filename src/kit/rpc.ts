import { BartizanError, type ErrorCode, type ErrorDetails, toBartizanError } from './errors.ts';

/** One end of a channel to another thread or process: a `MessagePort`, a `Worker`, a `ChildProcess`, or the parent. */
export interface Channel {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
}

type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

/** Names and types of the calls that one side answers: argument in, answer out. */
export type Calls = Readonly<Record<string, { argument: unknown; answer: unknown }>>;

export type HandlersOf<C extends Calls> = {
  readonly [K in keyof C]: (argument: C[K]['argument']) => Promise<C[K]['answer']> | C[K]['answer'];
};

export interface Remote<C extends Calls> {
  /** Rejects with the other side's coded error, or with `lostCode` when the other side is gone. */
  call<K extends keyof C & string>(
    name: K,
    argument: C[K]['argument'],
    transfer?: readonly ArrayBuffer[],
  ): Promise<C[K]['answer']>;
  /** Calls made and not answered yet. */
  pending(): number;
  /** The other side is gone: all open calls reject, and so does every later one. */
  lost(problem: string): void;
}

interface Message {
  readonly rpc: 'call' | 'answer' | 'error';
  readonly id: number;
  readonly name?: string;
  readonly value?: unknown;
  readonly code?: ErrorCode;
  readonly details?: ErrorDetails;
}

/** Questions and answers over a channel, both ways. Values are structured clones; errors keep their code. */
export function connect<Theirs extends Calls, Ours extends Calls>(
  channel: Channel,
  handlers: HandlersOf<Ours>,
  lostCode: ErrorCode = 'BTZ_INTERNAL',
): Remote<Theirs> {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: BartizanError) => void }>();
  let nextId = 1;
  let lostProblem: string | undefined;

  async function answer(message: Message): Promise<void> {
    const { id, name = '', value } = message;
    try {
      const handler = (handlers as Handlers)[name];
      if (!handler) throw new BartizanError('BTZ_INTERNAL', { problem: `no handler for ${name}` });
      channel.post({ rpc: 'answer', id, value: await handler(value as never) });
    } catch (thrown) {
      const { code, details } = toBartizanError(thrown);
      channel.post({ rpc: 'error', id, code, details });
    }
  }

  channel.onMessage((raw) => {
    const message = raw as Message;
    if (message?.rpc === 'call') {
      void answer(message);
      return;
    }
    const caller = waiting.get(message?.id);
    if (!caller) return;
    waiting.delete(message.id);
    if (message.rpc === 'answer') caller.resolve(message.value as never);
    else caller.reject(new BartizanError(message.code ?? 'BTZ_INTERNAL', message.details));
  });

  return {
    call(name, argument, transfer) {
      return new Promise((resolve, reject) => {
        // Nobody is there to answer: waiting would never end.
        if (lostProblem !== undefined) throw new BartizanError(lostCode, { problem: lostProblem });
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        try {
          channel.post({ rpc: 'call', id, name, value: argument }, transfer);
        } catch (thrown) {
          waiting.delete(id);
          reject(toBartizanError(thrown, lostCode));
        }
      });
    },
    pending: () => waiting.size,
    lost(problem) {
      lostProblem = problem;
      for (const { reject } of waiting.values()) reject(new BartizanError(lostCode, { problem }));
      waiting.clear();
    },
  };
}
