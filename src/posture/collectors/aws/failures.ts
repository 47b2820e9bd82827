import type { Failure, FailureKind } from '../collector.ts';

/**
 * What an error code of AWS means. First match wins.
 *
 * Codes are those of “Common errors” in the references of the services, and of “Error responses” of S3 and EC2.
 */
const KINDS: readonly (readonly [FailureKind, RegExp])[] = [
  [
    'throttled',
    /Throttl|^(TooManyRequests|RequestLimitExceeded|SlowDown|BandwidthLimitExceeded|RequestThrottled|EC2ThrottledException|LimitExceededException$|TransactionInProgress)/,
  ],
  [
    'credentials',
    /^(ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|AuthFailure$|InvalidToken|TokenRefreshRequired|MissingAuthenticationToken|RequestTimeTooSkewed|CredentialsProviderError|TokenProviderError|InvalidIdentityToken)/,
  ],
  ['not_offered', /^(OptInRequired|SubscriptionRequired|NotSignedUp|RegionDisabled|SubscriptionNotFound)/],
  [
    'denied',
    /^(AccessDenied|UnauthorizedOperation|Unauthorized|NotAuthorized|AuthorizationError|Forbidden|AllAccessDisabled|AccountProblem|MethodNotAllowed|KMSAccessDenied)/,
  ],
  [
    'busy',
    /^(ServiceUnavailable|InternalError|InternalFailure|InternalServer|Unavailable|RequestTimeout|ServerException)/,
  ],
];

const NETWORK =
  /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ECONNABORTED|TimeoutError|UND_ERR)|Timeout/i;

const UNTOLD = new Set(['', 'Error', 'SyntaxError', 'Unknown', 'UnknownError']);

/** An answer that is not what the API promises. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** Whatever the SDK threw, or the way to it. */
export function failureOf(thrown: unknown): Failure {
  const { name, code, Code, message, $metadata } = thrown as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly Code?: unknown;
    readonly message?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: unknown };
  };
  const status = Number($metadata?.httpStatusCode ?? Number.NaN);
  // An error whose body cannot be read has nothing but its status.
  const said = [name, Code, code].find((one) => typeof one === 'string' && !UNTOLD.has(one));
  if (thrown instanceof UnreadableAnswer || (said === undefined && !(status >= 400)))
    return { kind: 'malformed', code: 'Malformed', message: 'the answer is not what the API promises' };
  const network = [code, name].find((one): one is string => typeof one === 'string' && NETWORK.test(one));
  const word = typeof said === 'string' ? said : `HTTP ${status}`;
  const text = typeof message === 'string' ? message : '';
  if (!(status >= 100) && network !== undefined) return shown('busy', network, text);
  return shown(kindOf(word, status), word, text);
}

function kindOf(code: string, status: number): FailureKind {
  if (status === 429) return 'throttled';
  for (const [kind, codes] of KINDS) if (codes.test(code)) return kind;
  if (status === 401 || status === 403) return 'denied';
  return status >= 500 ? 'busy' : 'refused';
}

/** Texts of the provider may quote what was signed, and name the key: neither stays. */
function shown(kind: FailureKind, code: string, message: string): Failure {
  const line = message
    .replace(/The Canonical String for this request.*$/is, '…')
    .replace(/Deserialization error:.*$/is, '')
    .replace(/Encoded authorization failure message:.*$/is, '')
    .replace(/\b(AKIA|ASIA|AIDA|AROA)[A-Z0-9]{8,}/g, '$1…')
    .replace(/\s+/g, ' ')
    .trim();
  return { kind, code: code.slice(0, 80), message: line.slice(0, 300) };
}
