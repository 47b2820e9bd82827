/** The first line of a request, as far as it is one. */
export interface RequestLine {
  /** As logged. */
  readonly line: string;
  readonly method: string | undefined;
  /** Path and query as sent; the whole line where it is no request. */
  readonly target: string;
  readonly path: string | undefined;
  readonly query: string | undefined;
  /** `1.1` of `HTTP/1.1`; HTTP/0.9 has none. */
  readonly version: string | undefined;
  /** A TLS hello, a binary protocol, or words that are no request (RFC 9112, section 3). */
  readonly isMalformed: boolean;
}

/** Reads `METHOD target HTTP/x.y`. Spaces inside the target are tolerated, as servers do. */
export function readRequestLine(line: string): RequestLine {
  const methodEnd = line.indexOf(' ');
  if (methodEnd < 1 || !isMethod(line, methodEnd)) return malformed(line);
  const versionAt = line.lastIndexOf(' ');
  const hasVersion = versionAt > methodEnd && line.startsWith('HTTP/', versionAt + 1);
  const target = line.slice(methodEnd + 1, hasVersion ? versionAt : undefined);
  if (target === '') return malformed(line);
  return requestOf(line.slice(0, methodEnd), target, hasVersion ? line.slice(versionAt + 6) : undefined, line);
}

/** A request whose parts came apart already. */
export function requestOf(
  method: string | undefined,
  target: string,
  version: string | undefined,
  line: string,
): RequestLine {
  const questionAt = target.indexOf('?');
  const path = questionAt === -1 ? target : target.slice(0, questionAt);
  const query = questionAt === -1 ? undefined : target.slice(questionAt + 1);
  const first = target.charCodeAt(0);
  const isMalformed = first !== SLASH && first !== STAR && method !== 'CONNECT' && !target.includes('://');
  return { line, method, target, path, query, version, isMalformed };
}

function malformed(line: string): RequestLine {
  const target = line === '-' ? '' : line;
  return { line, method: undefined, target, path: undefined, query: undefined, version: undefined, isMalformed: true };
}

/** A token of RFC 9110 that looks like a method: letters, `-` and `_`, at most 24. */
function isMethod(line: string, end: number): boolean {
  if (end > 24) return false;
  for (let at = 0; at < end; at += 1) {
    const code = line.charCodeAt(at) | 0x20;
    if ((code < 0x61 || code > 0x7a) && code !== 0x2d && code !== 0x7f) return false;
  }
  return true;
}

const SLASH = 0x2f;
const STAR = 0x2a;
