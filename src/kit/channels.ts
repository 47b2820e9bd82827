import type { ChildProcess } from 'node:child_process';
import { parentPort, type Worker } from 'node:worker_threads';
import type { Channel } from './rpc.ts';

/** The parent's end of a thread. */
export function workerChannel(worker: Worker): Channel {
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    onMessage: (listener) => worker.on('message', listener),
  };
}

/** A thread's own end. */
export function parentThreadChannel(): Channel {
  const port = parentPort;
  if (!port) throw new Error('not a worker thread');
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    onMessage: (listener) => port.on('message', listener),
  };
}

/** The parent's end of a forked process (`serialization: 'advanced'`). */
export function childChannel(child: ChildProcess): Channel {
  return {
    post: (message) => {
      child.send(message as object);
    },
    onMessage: (listener) => child.on('message', listener),
  };
}

/** A forked process's own end. */
export function parentProcessChannel(): Channel {
  return {
    post: (message) => {
      process.send?.(message);
    },
    onMessage: (listener) => process.on('message', listener),
  };
}
