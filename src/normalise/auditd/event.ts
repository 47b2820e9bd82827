import { type Event, OCSF_CLASS } from '#model/event.ts';
import { endpointOf } from '../address-endpoint.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { INFORMATIONAL, LOW } from '../reader.ts';
import type { AuditFacts } from './join.ts';
import { readSocketAddress } from './socket-address.ts';

/**
 * The OCSF event of one audit event. Kinds that have no class stay base events, with all their fields.
 *
 * Two fields are made up, so that rules can say “the same session” and “the same parent” over many hosts: `session` is
 * `<node>/<ses>`, or `<node>/uid <uid>` where nobody signed in; `parent` is `<node>/<ppid>`. Without a node it is empty.
 */
export function toEvent(facts: AuditFacts, context: NormaliseContext): Event {
  const field = (name: string): string | undefined => {
    const value = facts.fields[name];
    return typeof value === 'string' ? value : value?.[0];
  };
  const kind = kindOf(facts, field('SYSCALL'));
  const outcome = field('success') ?? field('res');
  const failed = outcome === 'no' || outcome === 'failed' || outcome === '0';
  const account = field('acct') ?? field('ID');
  const path = kind.classUid === OCSF_CLASS.fileActivity ? filePath(facts) : undefined;
  const socket = field('saddr');
  return {
    id: context.id,
    time: facts.timeMs,
    source: 'auditd',
    class_uid: kind.classUid,
    activity_id: kind.activity,
    severity_id: failed ? LOW : INFORMATIONAL,
    status_id: outcome === undefined ? 0 : failed ? 2 : 1,
    message: [facts.type, facts.commandLine ?? field('op') ?? field('exe'), account].filter(Boolean).join(' '),
    device: { hostname: facts.node },
    user: userOf(account ?? field('UID'), kind.isAboutAccount ? field('id') : field('uid')),
    actor: { user: userOf(field('AUID'), field('auid')) },
    src_endpoint: endpointOf(field('addr') ?? field('hostname')),
    dst_endpoint: socket === undefined ? undefined : readSocketAddress(socket),
    process: {
      name: field('comm'),
      pid: numberOf(field('pid')),
      cmd_line: facts.commandLine,
      path: field('exe'),
      parent_process: { pid: numberOf(field('ppid')) },
    },
    file: path === undefined ? undefined : { path, name: path.slice(path.lastIndexOf('/') + 1) },
    unmapped: {
      ...facts.fields,
      type: facts.type,
      types: facts.types,
      session: sessionOf(facts.node, field('ses'), field('uid')),
      parent: under(facts.node, field('ppid')),
    },
    raw: facts.raw,
  };
}

interface Kind {
  readonly classUid: number;
  readonly activity: number;
  readonly isAboutAccount: boolean;
}

function kindOf(facts: AuditFacts, syscall: string | undefined): Kind {
  // A shell tries folder after folder until a program is found: what failed has not started.
  if ((syscall === 'execve' || syscall === 'execveat') && facts.fields.success === 'no') return FAILED_START;
  for (const type of facts.types) {
    const known = BY_TYPE.get(type);
    if (known !== undefined) return { ...known, isAboutAccount: known.classUid !== OCSF_CLASS.processActivity };
  }
  const call = syscall === undefined ? undefined : BY_SYSCALL.get(syscall);
  if (call?.activity === OPEN) return { ...call, activity: openedFor(facts, syscall), isAboutAccount: false };
  const found = call ?? (facts.types.includes('PATH') ? { classUid: OCSF_CLASS.fileActivity, activity: 0 } : UNKNOWN);
  return { ...found, isAboutAccount: false };
}

/** OCSF file activity: opened, for what is not known. */
const OPEN = 14;
const CREATE = 1;
const READ = 2;
const UPDATE = 3;

/** What a file was opened for, by the flags of open(2). openat2 keeps them in memory, where audit does not look. */
function openedFor(facts: AuditFacts, syscall: string | undefined): number {
  const flags = facts.fields[syscall === 'open' ? 'a1' : 'a2'];
  if ((syscall !== 'open' && syscall !== 'openat') || typeof flags !== 'string') return OPEN;
  const value = Number.parseInt(flags, 16);
  if (Number.isNaN(value)) return OPEN;
  if ((value & O_CREAT) !== 0 && listOf(facts.fields.nametype).includes('CREATE')) return CREATE;
  return (value & O_ACCMODE) === 0 && (value & O_TRUNC) === 0 ? READ : UPDATE;
}

/** asm-generic/fcntl.h. */
const O_ACCMODE = 0o3;
const O_CREAT = 0o100;
const O_TRUNC = 0o1000;

const FAILED_START: Kind = { classUid: OCSF_CLASS.processActivity, activity: 99, isAboutAccount: false };
const UNKNOWN = { classUid: OCSF_CLASS.base, activity: 0 };
const { authentication, accountChange, processActivity, fileActivity, moduleActivity, networkActivity } = OCSF_CLASS;

