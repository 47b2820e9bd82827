import { isJsonObject, parseJson } from '#kit/json.ts';
import type { Event } from '#model/event.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, type RecordReader } from '../reader.ts';
import { readAnyTime } from '../timestamp.ts';
import { readDaemonMessage } from './daemon.ts';
import { readDockerEvent } from './engine-event.ts';
import { readContainerLine } from './container-line.ts';

export const dockerReader: RecordReader = {
  format: 'docker',
  description:
    'Events of the Docker engine (`docker events --format json`), the daemon’s own log, and the output of containers as the json-file driver keeps it',
  read(record: string, context: NormaliseContext): Event {
    if (record.charCodeAt(0) !== OPEN_BRACE)
      return readDaemonMessage(record, record, context, {}) ?? baseEvent('docker', record, context);
    const parsed = parseJson(record);
    if (!parsed.ok || !isJsonObject(parsed.value)) return baseEvent('docker', record, context);
    const object = parsed.value;
    return (
      readDockerEvent(object, record, context) ??
      readContainerLine(object, record, context) ??
      readDaemonMessage(record, record, context, {}) ??
      baseEvent('docker', record, context, { timeMs: readAnyTime(object.time, context), unmapped: object })
    );
  },
};

const OPEN_BRACE = 0x7b;
