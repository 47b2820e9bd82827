import type { Event } from '#model/event.ts';
import type { NormaliseContext } from '../normaliser.ts';
import type { RecordReader } from '../reader.ts';
import { readSyslogHeader } from './header.ts';
import { readProgramMessage } from './programs/index.ts';

export { readProgramMessage } from './programs/index.ts';

export const syslogReader: RecordReader = {
  format: 'syslog',
  description: 'Lines of RFC 3164, RFC 5424 and ISO-stamped syslog, read further by the program that wrote them',
  read(record: string, context: NormaliseContext): Event {
    return readProgramMessage(readSyslogHeader(record, context), record, context);
  },
};