/** Record types that settle what the event is (linux/audit.h, libaudit.h), with OCSF's activities. */
const BY_TYPE = new Map<string, { classUid: number; activity: number }>([
  ['EXECVE', { classUid: processActivity, activity: 1 }],
  ['USER_CMD', { classUid: processActivity, activity: 1 }],
  ['KERN_MODULE', { classUid: moduleActivity, activity: 1 }],
  ['USER_LOGIN', { classUid: authentication, activity: 1 }],
  ['USER_AUTH', { classUid: authentication, activity: 1 }],
  ['USER_ACCT', { classUid: authentication, activity: 1 }],
  ['USER_ERR', { classUid: authentication, activity: 1 }],
  ['USER_START', { classUid: authentication, activity: 1 }],
  ['CRED_ACQ', { classUid: authentication, activity: 1 }],
  ['LOGIN', { classUid: authentication, activity: 1 }],
  ['USER_END', { classUid: authentication, activity: 2 }],
  ['USER_LOGOUT', { classUid: authentication, activity: 2 }],
  ['CRED_DISP', { classUid: authentication, activity: 2 }],
  ['CRED_REFR', { classUid: authentication, activity: 1 }],
  ['ANOM_LOGIN_FAILURES', { classUid: authentication, activity: 1 }],
  ['ADD_USER', { classUid: accountChange, activity: 1 }],
  ['DEL_USER', { classUid: accountChange, activity: 6 }],
  ['USER_MGMT', { classUid: accountChange, activity: 99 }],
  ['USER_CHAUTHTOK', { classUid: accountChange, activity: 3 }],
  ['ADD_GROUP', { classUid: accountChange, activity: 99 }],
  ['DEL_GROUP', { classUid: accountChange, activity: 99 }],
  ['GRP_MGMT', { classUid: accountChange, activity: 99 }],
  ['GRP_CHAUTHTOK', { classUid: accountChange, activity: 99 }],
  ['ACCT_LOCK', { classUid: accountChange, activity: 9 }],
  ['ACCT_UNLOCK', { classUid: accountChange, activity: 12 }],
]);

const BY_SYSCALL = new Map<string, { classUid: number; activity: number }>(
  (
    [
      [['execve', 'execveat'], processActivity, 1],
      [['kill'], processActivity, 2],
      [['ptrace', 'process_vm_readv', 'process_vm_writev'], processActivity, 4],
      [['setuid', 'setreuid', 'setresuid', 'setgid', 'setregid', 'setresgid'], processActivity, 5],
      [['creat', 'mkdir', 'mkdirat', 'mknod', 'mknodat', 'link', 'linkat', 'symlink', 'symlinkat'], fileActivity, 1],
      [['open', 'openat', 'openat2', 'open_by_handle_at'], fileActivity, 14],
      [['truncate', 'ftruncate', 'write'], fileActivity, 3],
      [['unlink', 'unlinkat', 'rmdir'], fileActivity, 4],
      [['rename', 'renameat', 'renameat2'], fileActivity, 5],
      [['setxattr', 'lsetxattr', 'fsetxattr', 'removexattr'], fileActivity, 6],
      [['chmod', 'fchmod', 'fchmodat', 'fchmodat2', 'chown', 'fchown', 'lchown', 'fchownat'], fileActivity, 7],
      [['mount'], fileActivity, 12],
      [['umount2'], fileActivity, 13],
      [['init_module', 'finit_module'], moduleActivity, 1],
      [['delete_module'], moduleActivity, 2],
      [['connect', 'accept', 'accept4', 'sendto', 'bind', 'listen'], networkActivity, 1],
    ] as const
  ).flatMap(([names, classUid, activity]) => names.map((name) => [name, { classUid, activity }] as const)),
);

/** The file itself: of the paths the last that is not the folder around it; relative ones from the working directory. */
function filePath(facts: AuditFacts): string | undefined {
  const names = listOf(facts.fields.name);
  const types = listOf(facts.fields.nametype);
  let path: string | undefined;
  for (const [index, name] of names.entries()) if (types[index] !== 'PARENT') path = name;
  const directory = listOf(facts.fields.cwd)[0];
  if (path === undefined || path.startsWith('/') || directory === undefined) return path;
  return `${directory === '/' ? '' : directory}/${path}`;
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function userOf(name: string | undefined, uid: string | undefined): Event['user'] {
  return name === undefined && uid === undefined ? undefined : { name, uid };
}

/** (unsigned) -1, as auditd and as ausearch write it. */
const UNSET: ReadonlySet<string> = new Set(['4294967295', '-1', 'unset']);

function sessionOf(node: string | undefined, ses: string | undefined, uid: string | undefined): string | undefined {
  return ses === undefined || UNSET.has(ses) ? under(node, uid && `uid ${uid}`) : under(node, ses);
}

function under(node: string | undefined, name: string | undefined): string | undefined {
  return name === undefined ? undefined : `${node ?? ''}/${name}`;
}

function numberOf(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
