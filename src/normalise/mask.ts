import { nextSuspect } from './suspects.ts';

/** What stands where a secret stood. */
export const MASK = '***';

/**
 * Takes secrets out of a text, on their way in. What it knows:
 *
 * - values of names that end in `password`, `passwd`, `passphrase`, `pass`, `pwd`, `secret`, `token`, `api_key`,
 *   `secret_key`, `access_key_secret`, `private_key`, `credential(s)`: in queries, forms, JSON (escaped too), headers,
 *   `name=value`, and as `--password value`;
 * - `Authorization`, `Cookie` and `Set-Cookie` headers (the scheme stays), `Bearer …` anywhere, JSON web tokens
 *   (of a token whose header says `alg: none` the mask says so: `***(jwt-alg-none)`);
 * - private keys in PEM; tokens of GitHub, GitLab, Slack and Stripe by their shape;
 * - AWS and Alibaba Cloud access keys (`AKIA…`, `LTAI…`): the first eight and last four characters stay, because the
 *   trail is read by them;
 * - `user:password@` in addresses of the web; `-p…` of mysql, mariadb and sshpass, `-a` of redis-cli, `-u user:…` of curl.
 *
 * Not known: a secret that has neither a name nor a shape, such as one typed at the user-name prompt. JSON stays JSON.
 * Linear in the length of the text.
 */
export function maskSecrets(text: string): string {
  let suspect = nextSuspect(text, 0);
  if (suspect === Number.POSITIVE_INFINITY) return text;
  let masked = '';
  let done = 0;
  const scanned = new Map<RegExp, number>();
  while (suspect !== Number.POSITIVE_INFINITY) {
    const found = findAround(text, suspect, done, scanned);
    if (found !== undefined) {
      masked += text.slice(done, found.from) + found.replacement;
      done = found.to;
    }
    suspect = nextSuspect(text, Math.max(suspect + 1, done));
  }
  return done === 0 ? text : masked + text.slice(done);
}

/** A candidate begins where a suspect was hit, or a few characters before: `sshpass` is hit at `pass`. */
function findAround(text: string, suspect: number, done: number, scanned: Map<RegExp, number>): Found | undefined {
  for (let start = Math.max(done, suspect - LOOK_BACK); start <= suspect; start += 1) {
    CANDIDATE.lastIndex = start;
    const match = CANDIDATE.exec(text);
    const found = match === null ? undefined : inspect(text, match, scanned);
    if (found !== undefined && found.from >= done) return found;
  }
  return undefined;
}

const LOOK_BACK = 3;

interface Found {
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
}

function inspect(text: string, match: RegExpExecArray, scanned: Map<RegExp, number>): Found | undefined {
  const end = match.index + match[0].length;
  const { name, flag, header, bearer, pem, id, shape, login, tool } = match.groups ?? {};
  if (name !== undefined) return namedValue(text, match.index, end, name);
  if (flag !== undefined) return bareValue(text, end);
  if (header !== undefined) return headerValue(text, end);
  if (bearer !== undefined || shape !== undefined) {
    const to = runOf(TOKEN_CHARACTERS, text, end);
    return run(end, to, maskOf(text.slice(shape === undefined ? end : match.index, to)));
  }
  if (pem !== undefined) return privateKey(text, end);
  if (id !== undefined) return { from: match.index, to: end, replacement: `${id.slice(0, 8)}****${id.slice(-4)}` };
  if (login !== undefined) return run(end, text.indexOf('@', end), MASK);
  if (tool !== undefined) return toolSecret(text, end, tool.toLowerCase(), scanned);
  return undefined;
}

const NAME = String.raw`(?:password|passwd|passphrase|(?<![a-z])pass|pwd|secret|token|api[_-]?key|(?:secret|private|signing|encryption)[_-]?(?:access[_-]?)?key|access[_-]?key[_-]?secret|credentials?)(?:[_-]?(?:confirm|confirmation|hash|again|repeat|old|new|value|\d{1,2}))?`;

