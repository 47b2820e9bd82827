import type { Collector, Intake } from '#collect/collector.ts';
import { startFileTail } from '#collect/file-tail/index.ts';
import { framerOf } from '#collect/framing/index.ts';
import type { SourceFormat } from '#model/event.ts';

/** What to collect, as plain data. */
export type SourceConfig =
  | { readonly kind: 'file'; readonly path: string; readonly format: SourceFormat; readonly start: 'end' | 'beginning' }
  | { readonly kind: 'journald'; readonly format: 'journald' }
  | {
      readonly kind: 'syslog';
      readonly format: 'syslog';
      readonly transport: 'udp' | 'tcp' | 'tls';
      readonly host: string;
      readonly port: number;
      readonly certificateFile?: string;
      readonly keyFile?: string;
    };

/** Starts the collector that a source asks for. Throws coded errors when it cannot even begin, e.g. a port in use. */
export async function startCollector(source: SourceConfig, intake: Intake): Promise<Collector> {
  switch (source.kind) {
    case 'file':
      return startFileTail({ ...source, frame: () => framerOf(source.format) }, intake);
    case 'journald':
    case 'syslog':
      throw new Error('not yet');
  }
}
