import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { BartizanError } from '#kit/errors.ts';
import { type BatchQueue, createBatchQueue } from '../batch-queue.ts';
import type { Intake } from '../collector.ts';
import { createStatus } from '../status.ts';
import { type ListeningCollector, listenError } from './listening.ts';
import { DEFAULT_MAX_QUEUED_BYTES, DEFAULT_MAX_RECORD_BYTES, type SyslogOptions } from './options.ts';
import { createSyslogStreamFramer, type SyslogFrames } from './stream-framer.ts';

export interface SyslogTcpOptions extends SyslogOptions {
  readonly maxConnections?: number;
  readonly maxConnectionsPerAddress?: number;
  /** A connection that says nothing for so long is closed. */
  readonly idleMs?: number;
  /** One that leaves a record half said for so long, too. */
  readonly unfinishedMs?: number;
}

export interface SyslogTlsOptions extends SyslogTcpOptions {
  /** Key and certificate, PEM; with `ca` senders have to show a certificate of that authority. */
  readonly tls: Pick<TlsOptions, 'key' | 'cert' | 'ca'>;
}

const HANDSHAKE_MS = 10_000;
const DEFAULTS = { maxConnections: 1_000, maxConnectionsPerAddress: 100, idleMs: 3_600_000, unfinishedMs: 60_000 };

/** Listens for syslog over TCP (RFC 6587: octet counting or lines). Throws BTZ_LISTEN. */
export function startSyslogTcp(options: SyslogTcpOptions, intake: Intake): Promise<ListeningCollector> {
  return startServer({ stream: 'syslog:tcp', ...options }, intake, createServer());
}

/** Listens for syslog over TLS (RFC 5425), TLS 1.2 or newer. Throws BTZ_LISTEN, also for a key that is none. */
export async function startSyslogTls(options: SyslogTlsOptions, intake: Intake): Promise<ListeningCollector> {
  const { tls, ...rest } = options;
  let server: Server;
  try {
    const mustProve = tls.ca !== undefined;
    server = createTlsServer({
      ...tls,
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE_MS,
      requestCert: mustProve,
      rejectUnauthorized: mustProve,
    });
  } catch (thrown) {
    throw listenError(thrown, options.host, options.port);
  }
  const stream = tls.ca === undefined ? 'syslog:tls' : 'syslog:mtls';
  return startServer({ stream, ...rest }, intake, server, 'secureConnection');
}

async function startServer(
  options: SyslogTcpOptions & { readonly stream: string },
  intake: Intake,
  server: Server,
  ready: 'connection' | 'secureConnection' = 'connection',
): Promise<ListeningCollector> {
  const { host, stream, clock = Date.now, maxQueuedBytes = DEFAULT_MAX_QUEUED_BYTES } = options;
  const limits = { ...DEFAULTS, maxRecordBytes: DEFAULT_MAX_RECORD_BYTES, ...withoutUndefined(options) };
  const stopping = new AbortController();
  const status = createStatus('watching', clock);
  const queue = createBatchQueue({
    intake,
    status,
    signal: stopping.signal,
    stream,
    format: 'syslog',
    maxQueuedBytes,
    clock,
  });
  const sockets = new Set<Socket>();
  const perAddress = new Map<string, number>();

  server.maxConnections = limits.maxConnections;
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const open = (perAddress.get(address) ?? 0) + 1;
    if (open > limits.maxConnectionsPerAddress) {
      socket.destroy();
      return;
    }
    perAddress.set(address, open);
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
    });
    // A broken connection ends its own reading; there is nobody to tell.
    socket.on('error', () => socket.destroy());
  });
  const readers = new Set<Promise<void>>();
  server.on(ready, (socket: Socket) => {
    const reader = readConnection(socket, queue, limits).finally(() => readers.delete(reader));
    readers.add(reader);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  try {
    server.listen(options.port, host);
    await once(server, 'listening');
  } catch (thrown) {
    throw listenError(thrown, host, options.port);
  }
  server.on('error', (error) => status.set('error', error.message));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new BartizanError('BTZ_INTERNAL', { problem: 'no port' });

  return {
    stream,
    port: bound.port,
    status: () => status.current(),
    async stop() {
      stopping.abort();
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(readers);
      await queue.drained();
      status.set('stopped');
    },
  };
}

interface ConnectionLimits {
  readonly maxRecordBytes: number;
  readonly idleMs: number;
  readonly unfinishedMs: number;
}

/** Reads one sender; does not read on while what it said is not durable, so a fast one waits and holds one chunk. */
async function readConnection(socket: Socket, queue: BatchQueue, limits: ConnectionLimits): Promise<void> {
  const framer = createSyslogStreamFramer(limits.maxRecordBytes);
  const sender = socket.remoteAddress ?? '';
  let patience: NodeJS.Timeout | undefined;
  const startPatience = () => {
    patience ??= setTimeout(() => socket.destroy(), framer.isInside() ? limits.unfinishedMs : limits.idleMs);
  };
  const endPatience = () => {
    clearTimeout(patience);
    patience = undefined;
  };
  socket.on('error', () => socket.destroy());
  startPatience();
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      const wasInside = framer.isInside();
      const frames = framer.push(chunk);
      // A record has to be said whole in its time, however its bytes trickle in; waiting for the disk does not count.
      const isSameRecord = wasInside && frames.records.length === 0 && frames.tooLong === 0;
      if (!isSameRecord) endPatience();
      await keep(frames, sender, queue);
      startPatience();
    }
  } catch {
    // Reset or timed out: what was half said is kept as well.
  }
  endPatience();
  await keep(framer.end(), sender, queue);
}

async function keep({ records, tooLong }: SyslogFrames, sender: string, queue: BatchQueue): Promise<void> {
  if (tooLong > 0) queue.drop('too_long', tooLong);
  for (const record of records) while (!queue.offer(record, sender)) await queue.room();
  if (records.length > 0) await queue.settled();
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
