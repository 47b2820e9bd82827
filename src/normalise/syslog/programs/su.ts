import { type Event, OCSF_CLASS } from '#model/event.ts';
import type { NormaliseContext } from '../../normaliser.ts';
import { baseEvent, INFORMATIONAL, LOW } from '../../reader.ts';
import type { SyslogHeader } from '../header.ts';
import { readPam } from './pam.ts';

/** OCSF authentication: account switch. */
const ACCOUNT_SWITCH = 7;
const LOGOFF = 2;

interface Switch {
  readonly action: 'success' | 'failure' | 'session_opened' | 'session_closed';
  readonly user: string | undefined;
  readonly target: string | undefined;
  readonly tty: string | undefined;
}

/** su of util-linux, shadow, and BSD, and what PAM writes in its name. */
export function readSu(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  const found = readSwitch(header.message);
  if (found === undefined) {
    return baseEvent('su', record, context, {
      timeMs: header.timeMs,
      message: header.message,
      hostname: header.hostname,
      process: { name: 'su', pid: header.pid },
      unmapped: { action: 'other', pid: header.pid },
    });
  }
  const { action, user, target, tty } = found;
  return {
    id: context.id,
    time: header.timeMs ?? context.receivedMs,
    source: 'su',
    class_uid: OCSF_CLASS.authentication,
    activity_id: action === 'session_closed' ? LOGOFF : ACCOUNT_SWITCH,
    severity_id: action === 'failure' ? LOW : INFORMATIONAL,
    status_id: action === 'failure' ? 2 : 1,
    message: header.message,
    device: { hostname: header.hostname },
    user: target === undefined ? undefined : { name: target },
    actor: user === undefined ? undefined : { user: { name: user } },
    process: { name: 'su', pid: header.pid },
    unmapped: { action, user, target_user: target, tty, pid: header.pid },
    raw: record,
  };
}

function readSwitch(message: string): Switch | undefined {
  const pam = readPam(message);
  if (pam !== undefined) {
    if (pam.action === 'other') return undefined;
    const isSession = pam.action === 'session_opened' || pam.action === 'session_closed';
    return {
      action: isSession ? (pam.action as 'session_opened' | 'session_closed') : 'failure',
      user: pam.caller,
      target: pam.user,
      tty: pam.tty,
    };
  }
  for (const { pattern, action, order } of FORMS) {
    const match = pattern.exec(message);
    if (match === null) continue;
    const [, first, second, tty] = match;
    const [user, target] = order === 'user first' ? [first, second] : [second, first];
    return { action, user, target, tty };
  }
  return undefined;
}

/** Names here are existing accounts, which hold no spaces. */
const FORMS: readonly { pattern: RegExp; action: 'success' | 'failure'; order: 'user first' | 'target first' }[] = [
  { pattern: /^FAILED SU \(to (\S+)\) (\S+) on (\S+)/, action: 'failure', order: 'target first' },
  { pattern: /^\(to (\S+)\) (\S+) on (\S+)/, action: 'success', order: 'target first' },
  { pattern: /^FAILED su for (\S+) by (\S+)/, action: 'failure', order: 'target first' },
  { pattern: /^Successful su for (\S+) by (\S+)/, action: 'success', order: 'target first' },
  { pattern: /^BAD SU (\S+) to (\S+) on (\S+)/, action: 'failure', order: 'user first' },
  { pattern: /^(\S+) to (\S+) on (\S+)$/, action: 'success', order: 'user first' },
  { pattern: /^\+ \S+ ([^\s:]+)[:-](\S+)$/, action: 'success', order: 'user first' },
  { pattern: /^- \S+ ([^\s:]+)[:-](\S+)$/, action: 'failure', order: 'user first' },
];
