import type { Event } from '#model/event.ts';
import { accessReader } from '../access/index.ts';
import { mysqlReader } from '../mysql/index.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { postgresqlReader } from '../postgresql/index.ts';
import { baseEvent, type RecordReader } from '../reader.ts';
import { readAnyTime } from '../timestamp.ts';

/**
 * A line that a container wrote, as the json-file driver keeps it: `{"log":"…\n","stream":"stdout","time":"…"}`. What
 * servers are known to write in containers is read further; anything else is searchable text.
 */
export function readContainerLine(
  object: Readonly<Record<string, unknown>>,
  record: string,
  context: NormaliseContext,
): Event | undefined {
  const { log, stream, time } = object;
  if (typeof log !== 'string' || (stream !== 'stdout' && stream !== 'stderr')) return undefined;
  const line = log.trimEnd();
  const timeMs = readAnyTime(time, context);
  for (const [looks, reader] of KNOWN) {
    if (!looks.test(line.slice(0, LONGEST_HEAD))) continue;
    const event = reader.read(line, { ...context, receivedMs: timeMs ?? context.receivedMs });
    if (event.class_uid !== 0) return { ...event, raw: record };
  }
  return baseEvent('docker', record, context, {
    timeMs,
    message: line,
    unmapped: { action: 'output', stream, attributes: object.attrs },
  });
}

const LONGEST_HEAD = 2048;

/** How the lines of each begin; what they turn out to be is for the readers to say. */
const KNOWN: readonly (readonly [looks: RegExp, reader: RecordReader])[] = [
  [/^\S{1,255} [^"[]{0,600}\[\d\d\/[A-Z][a-z]{2}\/\d{4}:/, accessReader],
  [/^.{0,400}(?:LOG|FATAL|ERROR|STATEMENT):  /, postgresqlReader],
  [/(?:Access denied for user|Aborted connection|,(?:FAILED_)?CONNECT,|,QUERY,)/, mysqlReader],
];
