import type { Event } from '#model/event.ts';
import { readDockerProgram } from '../../docker/daemon.ts';
import { readMysqlProgram } from '../../mysql/index.ts';
import type { NormaliseContext } from '../../normaliser.ts';
import { readPostgresProgram } from '../../postgresql/index.ts';
import { baseEvent } from '../../reader.ts';
import type { SyslogHeader } from '../header.ts';
import { ACCOUNT_PROGRAMS, readAccount } from './account.ts';
import { readOtherPam } from './pam.ts';
import { readSshd } from './sshd.ts';
import { readSu } from './su.ts';
import { readSudo } from './sudo.ts';
import { readWeb } from './web.ts';

type ProgramReader = (header: SyslogHeader, record: string, context: NormaliseContext) => Event;

const READERS = new Map<string, ProgramReader>([
  ['sshd', readSshd],
  ['sshd-session', readSshd],
  ['sshd-auth', readSshd],
  ['sudo', readSudo],
  ['su', readSu],
  ['su-l', readSu],
  ['dockerd', readDockerProgram],
  ['postgres', readPostgresProgram],
  ['postgresql', readPostgresProgram],
  ['mysqld', readMysqlProgram],
  ['mysql', readMysqlProgram],
  ['mariadbd', readMysqlProgram],
  ['mariadb', readMysqlProgram],
  ['mysqld_safe', readMysqlProgram],
  ['mysql-server_auditing', readMysqlProgram],
  ...ACCOUNT_PROGRAMS.map((program): [string, ProgramReader] => [program, readAccount]),
]);

/** An event from a message whose program is known, whichever way it came: syslog or journald. */
export function readProgramMessage(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  const reader = header.program === undefined ? undefined : READERS.get(header.program);
  if (reader !== undefined) return reader(header, record, context);
  return (
    readWeb(header, record, context) ?? readOtherPam(header, record, context) ?? plainEvent(header, record, context)
  );
}

function plainEvent(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  const { program, pid, severity, facility } = header;
  return baseEvent('syslog', record, context, {
    timeMs: header.timeMs,
    message: header.message,
    hostname: header.hostname,
    process: program === undefined ? undefined : { name: program, pid },
    severity: severity === undefined ? undefined : (OCSF_SEVERITY[severity] ?? 0),
    unmapped: { program, pid, facility, severity },
  });
}

/** RFC 5424 severity, emergency to debug, as OCSF's: fatal, critical, critical, high, medium, low, informational. */
const OCSF_SEVERITY: readonly number[] = [6, 5, 5, 4, 3, 2, 1, 1];
