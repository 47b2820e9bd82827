import { toAddress } from '../../address.ts';
import { readPam } from './pam.ts';

export type SshdAction =
  | 'failed_password'
  | 'failed_publickey'
  | 'failed_other'
  | 'accepted'
  | 'invalid_user'
  | 'disconnect_preauth'
  | 'disconnected'
  | 'max_attempts'
  | 'no_identification'
  | 'bad_protocol'
  | 'negotiation_failed'
  | 'refused'
  | 'not_allowed'
  | 'reverse_mapping'
  | 'root_login_refused'
  | 'session_opened'
  | 'session_closed'
  | 'timeout'
  | 'pam_failure'
  | 'other';

export interface SshdFacts {
  readonly action: SshdAction;
  readonly user: string | undefined;
  readonly ip: string | undefined;
  readonly port: number | undefined;
  /** A host name where the line has one instead of an address. */
  readonly host: string | undefined;
  readonly method: string | undefined;
  readonly invalidUser: boolean;
}

/** Where a line says it comes from. */
interface Peer {
  readonly ip: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/**
 * One message of sshd. Formats are those of auth.c, auth2.c, packet.c, sshd.c and kex.c of OpenSSH 7.2 to 10.0.
 *
 * The address is taken where the peer cannot have written it: right behind the fixed words where the format has it
 * there, else the last ` from <address> port <n>` whose rest of the line is what sshd itself puts there. Where the
 * peer controls text on both sides and neither end decides, there is no address rather than a forged one.
 */
export function readSshdMessage(message: string): SshdFacts {
  // The first character parts the formats cheaply; each reader then compares its whole beginning.
  switch (message.charCodeAt(0)) {
    case 0x46: // F
      if (message.startsWith('Failed ')) return failed(message);
      break;
    case 0x41: // A
      if (message.startsWith('Accepted ')) return accepted(message);
      if (message.startsWith('Address ')) return anchored('reverse_mapping', message, 8);
      break;
    case 0x49: // I
      if (message.startsWith('Invalid user')) return userFrom('invalid_user', message, 13, true);
      if (message.startsWith('Illegal user')) return userFrom('invalid_user', message, 13, true);
      break;
    case 0x43: // C
      if (message.startsWith('Connection closed by ')) return closed(message, 21);
      if (message.startsWith('Connection reset by ')) return closed(message, 20);
      break;
    case 0x44: // D
      if (message.startsWith('Disconnected from ')) return closed(message, 18);
      if (message.startsWith('Disconnecting ')) return disconnecting(message, 14);
      if (message.startsWith('Disconnecting: Too many authentication failures')) return tooMany(message);
      if (message.startsWith('Did not receive identification string from '))
        return anchored('no_identification', message, 43);
      break;
    case 0x52: // R
      if (message.startsWith('Received disconnect from ')) return receivedDisconnect(message);
      if (message.startsWith('ROOT LOGIN REFUSED FROM '))
        return { ...anchored('root_login_refused', message, 24), user: 'root' };
      break;
    case 0x70: // p
    case 0x50: // P
      return pamOrProtocol(message);
    case 0x55: // U
      if (message.startsWith('User ')) return notAllowed(message);
      if (message.startsWith('Unable to negotiate with ')) return anchored('negotiation_failed', message, 25);
      break;
    default:
  }
  return lessUsual(message);
}

/** Beginnings that are seldom enough to be tried one after the other, and the severity words that sshd puts before others. */
function lessUsual(message: string): SshdFacts {
  if (message.startsWith('error: ') || message.startsWith('fatal: ')) return afterSeverity(message.slice(7));
  for (const [start, action] of ANCHORED) {
    if (message.startsWith(start)) return anchored(action, message, start.length);
  }
  if (message.startsWith('refused connect from ')) return refusedConnect(message);
  if (message.startsWith('reverse mapping checking getaddrinfo for '))
    return betweenLast('reverse_mapping', message, '[', ']');
  if (message.startsWith('Nasty PTR record ')) return nastyPtr(message);
  if (message.startsWith('Bad protocol version identification ')) return userFrom('bad_protocol', message, -1, false);
  if (message.startsWith('Magic value check failed ')) return userFrom('bad_protocol', message, -1, false);
  if (message.startsWith('maximum authentication attempts exceeded for ')) return maxAttempts(message, 45);
  if (message.startsWith('kex_exchange_identification: ')) return kexIdentification(message);
  if (message.startsWith('input_userauth_request: invalid user ')) {
    return { ...facts('invalid_user'), user: withoutPreauth(message.slice(37)), invalidUser: true };
  }
  if (message.startsWith('drop connection #')) return dropped(message);
  return facts('other');
}

/** Fixed words, directly behind them the peer. */
const ANCHORED: readonly (readonly [string, SshdAction])[] = [
  ['banner exchange: Connection from ', 'bad_protocol'],
  ['ssh_dispatch_run_fatal: Connection from ', 'negotiation_failed'],
  ['Timeout before authentication for connection from ', 'timeout'],
  ['Timeout before authentication for ', 'timeout'],
  ['Read error from remote host ', 'disconnected'],
  ['Timeout, client not responding from ', 'disconnected'],
  ['Protocol major versions differ for ', 'bad_protocol'],
  ['Bad packet length from ', 'bad_protocol'],
  ['Unable to negotiate with ', 'negotiation_failed'],
  ['Connection from ', 'other'],
  ['ROOT LOGIN REFUSED FROM ', 'root_login_refused'],
  ['Did not receive identification string from ', 'no_identification'],
];

function afterSeverity(message: string): SshdFacts {
  if (message.startsWith('PAM: ')) {
    const forAt = message.indexOf(' for ');
    if (forAt === -1) return facts('other');
    const isIllegal = message.startsWith('illegal user ', forAt + 5);
    return {
      ...userFrom('pam_failure', message, forAt + (isIllegal ? 18 : 5), isIllegal),
      method: 'keyboard-interactive/pam',
    };
  }
  if (message.startsWith('Received disconnect from ')) return receivedDisconnect(message);
  if (message.startsWith('Access denied for user ')) {
    const end = message.lastIndexOf(' by PAM account configuration');
    return { ...facts('not_allowed'), user: end === -1 ? undefined : message.slice(23, end) };
  }
  return lessUsual(message);
}

/** `Failed <method> for [invalid user ]<user> from <address> port <n> ssh2[: <key>]`, auth.c `auth_log`. */
function failed(message: string): SshdFacts {
  const methodEnd = message.indexOf(' ', 7);
  if (methodEnd === -1 || !message.startsWith(' for ', methodEnd)) return facts('other');
  const method = message.slice(7, methodEnd);
  const action =
    method === 'password' ? 'failed_password' : method === 'publickey' ? 'failed_publickey' : 'failed_other';
  return authLog(action, method, message, methodEnd + 5);
}

function accepted(message: string): SshdFacts {
  const methodEnd = message.indexOf(' ', 9);
  if (methodEnd === -1 || !message.startsWith(' for ', methodEnd)) return facts('other');
  return authLog('accepted', message.slice(9, methodEnd), message, methodEnd + 5);
}

function authLog(action: SshdAction, method: string, message: string, from: number): SshdFacts {
  const invalidUser = message.startsWith('invalid user ', from) || message.startsWith('illegal user ', from);
  const userAt = invalidUser ? from + 13 : from;
  const keyFollows = method === 'publickey' || method === 'hostbased';
  // A certificate's id is its bearer's choice and stands behind the address. An account that exists has no space in its
  // name, so there the first place counts; for one that does not, both ends are the peer's and nothing can be said.
  if (keyFollows && message.includes('-CERT ')) {
    const first = message.indexOf(' from ', userAt);
    const isOnly = first === message.lastIndexOf(' from ');
    if (first === -1 || (invalidUser && !isOnly)) return { ...facts(action), method, invalidUser };
    return withPeer(
      action,
      message.slice(userAt, first),
      peerAt(message, first + 6, message.length),
      method,
      invalidUser,
    );
  }
  for (let at = message.lastIndexOf(' from '); at >= userAt; at = message.lastIndexOf(' from ', at - 1)) {
    // One word, then the port: looking further would make a line of many ` from ` cost its square.
    const wordEnd = message.indexOf(' ', at + 6);
    if (wordEnd === -1 || !message.startsWith(' port ', wordEnd)) continue;
    if (!endsAuthLog(message, digitsEnd(message, wordEnd + 6), keyFollows)) continue;
    return withPeer(action, message.slice(userAt, at), peerAt(message, at + 6, message.length), method, invalidUser);
  }
  return { ...facts(action), method, invalidUser };
}

/** Whether ` ssh2` and, for a key, its description, and nothing else, is what is left of the line. */
function endsAuthLog(message: string, at: number, keyFollows: boolean): boolean {
  if (!message.startsWith(' ssh', at)) return false;
  const end = at + 5;
  if (end >= message.length || message.startsWith(' [preauth]', end)) return message.length <= end + 11;
  return keyFollows && message.startsWith(': ', end) && message.indexOf(' from ', end) === -1;
}

/** `<words> <user> from <address>[ port <n>]`: the last ` from ` counts. `userAt` −1: there is no user. */
function userFrom(action: SshdAction, message: string, userAt: number, invalidUser: boolean): SshdFacts {
  const text = withoutPreauth(message);
  const at = text.lastIndexOf(' from ');
  if (at < userAt - 1 || at === -1) return { ...facts(action), invalidUser };
  const user = userAt < 0 || at < userAt ? undefined : text.slice(userAt, at);
  return withPeer(action, user, peerAt(text, at + 6, text.length), undefined, invalidUser);
}

/** `maximum authentication attempts exceeded for [invalid user ]<user> from <address> port <n> ssh2 [preauth]`. */
function maxAttempts(message: string, from: number): SshdFacts {
  const invalidUser = message.startsWith('invalid user ', from);
  const text = withoutPreauth(message);
  return userFrom(
    'max_attempts',
    text.endsWith(' ssh2') ? text.slice(0, -5) : text,
    invalidUser ? from + 13 : from,
    invalidUser,
  );
}

/** `[authenticating user|invalid user|user <name> ]<address> port <n>[: reason][ [preauth]]`, packet.c. */
function closed(message: string, from: number): SshdFacts {
  const isPreauth = message.endsWith(' [preauth]');
  const action = isPreauth ? 'disconnect_preauth' : 'disconnected';
  const spaceAt = message.indexOf(' ', from);
  const first = message.slice(from, spaceAt === -1 ? message.length : spaceAt);
  if (toAddress(first) !== undefined)
    return withPeer(action, undefined, peerAt(message, from, message.length), undefined, false);
  return userThenPeer(action, withoutPreauth(message), from);
}

/** `<kind> user <name> <address> port <n>`, and nothing behind it. */
function userThenPeer(action: SshdAction, text: string, from: number): SshdFacts {
  const invalidUser = text.startsWith('invalid user ', from);
  const userAt = text.indexOf('user ', from) + 5;
  const portAt = text.lastIndexOf(' port ');
  if (userAt === 4 || portAt < userAt || digitsEnd(text, portAt + 6) !== text.length)
    return { ...facts(action), invalidUser };
  const addressAt = text.lastIndexOf(' ', portAt - 1);
  if (addressAt < userAt - 1) return { ...facts(action), invalidUser };
  const user = addressAt < userAt ? undefined : text.slice(userAt, addressAt);
  return withPeer(action, user, peerAt(text, addressAt + 1, text.length), undefined, invalidUser);
}

/** As above with `: <reason>`. The reason may quote the peer (“Change of username…”): the line is cut where sshd's own words begin. */
function disconnecting(message: string, from: number): SshdFacts {
  for (const [reason, action] of REASONS) {
    const at = message.indexOf(reason, from);
    if (at === -1) continue;
    if (message.indexOf(reason, at + 1) !== -1) return facts(action);
    const head = message.slice(0, at);
    const spaceAt = head.indexOf(' ', from);
    const isBare = toAddress(head.slice(from, spaceAt === -1 ? head.length : spaceAt)) !== undefined;
    return isBare
      ? withPeer(action, undefined, peerAt(head, from, head.length), undefined, false)
      : userThenPeer(action, head, from);
  }
  return facts('disconnect_preauth');
}

const REASONS: readonly (readonly [string, SshdAction])[] = [
  [': Too many authentication failures', 'max_attempts'],
  [': Change of username or service not allowed', 'disconnect_preauth'],
];

function tooMany(message: string): SshdFacts {
  const text = withoutPreauth(message);
  const forAt = text.indexOf(' for ');
  return { ...facts('max_attempts'), user: forAt === -1 ? undefined : text.slice(forAt + 5) };
}

/** `Received disconnect from <address> port <n>:<code>: <the peer's words>`; OpenSSH before 7.5 has no port. */
function receivedDisconnect(message: string): SshdFacts {
  const action = message.endsWith(' [preauth]') ? 'disconnect_preauth' : 'disconnected';
  return anchored(action, message, 25);
}

/** `User <name> from <address> not allowed because …`: logged for accounts that exist, so names are plain. */
function notAllowed(message: string): SshdFacts {
  const end = message.indexOf(' not allowed because ');
  if (end === -1) return facts('other');
  const fromAt = message.lastIndexOf(' from ', end);
  if (fromAt < 5) return { ...facts('not_allowed'), user: message.slice(5, end) };
  return withPeer('not_allowed', message.slice(5, fromAt), peerAt(message, fromAt + 6, end), undefined, false);
}

function pamOrProtocol(message: string): SshdFacts {
  const pam = readPam(message);
  if (pam !== undefined) {
    if (pam.action === 'other') return facts('other');
    const action = pam.action === 'account_locked' ? 'pam_failure' : pam.action;
    const ip = pam.remoteHost === undefined ? undefined : toAddress(pam.remoteHost);
    const host = ip === undefined ? pam.remoteHost : undefined;
    return { ...withPeer(action, pam.user, { ip, host, port: undefined }, undefined, false), method: 'pam' };
  }
  return lessUsual(message);
}

/** libwrap: `refused connect from <name> (<address>)`; the name is whatever reverse DNS or identd says. */
function refusedConnect(message: string): SshdFacts {
  const found = betweenLast('refused', message, '(', ')');
  return found.ip === undefined ? anchored('refused', message, 21) : found;
}

function betweenLast(action: SshdAction, message: string, open: string, close: string): SshdFacts {
  const end = message.lastIndexOf(close);
  const start = message.lastIndexOf(open, end);
  const ip = start === -1 || end === -1 ? undefined : toAddress(message.slice(start + 1, end));
  return { ...facts(action), ip };
}

function nastyPtr(message: string): SshdFacts {
  const at = message.lastIndexOf('" is set up for ');
  return at === -1 ? facts('reverse_mapping') : anchored('reverse_mapping', message, at + 16);
}

function kexIdentification(message: string): SshdFacts {
  const isProtocol = message.includes('invalid protocol identifier') || message.includes('banner line');
  return facts(isProtocol ? 'bad_protocol' : 'no_identification');
}

/** `drop connection #<n> from [<address>]:<port> on [<address>]:<port> past MaxStartups` or `penalty: …`. */
function dropped(message: string): SshdFacts {
  const start = message.indexOf('[');
  const end = message.indexOf(']', start);
  if (start === -1 || end === -1) return facts('refused');
  const ip = toAddress(message.slice(start + 1, end));
  return { ...facts('refused'), ip, port: portOf(message, end + 2) };
}

function anchored(action: SshdAction, message: string, from: number): SshdFacts {
  return withPeer(action, undefined, peerAt(message, from, message.length), undefined, false);
}

/** Reads `<address>[ port <n>]`; what ends an address may be a colon or comma of the sentence. */
function peerAt(text: string, from: number, limit: number): Peer {
  const spaceAt = text.indexOf(' ', from);
  const end = spaceAt === -1 || spaceAt > limit ? limit : spaceAt;
  let word = text.slice(from, end);
  let ip = toAddress(word);
  if (ip === undefined && (word.endsWith(':') || word.endsWith(',') || word.endsWith('.'))) {
    word = word.slice(0, -1);
    ip = toAddress(word);
  }
  const port = text.startsWith(' port ', end) ? portOf(text, end + 6) : undefined;
  return { ip, host: ip === undefined && word !== '' && word !== 'UNKNOWN' ? word : undefined, port };
}

function portOf(text: string, from: number): number | undefined {
  const end = Math.min(digitsEnd(text, from), from + 6);
  if (end === from) return undefined;
  const port = Number(text.slice(from, end));
  return port <= 65_535 ? port : undefined;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(at)) at += 1;
  return at;
}

function withoutPreauth(text: string): string {
  return text.endsWith(' [preauth]') ? text.slice(0, -10) : text;
}

function facts(action: SshdAction): SshdFacts {
  return {
    action,
    user: undefined,
    ip: undefined,
    port: undefined,
    host: undefined,
    method: undefined,
    invalidUser: false,
  };
}

function withPeer(
  action: SshdAction,
  user: string | undefined,
  peer: Peer,
  method: string | undefined,
  invalidUser: boolean,
): SshdFacts {
  return { action, user, ip: peer.ip, port: peer.port, host: peer.host, method, invalidUser };
}
