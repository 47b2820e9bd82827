import { readFileSync } from 'node:fs';
import type { Collector, Intake } from '#collect/collector.ts';
import { startFileTail } from '#collect/file-tail/index.ts';
import { framerOf } from '#collect/framing/index.ts';
import { startJournald } from '#collect/journald/index.ts';
import { startSyslogTcp, startSyslogTls, startSyslogUdp } from '#collect/syslog/index.ts';
import { toBartizanError } from '#kit/errors.ts';
import type { SourceFormat } from '#model/event.ts';

interface SyslogSource {
  readonly kind: 'syslog';
  readonly format: 'syslog';
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  /** Authorities of the senders: who has no certificate of theirs is not let in. */
  readonly authorityFile?: string | undefined;
}

/** What to collect, as plain data. */
export type SourceConfig =
  | { readonly kind: 'file'; readonly path: string; readonly format: SourceFormat; readonly start: 'end' | 'beginning' }
  | { readonly kind: 'journald'; readonly format: 'journald' }
  | SyslogSource;

/**
 * Starts the collector that a source asks for. Throws coded errors when it cannot even begin, e.g. a port in use.
 *
 * @param onLoss Hears of lines that may be gone before they were read.
 */
export async function startCollector(
  source: SourceConfig,
  intake: Intake,
  onLoss: (sentence: string) => void,
): Promise<Collector> {
  switch (source.kind) {
    case 'file':
      return startFileTail({ ...source, frame: () => framerOf(source.format), onLoss }, intake);
    case 'journald':
      return startJournald({ start: 'end' }, intake);
    case 'syslog':
      return await startSyslog(source, intake);
  }
}

function startSyslog(source: SyslogSource, intake: Intake): Promise<Collector> {
  const { transport, host, port, certificateFile = '', keyFile = '', authorityFile } = source;
  switch (transport) {
    case 'udp':
      return startSyslogUdp({ host, port }, intake);
    case 'tcp':
      return startSyslogTcp({ host, port }, intake);
    case 'tls':
      return startSyslogTls(
        {
          host,
          port,
          tls: {
            cert: readPem(certificateFile),
            key: readPem(keyFile),
            ...(authorityFile !== undefined && { ca: readPem(authorityFile) }),
          },
        },
        intake,
      );
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path });
  }
}
