import { type Event, OCSF_CLASS } from '#model/event.ts';
import { toAddress } from '../../address.ts';
import { endpointOf } from '../../address-endpoint.ts';
import type { NormaliseContext } from '../../normaliser.ts';
import { INFORMATIONAL, LOW } from '../../reader.ts';
import type { SyslogHeader } from '../header.ts';

/** What a line that a PAM module wrote says. */
export interface PamFacts {
  readonly action: 'pam_failure' | 'session_opened' | 'session_closed' | 'account_locked' | 'other';
  /** `sshd` of `pam_unix(sshd:auth):`. */
  readonly service: string | undefined;
  readonly user: string | undefined;
  /** Who asked: `by alice(uid=1000)`, `ruser=alice`. */
  readonly caller: string | undefined;
  readonly remoteHost: string | undefined;
  readonly tty: string | undefined;
  /** Failures that one line stands for: `PAM 2 more authentication failures`. */
  readonly count: number;
}

/** `pam_unix(sshd:auth): …`, of any module, and `PAM 2 more authentication failures; …`; `undefined` for other lines. */
export function readPam(message: string): PamFacts | undefined {
  if (message.startsWith('PAM ')) {
    const more = MORE_FAILURES.exec(message);
    return more === null ? undefined : failure(message, more[0].length, undefined, Number(more[1]));
  }
  if (!message.startsWith('pam_')) return undefined;
  const open = message.indexOf('(');
  const end = message.indexOf('): ', open);
  if (open < 5 || open > 32 || end === -1 || end - open > 128) return undefined;
  const service = message.slice(open + 1, end).split(':')[0];
  const text = end + 3;
  if (message.startsWith('authentication failure;', text)) return failure(message, text, service, 1);
  if (message.startsWith('session opened for user ', text))
    return session('session_opened', message, text + 24, service);
  if (message.startsWith('session closed for user ', text))
    return session('session_closed', message, text + 24, service);
  if (message.startsWith('auth could not identify password for [', text)) {
    return facts('pam_failure', service, message.slice(text + 38, message.lastIndexOf(']')));
  }
  const received = RECEIVED_FOR.exec(message.slice(text, text + 300));
  if (received !== null) return facts('pam_failure', service, received[1]);
  const locked = LOCKED.exec(message.slice(text, text + 300));
  if (locked !== null) return facts('account_locked', service, locked[1] ?? locked[2]);
  return facts('other', service, undefined);
}

/** A PAM line of a program that has no reader of its own: `login`, `vsftpd`, `cron`, the console of an appliance. */
export function readOtherPam(header: SyslogHeader, record: string, context: NormaliseContext): Event | undefined {
  const pam = readPam(header.message);
  if (pam === undefined || pam.action === 'other') return undefined;
  const { user, caller, remoteHost } = pam;
  return {
    id: context.id,
    time: header.timeMs ?? context.receivedMs,
    source: 'syslog',
    ...pamClass(pam),
    message: header.message,
    device: { hostname: header.hostname },
    user: user === undefined ? undefined : { name: user },
    actor: caller === undefined ? undefined : { user: { name: caller } },
    src_endpoint: endpointOf(remoteHost),
    process: { name: header.program, pid: header.pid },
    unmapped: {
      program: header.program,
      action: pam.action,
      service: pam.service,
      user,
      caller,
      src_ip: remoteHost === undefined ? undefined : toAddress(remoteHost),
      tty: pam.tty,
      pid: header.pid,
    },
    raw: record,
  };
}

/** Class, activity and outcome of a PAM line. */
export function pamClass(pam: PamFacts): Pick<Event, 'class_uid' | 'activity_id' | 'severity_id' | 'status_id'> {
  const isFailure = pam.action === 'pam_failure' || pam.action === 'account_locked';
  return {
    class_uid: OCSF_CLASS.authentication,
    activity_id: pam.action === 'session_closed' ? 2 : 1,
    severity_id: isFailure ? LOW : INFORMATIONAL,
    status_id: isFailure ? 2 : 1,
  };
}

const MORE_FAILURES = /^PAM (\d{1,6}) more authentication failures?;/;
const RECEIVED_FOR = /^received for user (\S+): \d+ \((?:Authentication failure|User not known)/;
const LOCKED = /^(?:Consecutive login failures for user (\S+) account|user (\S+) \(\d+\) tally \d+, deny)/;

function facts(action: PamFacts['action'], service: string | undefined, user: string | undefined): PamFacts {
  return { action, service, user, caller: undefined, remoteHost: undefined, tty: undefined, count: 1 };
}

/** Name by name from the left: only what stands behind `user=`, the last of them, is under the caller's control. */
function failure(message: string, from: number, service: string | undefined, count: number): PamFacts {
  const tty = valueOf(message, ' tty=', from);
  const caller = valueOf(message, ' ruser=', from);
  const hostAt = message.indexOf(' rhost=', from);
  const remoteHost = valueOf(message, ' rhost=', from);
  const userAt = hostAt === -1 ? -1 : message.indexOf(' user=', hostAt);
  const user = userAt === -1 ? undefined : message.slice(userAt + 6).trimEnd() || undefined;
  return { action: 'pam_failure', service, user, caller, remoteHost, tty, count };
}

function valueOf(message: string, name: string, from: number): string | undefined {
  const at = message.indexOf(name, from);
  if (at === -1) return undefined;
  const end = message.indexOf(' ', at + name.length);
  return message.slice(at + name.length, end === -1 ? message.length : end) || undefined;
}

/** `root(uid=0) by alice(uid=1000)`, `root by (uid=0)`, `root`. */
function session(
  action: 'session_opened' | 'session_closed',
  message: string,
  from: number,
  service: string | undefined,
): PamFacts {
  const byAt = message.lastIndexOf(' by ');
  const hasCaller = byAt >= from;
  const user = withoutUid(message.slice(from, hasCaller ? byAt : message.length));
  const caller = hasCaller ? withoutUid(message.slice(byAt + 4)) : undefined;
  return { ...facts(action, service, user), caller: caller === '' ? undefined : caller };
}

function withoutUid(name: string): string {
  const uidAt = name.lastIndexOf('(uid=');
  return (uidAt === -1 ? name : name.slice(0, uidAt)).trim();
}
