import { isJsonObject, parseJson } from '#kit/json.ts';
import type { Event } from '#model/event.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, type RecordReader } from '../reader.ts';
import { readAnyTime } from '../timestamp.ts';

export const jsonReader: RecordReader = {
  format: 'json',
  description:
    'Any other object per record: kept under its own names, with its time, host and message where they have usual ones',
  read(record: string, context: NormaliseContext): Event {
    const parsed = parseJson(record);
    if (!parsed.ok || !isJsonObject(parsed.value)) return baseEvent('json', record, context);
    const object = parsed.value;
    return baseEvent('json', record, context, {
      timeMs: timeOf(object, context),
      message: first(object, MESSAGE) ?? record,
      hostname: first(object, HOST),
      unmapped: object,
    });
  },
};

const TIME = [
  'time',
  'timestamp',
  '@timestamp',
  'ts',
  'eventTime',
  'datetime',
  'date',
  '_time',
  'created_at',
  'EventTime',
];
const MESSAGE = ['message', 'msg', 'log', 'MESSAGE', 'Message', 'event'];
const HOST = ['host', 'hostname', 'Hostname', 'computer', 'Computer', 'host_name', 'node'];

function timeOf(object: Record<string, unknown>, context: NormaliseContext): number | undefined {
  for (const name of TIME) {
    const time = readAnyTime(object[name], context);
    if (time !== undefined) return time;
  }
  return undefined;
}

function first(object: Record<string, unknown>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
