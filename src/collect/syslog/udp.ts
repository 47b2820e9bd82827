import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { createBatchQueue } from '../batch-queue.ts';
import type { Intake } from '../collector.ts';
import { createStatus } from '../status.ts';
import { kernelDrops } from './kernel-drops.ts';
import { type ListeningCollector, listenError } from './listening.ts';
import { DEFAULT_MAX_QUEUED_BYTES, DEFAULT_MAX_RECORD_BYTES, type SyslogOptions } from './options.ts';

/** Room in the kernel for what arrives while the disk is busy; the kernel gives what `net.core.rmem_max` allows. */
const RECEIVE_BUFFER_BYTES = 8 * 2 ** 20;
const DROP_CHECK_MS = 1_000;

/**
 * Listens for syslog over UDP (RFC 5426): one datagram, one record. There is no way to ask a sender to wait, so what
 * does not fit, here or in the kernel’s own buffer, is counted as `queue_full`, or `disk_full` where that is the cause.
 *
 * Throws BTZ_LISTEN.
 */
export async function startSyslogUdp(options: SyslogOptions, intake: Intake): Promise<ListeningCollector> {
  const { host, stream = 'syslog:udp', clock = Date.now } = options;
  const { maxRecordBytes = DEFAULT_MAX_RECORD_BYTES, maxQueuedBytes = DEFAULT_MAX_QUEUED_BYTES } = options;
  const stopping = new AbortController();
  const status = createStatus('watching', clock);
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' });
  const queue = createBatchQueue({
    intake,
    status,
    signal: stopping.signal,
    stream,
    format: 'syslog',
    maxQueuedBytes,
    clock,
  });

  const whyFull = () => (status.isDiskFull() ? 'disk_full' : 'queue_full');
  let datagrams = 0;
  socket.on('message', (datagram: Buffer, { address }: RemoteInfo) => {
    datagrams++;
    const record = withoutEnd(datagram);
    if (record.length > maxRecordBytes) queue.drop('too_long');
    else if (record.length > 0 && !queue.offer(record, address)) queue.drop(whyFull());
  });

  try {
    socket.bind(options.port, host);
    await once(socket, 'listening');
  } catch (thrown) {
    socket.close();
    throw listenError(thrown, host, options.port);
  }
  socket.on('error', (error) => status.set('error', error.message));
  enlarge(socket);

  const { port } = socket.address();
  let seenDrops = 0;
  function countKernelDrops(): void {
    const drops = kernelDrops(host, port);
    if (drops > seenDrops) queue.drop(whyFull(), drops - seenDrops);
    seenDrops = Math.max(drops, seenDrops);
  }
  const timer = setInterval(countKernelDrops, DROP_CHECK_MS);

  async function close(): Promise<void> {
    clearInterval(timer);
    await readWaiting(() => datagrams);
    countKernelDrops();
    stopping.abort();
    socket.close();
    await queue.drained();
    status.set('stopped');
  }

  let closed: Promise<void> | undefined;
  return {
    stream,
    port,
    status: () => status.current(),
    stop() {
      closed ??= close();
      return closed;
    },
  };
}

function enlarge(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The kernel’s default then has to do; what it cannot hold is counted.
  }
}

/** Lets the datagrams that the kernel holds already be read, for a second at most. */
async function readWaiting(count: () => number): Promise<void> {
  const untilMs = performance.now() + 1_000;
  for (let before = -1; count() !== before && performance.now() < untilMs; ) {
    before = count();
    // Twice: one round of the event loop reads a few dozen, and the first may be past reading already.
    for (let round = 0; round < 2; round++) await new Promise(setImmediate);
  }
}

function withoutEnd(datagram: Buffer): Buffer {
  let end = datagram.length;
  while (end > 0 && (datagram[end - 1] === 0x0a || datagram[end - 1] === 0x0d || datagram[end - 1] === 0)) end--;
  return datagram.subarray(0, end);
}
