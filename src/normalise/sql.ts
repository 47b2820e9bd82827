/** A statement, prepared for rules to search in. */
export interface SqlFacts {
  /** Lower case, comments taken out, white space folded; at most 16,384 characters of the statement are read. */
  readonly text: string;
  /** The same with every literal emptied (`''`), and no space before `(`: what the statement does, not what it is about. */
  readonly shape: string;
  /** The first word: `select`, `drop` … */
  readonly verb: string;
}

export type SqlDialect = 'postgresql' | 'mysql';

const LONGEST = 16_384;

/**
 * Reads a statement far enough to tell code from data, in one pass. Comments that MySQL executes (`/*!50000 …`) are
 * read as code; `"…"` is a name in PostgreSQL and a literal in MySQL; `$tag$ … $tag$` is a literal.
 */
export function readSql(statement: string, dialect: SqlDialect): SqlFacts {
  const sql = statement.length > LONGEST ? statement.slice(0, LONGEST) : statement;
  const pieces: Piece[] = [];
  let at = 0;
  let plainFrom = 0;
  const cut = (until: number, next: number) => {
    if (until > plainFrom) pieces.push({ code: sql.slice(plainFrom, until) });
    at = next;
    plainFrom = next;
  };
  while (at < sql.length) {
    const code = sql.charCodeAt(at);
    if (code === QUOTE || (code === DOUBLE && dialect === 'mysql')) {
      const end = endOfLiteral(sql, at, code, dialect === 'mysql' || isEscapeString(sql, at));
      const start = at;
      cut(at, end);
      pieces.push({ literal: sql.slice(start, end) });
    } else if (code === DOUBLE || (code === BACKTICK && dialect === 'mysql')) {
      cut(at, at + 1);
    } else if (code === DOLLAR && dialect === 'postgresql') {
      const tag = DOLLAR_TAG.exec(sql.slice(at, at + 66))?.[0];
      if (tag === undefined) at += 1;
      else {
        const close = sql.indexOf(tag, at + tag.length);
        const end = close === -1 ? sql.length : close + tag.length;
        const start = at;
        cut(at, end);
        pieces.push({ literal: sql.slice(start, end) });
      }
    } else if (startsComment(sql, at, code, dialect)) {
      const executed = dialect === 'mysql' ? EXECUTED.exec(sql.slice(at, at + 12))?.[0] : undefined;
      cut(at, executed === undefined ? endOfComment(sql, at) : at + executed.length);
      pieces.push({ code: ' ' });
    } else if (code === STAR && sql.charCodeAt(at + 1) === SLASH && dialect === 'mysql') {
      cut(at, at + 2);
      pieces.push({ code: ' ' });
    } else at += 1;
  }
  cut(sql.length, sql.length);
  const hasLiterals = pieces.some(({ literal }) => literal !== undefined);
  const shape = fold(pieces.map((piece) => piece.code ?? "''").join(''));
  return {
    text: hasLiterals ? fold(pieces.map((piece) => piece.code ?? piece.literal).join('')) : shape,
    shape,
    verb: VERB.exec(shape)?.[1] ?? '',
  };
}

/** OCSF datastore activity: 1 read, 2 update, 4 query, 5 write, 6 create, 7 delete, 99 other. */
export function datastoreActivity({ verb, shape }: SqlFacts): number {
  if (verb === 'copy') return / to /.test(shape) ? 1 : 5;
  return ACTIVITY.get(verb) ?? 99;
}

/**
 * Hides the passwords that statements hold: `PASSWORD '…'`, `IDENTIFIED BY '…'`, `SET PASSWORD = '…'`. The quotes stay, so
 * that the statement can still be read.
 */
export function maskSqlSecrets(record: string): string {
  if (!SUSPECT.test(record)) return record;
  return record.replace(SECRET, '$1***$3');
}

const SUSPECT = /password|identified/i;
const SECRET =
  /(\b(?:password|identified(?:\s{1,8}(?:with|via)\s{1,8}\S{1,64})?\s{1,8}(?:by|as|using)(?:\s{1,8}password)?)\s{0,8}[=(]?\s{0,8}(?:password\s{0,4}\()?[eEnN]?\\{0,3}['"])((?:[^'"\\]|\\[^'"])*)(\\{0,3}['"])/gi;

interface Piece {
  readonly code?: string;
  readonly literal?: string;
}

const UNEVEN = /[^\S ]| {2}/;
const VERB = /^[\s(;]{0,64}([a-z]{1,32})/;
const DOLLAR_TAG = /^\$(?:[A-Za-z_][A-Za-z0-9_]{0,62})?\$/;
const EXECUTED = /^\/\*M?!\d{0,6}/;

const ACTIVITY: ReadonlyMap<string, number> = new Map([
  ['select', 4],
  ['with', 4],
  ['show', 4],
  ['table', 4],
  ['explain', 4],
  ['insert', 5],
  ['load', 5],
  ['import', 5],
  ['update', 2],
  ['replace', 2],
  ['merge', 2],
  ['alter', 2],
  ['grant', 2],
  ['revoke', 2],
  ['set', 2],
  ['rename', 2],
  ['create', 6],
  ['delete', 7],
  ['drop', 7],
  ['truncate', 7],
]);

function fold(sql: string): string {
  const lower = sql.toLowerCase();
  return (UNEVEN.test(lower) ? lower.replace(/\s+/g, ' ') : lower).replaceAll(' (', '(').trim();
}

/** `E'…'` of PostgreSQL, where a backslash escapes. */
function isEscapeString(sql: string, at: number): boolean {
  return (sql.charCodeAt(at - 1) | 0x20) === 0x65 && !/[\w$]/.test(sql.charAt(at - 2));
}

/** Index behind the closing quote, or the end of the statement. A doubled quote is one inside. */
function endOfLiteral(sql: string, start: number, quote: number, hasEscapes: boolean): number {
  for (let at = start + 1; at < sql.length; at += 1) {
    const code = sql.charCodeAt(at);
    if (code === BACKSLASH && hasEscapes) at += 1;
    else if (code === quote) {
      if (sql.charCodeAt(at + 1) !== quote) return at + 1;
      at += 1;
    }
  }
  return sql.length;
}

function startsComment(sql: string, at: number, code: number, dialect: SqlDialect): boolean {
  if (code === SLASH) return sql.charCodeAt(at + 1) === STAR;
  if (code === HASH) return dialect === 'mysql';
  return code === DASH && sql.charCodeAt(at + 1) === DASH;
}

function endOfComment(sql: string, start: number): number {
  const isBlock = sql.charCodeAt(start) === SLASH;
  const end = sql.indexOf(isBlock ? '*/' : '\n', start);
  return end === -1 ? sql.length : end + (isBlock ? 2 : 1);
}

const QUOTE = 0x27;
const DOUBLE = 0x22;
const BACKTICK = 0x60;
const DOLLAR = 0x24;
const SLASH = 0x2f;
const STAR = 0x2a;
const HASH = 0x23;
const DASH = 0x2d;
const BACKSLASH = 0x5c;
