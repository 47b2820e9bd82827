import { type Event, OCSF_CLASS } from '#model/event.ts';
import type { NormaliseContext } from '../../normaliser.ts';
import { baseEvent, INFORMATIONAL, LOW } from '../../reader.ts';
import type { SyslogHeader } from '../header.ts';

/** The programs of shadow-utils (and Debian's adduser) that change accounts. */
export const ACCOUNT_PROGRAMS = [
  'useradd',
  'adduser',
  'usermod',
  'userdel',
  'deluser',
  'groupadd',
  'addgroup',
  'groupdel',
  'delgroup',
  'groupmod',
  'passwd',
  'chpasswd',
  'gpasswd',
  'chage',
  'chsh',
  'chfn',
  'newusers',
] as const;

interface AccountChange {
  readonly action: string;
  readonly user?: string;
  readonly group?: string;
  readonly by?: string;
  readonly field?: string;
  readonly value?: string;
  readonly failed?: boolean;
}

/** What shadow-utils write about accounts; `newgrp` and other chatter stays un-understood. */
export function readAccount(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  const { message } = header;
  const change = readChange(message);
  if (change === undefined) {
    return baseEvent('account', record, context, {
      timeMs: header.timeMs,
      message,
      hostname: header.hostname,
      process: { name: header.program, pid: header.pid },
      unmapped: { action: 'other', program: header.program, pid: header.pid },
    });
  }
  const details = DETAILED.has(change.action) ? readDetails(message) : {};
  return {
    id: context.id,
    time: header.timeMs ?? context.receivedMs,
    source: 'account',
    class_uid: OCSF_CLASS.accountChange,
    activity_id: ACTIVITY[change.action] ?? 99,
    severity_id: change.failed === true ? LOW : INFORMATIONAL,
    status_id: change.failed === true ? 2 : 1,
    message,
    device: { hostname: header.hostname },
    user: change.user === undefined ? undefined : { name: change.user, uid: details.uid },
    actor: change.by === undefined ? undefined : { user: { name: change.by } },
    process: { name: header.program, pid: header.pid },
    unmapped: {
      action: change.action,
      program: header.program,
      user: change.user,
      uid: details.uid ?? (change.field === 'UID' ? change.value : undefined),
      gid: details.gid ?? (change.field === 'GID' ? change.value : undefined),
      home: details.home ?? (change.field === 'home' ? change.value : undefined),
      shell: details.shell ?? (change.field === 'shell' ? change.value : undefined),
      group: change.group,
      by: change.by,
      field: change.field,
      pid: header.pid,
    },
    raw: record,
  };
}

/** OCSF account change activities; what has none is 99, other. */
const ACTIVITY: Readonly<Record<string, number>> = {
  user_created: 1,
  user_unlocked: 12,
  password_changed: 3,
  user_deleted: 6,
  user_locked: 9,
};

const DETAILED: ReadonlySet<string> = new Set(['user_created', 'group_created']);

/** `name=bob, UID=1001, GID=1001, home=/home/bob, shell=/bin/bash, from=/dev/pts/0`. */
function readDetails(message: string): { uid?: string; gid?: string; home?: string; shell?: string } {
  const value = (name: string) => {
    const at = message.indexOf(` ${name}=`);
    if (at === -1) return undefined;
    const end = message.indexOf(',', at);
    return message.slice(at + name.length + 2, end === -1 ? message.length : end).trim();
  };
  return { uid: value('UID'), gid: value('GID'), home: value('home'), shell: value('shell') };
}

type Form = readonly [pattern: RegExp, read: (match: RegExpExecArray) => AccountChange];

// Shadow-utils write names that they have checked themselves: no spaces, no quotes.
const FORMS: readonly Form[] = [
  [/^new user: name=([^,\s]+)/, ([, user]) => ({ action: 'user_created', user })],
  [/^failed adding user '([^']+)'/, ([, user]) => ({ action: 'user_created', user, failed: true })],
  [/^new group: name=([^,\s]+)/, ([, group]) => ({ action: 'group_created', group })],
  [/^group added to \/etc\/group: name=([^,\s]+)/, ([, group]) => ({ action: 'group_entry_added', group })],
  [/^add '([^']+)' to group '([^']+)'/, ([, user, group]) => ({ action: 'group_added', user, group })],
  [/^add '([^']+)' to shadow group '([^']+)'/, ([, user, group]) => ({ action: 'shadow_group_added', user, group })],
  [/^delete '([^']+)' from group '([^']+)'/, ([, user, group]) => ({ action: 'group_removed', user, group })],
  [
    /^delete '([^']+)' from shadow group '([^']+)'/,
    ([, user, group]) => ({ action: 'shadow_group_removed', user, group }),
  ],
  [/^delete user '([^']+)'/, ([, user]) => ({ action: 'user_deleted', user })],
  [/^removed group '([^']+)'/, ([, group]) => ({ action: 'group_deleted', group })],
  [/^group '([^']+)' removed(?: from \/etc\/group)?$/, ([, group]) => ({ action: 'group_deleted', group })],
  [
    /^(?:change user '([^']+)' password|password for '([^']+)' changed by '([^']+)')/,
    ([, first, user, by]) => ({ action: 'password_changed', user: first ?? user, by }),
  ],
  [
    /^pam_\w{1,20}\(\w{1,20}:chauthtok\): password changed for (\S+)/,
    ([, user]) => ({ action: 'password_changed', user }),
  ],
  [
    /^(?:lock user '([^']+)' password|password for '([^']+)' locked)/,
    ([, first, user]) => ({ action: 'user_locked', user: first ?? user }),
  ],
  [
    /^(?:unlock user '([^']+)' password|password for '([^']+)' unlocked)/,
    ([, first, user]) => ({ action: 'user_unlocked', user: first ?? user }),
  ],
  [
    /^change user name '([^']+)' to '([^']+)'/,
    ([, user, value]) => ({ action: 'user_modified', user, field: 'name', value }),
  ],
  [
    /^changed? user '([^']+)' (\w+)(?: from '[^']*')? to '([^']*)'/,
    ([, user, field, value]) => ({ action: 'user_modified', user, field, value }),
  ],
  [/^changed? user '([^']+)' (\w+)/, ([, user, field]) => ({ action: 'user_modified', user, field })],
  [/^user (\S+) added by (\S+) to group (\S+)/, ([, user, by, group]) => ({ action: 'group_added', user, by, group })],
  [
    /^user (\S+) removed by (\S+) from group (\S+)/,
    ([, user, by, group]) => ({ action: 'group_removed', user, by, group }),
  ],
  [
    /^(?:set )?members of group (\S+) (?:set )?(?:by|to) (\S+)/,
    ([, group, by]) => ({ action: 'group_modified', group, by }),
  ],
  [/^group changed in \/etc\/group \(group ([^\s/]+)/, ([, group]) => ({ action: 'group_modified', group })],
  [/^changed password expiry for (\S+)/, ([, user]) => ({ action: 'user_modified', user, field: 'expiry' })],
];

/** Longer than any line of these programs; keeps hostile ones cheap. */
const LONGEST = 2048;

function readChange(message: string): AccountChange | undefined {
  const text = message.length > LONGEST ? message.slice(0, LONGEST) : message;
  for (const [pattern, read] of FORMS) {
    const match = pattern.exec(text);
    if (match !== null) return read(match);
  }
  return undefined;
}
