import type { Failure, FailureKind } from '../collector.ts';

/**
 * What an error answer of Alibaba Cloud means. First match wins.
 *
 * Codes are those of “Common error codes” and of the products’ own lists; a suffix (`Forbidden.RAM`,
 * `Throttling.User`) refines them.
 */
const KINDS: readonly (readonly [FailureKind, RegExp])[] = [
  ['throttled', /^Throttling|^(RequestLimitExceeded|QpsLimitExceeded|ReadQuotaExceed|TooManyRequests|FlowControl)/i],
  [
    'credentials',
    /^(InvalidAccessKeyId|InvalidSecurityToken|SecurityTokenExpired|InvalidAccessKey|MissingSecurityToken)/,
  ],
  [
    'not_offered',
    /NotOpen|NotActivated|NotEnabled|NotPurchase|NotSupportedRegion|UnsupportedRegion|RegionNotSupport|UserNotExist|^InvalidRegion|UserUnRegister|ServiceNotFound|^InvalidProduct\.NotFound|UnavailableRegion/i,
  ],
  [
    'denied',
    /^(Forbidden|NoPermission|AccessDenied|Unauthorized|NotAuthorized|StatusForbidden|AuthenticationFailed|OperationDenied\.NoPermission|UserNotAuthorized)/i,
  ],
  [
    'busy',
    /^(ServiceUnavailable|InternalError|SystemBusy|ServerBusy|UnknownError|RequestTimeout|InternalServerError)/i,
  ],
];

/** Network errors of Node and of the clients: asked again. */
const NETWORK =
  /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ECONNABORTED|UND_ERR)|Timeout/i;

/** @param status of HTTP, or undefined where there was no answer at all. */
export function failureOf(code: string, message: string, status: number | undefined): Failure {
  return { kind: kindOf(code, status), code: shortened(code, 80), message: oneLine(message, 300) };
}

/** Whatever a client threw. */
export function thrownFailure(thrown: unknown): Failure {
  const error = thrown as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
    readonly status?: unknown;
    readonly statusCode?: unknown;
    readonly data?: { readonly statusCode?: unknown };
  };
  const status = [error.status, error.statusCode, error.data?.statusCode].map(Number).find((one) => one >= 100);
  const message = typeof error.message === 'string' ? error.message : String(thrown);
  const name = typeof error.name === 'string' ? error.name : 'Error';
  const code = typeof error.code === 'string' && error.code !== '' && error.code !== 'undefined' ? error.code : name;
  if (status === undefined && NETWORK.test(code))
    return { kind: 'busy', code: shortened(code, 80), message: oneLine(message, 300) };
  if (status === undefined && (thrown instanceof SyntaxError || name === 'Error'))
    return { kind: 'malformed', code: 'Malformed', message: 'the answer is not what the API promises' };
  return failureOf(code, message, status);
}

function kindOf(code: string, status: number | undefined): FailureKind {
  if (status === 429) return 'throttled';
  for (const [kind, codes] of KINDS) if (codes.test(code)) return kind;
  if (status === 403 || status === 401) return 'denied';
  if (status !== undefined && status >= 500) return 'busy';
  return 'refused';
}

/** Provider texts may quote what was signed; nothing that looks like a key stays. The client’s own wrapping goes too. */
function oneLine(text: string, most: number): string {
  const plain = text.replace(/^(?:[\w.]+: )?code: \d+, /, '').replace(/ request id: [\w-]*$/, '');
  return shortened(plain.replace(/\b(?:string ?to ?sign|server string)\b.*$/is, '…'), most);
}

function shortened(text: string, most: number): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\b(LTAI|STS\.)[\w.]{4,}/g, '$1…')
    .slice(0, most);
}
