/** What every page knows about a request that did not succeed. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** `BTZ_…` of the server, `OFFLINE` when it could not be reached, `UNREADABLE` when it answered something else. */
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** Waits for a call of the client. Throws `Failure`, whatever went wrong. */
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch {
    throw new Failure('OFFLINE', '', '');
  }
  if (answer.response.ok && answer.data !== undefined) return answer.data;
  throw failureOf(answer.error, answer.response.status);
}

/** Reads an error answer `{code, message, remedy}`; anything else becomes `UNREADABLE`. */
export function failureOf(body: unknown, status: number): Failure {
  if (typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string') {
    const { code, message, remedy } = body as { code: string; message?: unknown; remedy?: unknown };
    return new Failure(code, typeof message === 'string' ? message : '', typeof remedy === 'string' ? remedy : '');
  }
  return new Failure('UNREADABLE', `HTTP ${status}`, '');
}
