import { type Event, OCSF_CLASS } from '#model/event.ts';
import type { NormaliseContext } from '../../normaliser.ts';
import { baseEvent, INFORMATIONAL, LOW } from '../../reader.ts';
import type { SyslogHeader } from '../header.ts';
import { type PamFacts, pamClass, readPam } from './pam.ts';

/** sudo's own line, sudoers(5) “Event logging”: `alice : 3 incorrect password attempts ; TTY=… ; PWD=… ; USER=… ; COMMAND=…`. */
export function readSudo(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  const message = header.message.trimStart();
  const pam = readPam(message);
  if (pam !== undefined) return pamEvent(pam, header, record, context);
  const nameEnd = message.indexOf(' : ');
  if (nameEnd < 1) return otherEvent(header, record, context);

  const user = message.slice(0, nameEnd);
  const details = message.slice(nameEnd + 3);
  const fields = readFields(details);
  const problem = fields.TTY === undefined && fields.USER === undefined ? details : details.slice(0, fields.problemEnd);
  const outcome = outcomeOf(problem.trim());
  if (outcome === undefined) return otherEvent(header, record, context);

  const isCommand = outcome.action === 'command';
  return {
    id: context.id,
    time: header.timeMs ?? context.receivedMs,
    source: 'sudo',
    class_uid: isCommand ? OCSF_CLASS.processActivity : OCSF_CLASS.authentication,
    activity_id: 1,
    severity_id: isCommand ? INFORMATIONAL : LOW,
    status_id: isCommand ? 1 : 2,
    status_detail: isCommand ? undefined : problem.trim(),
    message: header.message,
    device: { hostname: header.hostname },
    user: { name: fields.USER ?? user },
    actor: { user: { name: user }, process: { name: 'sudo', pid: header.pid } },
    process: { name: fields.COMMAND === undefined ? 'sudo' : commandName(fields.COMMAND), cmd_line: fields.COMMAND },
    unmapped: {
      action: outcome.action,
      user,
      run_as: fields.USER,
      command: fields.COMMAND,
      tty: fields.TTY,
      pwd: fields.PWD,
      group: fields.GROUP,
      attempts: outcome.attempts,
      pid: header.pid,
    },
    raw: record,
  };
}

interface SudoFields {
  TTY?: string;
  PWD?: string;
  USER?: string;
  GROUP?: string;
  COMMAND?: string;
  problemEnd: number;
}

/** `NAME=value` parts behind ` ; `; the command is the last, and may hold anything. */
function readFields(details: string): SudoFields {
  const fields: SudoFields = { problemEnd: details.length };
  let at = FIELD.test(details) ? 0 : details.indexOf(' ; ') + 3;
  if (at < 3 && !FIELD.test(details)) return fields;
  fields.problemEnd = at === 0 ? 0 : at - 3;
  while (at < details.length) {
    const equals = details.indexOf('=', at);
    if (equals === -1) break;
    const name = details.slice(at, equals);
    const separator = name === 'COMMAND' ? -1 : details.indexOf(' ; ', equals);
    const value = details.slice(equals + 1, separator === -1 ? details.length : separator);
    if (name === 'TTY' || name === 'PWD' || name === 'USER' || name === 'GROUP' || name === 'COMMAND')
      fields[name] = value;
    if (separator === -1) break;
    at = separator + 3;
  }
  return fields;
}

const FIELD = /^(?:HOST|TTY|CHROOT|PWD|USER|GROUP|TSID|ENV|COMMAND)=/;

function outcomeOf(problem: string): { action: string; attempts?: number } | undefined {
  if (problem === '') return { action: 'command' };
  const attempts = INCORRECT.exec(problem);
  if (attempts !== null) return { action: 'incorrect_password', attempts: Number(attempts[1]) };
  if (
    problem.includes('NOT in sudoers') ||
    problem.includes('NOT authorized') ||
    problem.startsWith('command not allowed')
  ) {
    return { action: 'not_in_sudoers' };
  }
  if (AUTH_PROBLEM.test(problem)) return { action: 'auth_failure' };
  return undefined;
}

const INCORRECT = /^(\d{1,6}) incorrect password attempts?/;
const AUTH_PROBLEM =
  /^(?:a password is required|no tty present|a terminal is required|sorry, you must have a tty|account validation failure|authentication (?:failure|error)|PAM )/;

function commandName(command: string): string {
  const end = command.indexOf(' ');
  const path = end === -1 ? command : command.slice(0, end);
  return path.slice(path.lastIndexOf('/') + 1);
}

function pamEvent(pam: PamFacts, header: SyslogHeader, record: string, context: NormaliseContext): Event {
  if (pam.action === 'other') return otherEvent(header, record, context);
  const isFailure = pam.action === 'pam_failure' || pam.action === 'account_locked';
  const action = isFailure ? 'auth_failure' : pam.action;
  return {
    id: context.id,
    time: header.timeMs ?? context.receivedMs,
    source: 'sudo',
    ...pamClass(pam),
    message: header.message,
    device: { hostname: header.hostname },
    user: pam.user === undefined ? undefined : { name: pam.user },
    actor: pam.caller === undefined ? undefined : { user: { name: pam.caller } },
    process: { name: 'sudo', pid: header.pid },
    unmapped: {
      action,
      // A failure concerns the password of the caller, a session the account that is entered.
      user: isFailure ? (pam.user ?? pam.caller) : pam.caller,
      run_as: isFailure ? undefined : pam.user,
      tty: pam.tty,
      attempts: isFailure ? pam.count : undefined,
      pid: header.pid,
    },
    raw: record,
  };
}

function otherEvent(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  return baseEvent('sudo', record, context, {
    timeMs: header.timeMs,
    message: header.message,
    hostname: header.hostname,
    process: { name: 'sudo', pid: header.pid },
    unmapped: { action: 'other', pid: header.pid },
  });
}
