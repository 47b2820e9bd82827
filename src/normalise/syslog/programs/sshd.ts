import { type Event, OCSF_CLASS } from '#model/event.ts';
import type { NormaliseContext } from '../../normaliser.ts';
import { baseEvent, INFORMATIONAL, LOW } from '../../reader.ts';
import type { SyslogHeader } from '../header.ts';
import { readSshdMessage, type SshdAction } from './sshd-message.ts';

/**
 * Lines of OpenSSH 7 to 10 (processes sshd, sshd-session, sshd-auth) and of PAM in its name.
 *
 * Who connects chooses his user name, his client's banner and the text of his farewell; none of them can pass for an
 * address (see `sshd-message.ts`).
 */
export function readSshd(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  let text = header.message;
  let repeated: number | undefined;
  if (text.startsWith('message repeated ')) {
    const repeat = REPEATED.exec(text);
    if (repeat !== null) {
      repeated = Number(repeat[1]);
      text = text.slice(repeat[0].length, text.endsWith(']') ? -1 : undefined);
    }
  }
  const facts = readSshdMessage(text);
  const { action, user, ip, host, port, method } = facts;
  const kind = KINDS[action];
  const unmapped = {
    action,
    user,
    src_ip: ip,
    src_port: port,
    method,
    invalid_user: facts.invalidUser,
    repeated,
    pid: header.pid,
  };
  if (kind === undefined) {
    return baseEvent('sshd', record, context, {
      timeMs: header.timeMs,
      message: header.message,
      hostname: header.hostname,
      process: { name: header.program, pid: header.pid },
      unmapped,
    });
  }
  return {
    id: context.id,
    time: header.timeMs ?? context.receivedMs,
    source: 'sshd',
    class_uid: kind.classUid,
    activity_id: kind.activity,
    severity_id: kind.status === 2 ? LOW : INFORMATIONAL,
    status_id: kind.status,
    message: header.message,
    device: { hostname: header.hostname },
    user: user === undefined ? undefined : { name: user },
    src_endpoint: ip === undefined && host === undefined ? undefined : { ip, port, hostname: host },
    process: { name: header.program, pid: header.pid },
    auth_protocol: method,
    unmapped,
    raw: record,
  };
}

/** rsyslog, `$RepeatedMsgReduction`. */
const REPEATED = /^message repeated (\d{1,9}) times?: \[ ?/;

interface Kind {
  readonly classUid: number;
  readonly activity: number;
  readonly status: 1 | 2;
}

const { authentication, sshActivity } = OCSF_CLASS;
const FAILED_LOGON: Kind = { classUid: authentication, activity: 1, status: 2 };
const FAILED_CONNECTION: Kind = { classUid: sshActivity, activity: 4, status: 2 };
const REFUSED_CONNECTION: Kind = { classUid: sshActivity, activity: 5, status: 2 };
const CLOSED_CONNECTION: Kind = { classUid: sshActivity, activity: 2, status: 1 };

/** OCSF authentication (1 logon, 2 logoff) and SSH activity (2 close, 4 fail, 5 refuse). */
const KINDS: Readonly<Record<SshdAction, Kind | undefined>> = {
  failed_password: FAILED_LOGON,
  failed_publickey: FAILED_LOGON,
  failed_other: FAILED_LOGON,
  accepted: { classUid: authentication, activity: 1, status: 1 },
  invalid_user: FAILED_LOGON,
  max_attempts: FAILED_LOGON,
  root_login_refused: FAILED_LOGON,
  not_allowed: FAILED_LOGON,
  pam_failure: FAILED_LOGON,
  session_opened: { classUid: authentication, activity: 1, status: 1 },
  session_closed: { classUid: authentication, activity: 2, status: 1 },
  disconnect_preauth: { classUid: sshActivity, activity: 2, status: 2 },
  disconnected: CLOSED_CONNECTION,
  timeout: FAILED_CONNECTION,
  no_identification: FAILED_CONNECTION,
  bad_protocol: FAILED_CONNECTION,
  negotiation_failed: FAILED_CONNECTION,
  reverse_mapping: FAILED_CONNECTION,
  refused: REFUSED_CONNECTION,
  other: undefined,
};