/** Where a secret may begin; every part is bounded, so that a megabyte of almost-matches stays linear. */
const CANDIDATE = new RegExp(
  [
    String.raw`(?<name>${NAME})(?:\]|%5d)?["'\\]{0,8}\s{0,4}(?:=>?|:|%3d|%3a)\s{0,4}`,
    String.raw`(?<flag>--?(?:password|passwd|passphrase|pass|token|secret|api-key|secret-key))["'\\]{0,4}(?:\s{1,4}|,\s{0,4})(?:a\d{1,3}=)?`,
    String.raw`(?<header>(?:proxy-)?authorization|(?:set-|http_)?cookie|x-[a-z]{1,20}-token)["'\\]{0,8}\s{0,3}[:=]\s{0,3}(?:\[\s{0,3})?`,
    String.raw`(?<bearer>bearer)(?:\s|%20|\+){1,3}(?=[\w.~+/-]{16})`,
    String.raw`(?<pem>-----BEGIN )(?=[A-Z ]{0,24}PRIVATE KEY)`,
    String.raw`(?<![A-Za-z0-9])(?<id>(?:AKIA|LTAI)[A-Za-z0-9]{12,40})`,
    String.raw`(?<shape>(?<![\w-])eyJ(?=[\w-]{8,1000}\.[\w-]{2})|(?<![\w-])(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|[sr]k_live_)(?=[\w-]{16}))`,
    String.raw`:\/\/(?<login>[^\s/:@"'<>]{0,64}):(?=[^\s/@"'<>]{1,128}@)`,
    String.raw`(?<tool>sshpass|mysql[\w-]{0,16}|mariadb[\w-]{0,16}|redis-cli|curl(?=[\s"']))`,
  ].join('|'),
  'iy',
);

function namedValue(text: string, start: number, from: number, name: string): Found | undefined {
  const separator = text.slice(start + name.length, from);
  const isQuotedName = /["']/.test(separator);
  const lowerName = name.toLowerCase();
  if (separator.includes(':') && !isQuotedName && PROGRAM_NAMES.has(lowerName)) return undefined;
  if (lowerName === 'pwd' && (!PWD_LEAD.test(text.charAt(start - 1)) || text.charAt(from) === '/')) return undefined;
  if (text.startsWith('//', from)) return undefined;
  const opening = OPENING.exec(text.slice(from, from + 16))?.[0] ?? '';
  if (opening !== '') return quotedValue(text, from + opening.length, opening);
  if (!isQuotedName) return bareValue(text, from);
  const to = runOf(JSON_SCALAR, text, from);
  const quote = /\\*["']/.exec(separator)?.[0] ?? '"';
  return KEPT.test(text.slice(from, to)) ? undefined : run(from, to, quote + MASK + quote);
}

/** Names that a log also uses for programs: `passwd: …` and `pam_unix(passwd:chauthtok)` hold no password. */
const PROGRAM_NAMES: ReadonlySet<string> = new Set(['passwd', 'pass', 'pwd', 'credential', 'credentials']);
/** `PWD=/root` of sudo is a folder; `?pwd=`, `MYSQL_PWD=` and `"pwd":` are not. */
const PWD_LEAD = /[?&_"'{,\w[-]/;
/** An opening quote, as escaped as it comes, perhaps inside a list. */
const OPENING = /^(?:\[\s{0,4})?\\{0,7}["']/;
const KEPT = /^(?:true|false|null|none|undefined|\*{3,}(?:\(jwt-alg-none\))?|-)?$/i;

function quotedValue(text: string, from: number, opening: string): Found | undefined {
  const quote = opening.charAt(opening.length - 1);
  const level = opening.split('\\').length - 1;
  const to = closingQuote(text, from, quote, level);
  return KEPT.test(text.slice(from, to)) ? undefined : run(from, to, MASK);
}

/** Index of the backslashes and quote that end the string which began with a quote behind `level` backslashes. */
function closingQuote(text: string, from: number, quote: string, level: number): number {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > from && text.charAt(at - 1 - backslashes) === '\\') backslashes += 1;
    if (level === 0 ? backslashes % 2 === 0 : backslashes <= level) return level === 0 ? at : at - backslashes;
  }
  return text.length;
}

function bareValue(text: string, from: number): Found | undefined {
  const opening = OPENING.exec(text.slice(from, from + 16))?.[0] ?? '';
  if (opening !== '') return quotedValue(text, from + opening.length, opening);
  const to = runOf(BARE_VALUE, text, from);
  const value = text.slice(from, to);
  return KEPT.test(value) ? undefined : run(from, to, maskOf(value));
}

/** A web token that says of itself that nobody signed it (RFC 7519, section 6) is no secret but a forgery: the mask tells. */
function maskOf(value: string): string {
  if (!value.startsWith('eyJ')) return MASK;
  const header = Buffer.from(value.slice(0, LONGEST_HEADER).split('.', 1)[0] ?? '', 'base64url').toString('latin1');
  return UNSIGNED.test(header) ? `${MASK}${UNSIGNED_MARK}` : MASK;
}

const LONGEST_HEADER = 400;
const UNSIGNED = /"alg"\s{0,9}:\s{0,9}"none"/i;
const UNSIGNED_MARK = '(jwt-alg-none)';

function headerValue(text: string, from: number): Found | undefined {
  const opening = OPENING.exec(text.slice(from, from + 16))?.[0] ?? '';
  const start = from + opening.length;
  const to =
    opening === ''
      ? runOf(HEADER_LINE, text, start)
      : closingQuote(text, start, opening.slice(-1), opening.split('\\').length - 1);
  const scheme = SCHEME.exec(text.slice(start, Math.min(start + 24, to)))?.[0] ?? '';
  return KEPT.test(text.slice(start, to)) ? undefined : run(start + scheme.length, to, MASK);
}

const SCHEME = /^(?:basic|bearer|digest|negotiate|ntlm|token|aws4-hmac-sha256|acs|acs3-hmac-sha256) /i;

function privateKey(text: string, from: number): Found {
  const end = text.indexOf('-----END ', from);
  return { from, to: end === -1 ? text.length : end, replacement: `PRIVATE KEY-----${MASK}` };
}

/** The password among the arguments of a tool that takes it on its command line. */
function toolSecret(text: string, from: number, tool: string, scanned: Map<RegExp, number>): Found | undefined {
  const option = tool === 'curl' ? CURL_USER : tool === 'redis-cli' ? REDIS_AUTH : tool === 'sshpass' ? SSHPASS : MYSQL;
  // What was searched for this option once need not be again, or a text of many tool names would take forever.
  if (from < (scanned.get(option) ?? 0)) return undefined;
  const rest = text.slice(from, from + 1000);
  const line = rest.slice(0, runOf(COMMAND_LINE, rest, 0));
  scanned.set(option, from + line.length);
  const match = option.exec(line);
  if (match === null) return undefined;
  const start = from + match.index + match[0].length;
  return run(start, runOf(BARE_VALUE, text, start), MASK);
}

// Between two arguments: a space, or what raw audit records (`" a2="`) and JSON lists (`","`) put there.
const BETWEEN = String.raw`(?:["']?[\s,]{1,2}(?:a\d{1,3}=)?["']?)`;
const MYSQL = /(?:\s|["'])-p["']?(?=[^\s"':,\]}])/;
const SSHPASS = new RegExp(String.raw`(?:\s|["'])-p${BETWEEN}?["']?(?=[^\s"':,\]}])`);
const REDIS_AUTH = new RegExp(String.raw`(?:\s|["'])-a${BETWEEN}["']?(?=[^\s"'])`);
const CURL_USER = new RegExp(String.raw`(?:\s|["'])(?:-u|--user=?)${BETWEEN}?["']?[^\s:"'-]{1,64}:(?=[^\s"'])`);

// Each matches, from its `lastIndex`, the run of characters that belong to a value.
const TOKEN_CHARACTERS = /[\w.~+/=%-]*/y;
const BARE_VALUE = /[^\s&"'\\`<>]*/y;
const JSON_SCALAR = /[^\s,}\]"'[{]*/y;
const HEADER_LINE = /[^\r\n\u2028"'\\]*/y;
const COMMAND_LINE = /[^|;&\n]*/y;

function runOf(characters: RegExp, text: string, from: number): number {
  characters.lastIndex = from;
  return from + (characters.exec(text)?.[0].length ?? 0);
}

function run(from: number, to: number, replacement: string): Found | undefined {
  return to > from ? { from, to, replacement } : undefined;
}
