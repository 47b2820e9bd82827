import { BartizanError, ERRORS, type ErrorCode } from '#kit/errors.ts';
import { defaultDataFolder, readLocalAccess } from '#server/data-folder.ts';

const PATIENCE_MS = 60_000;

/**
 * Asks the running centre of a data folder, with the secret it left there for its owner.
 * Throws BTZ_NOT_RUNNING, or the centre's own coded answer.
 */
export async function askCentre<T>(
  folder: string | undefined,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  patienceMs: number = PATIENCE_MS,
): Promise<T> {
  const directory = folder ?? defaultDataFolder();
  const access = readLocalAccess(directory);
  if (!access) throw new BartizanError('BTZ_NOT_RUNNING', { directory });
  let response: Response;
  try {
    response = await fetch(`${access.url}/api/v1${path}`, {
      method,
      signal: AbortSignal.timeout(patienceMs),
      headers: {
        authorization: `Bearer ${access.secret}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (thrown) {
    throw new BartizanError('BTZ_NOT_RUNNING', { directory }, { cause: thrown });
  }
  const answer = (await response.json()) as T & { code?: string; message?: string; remedy?: string };
  if (response.ok) return answer;
  const code = answer.code !== undefined && answer.code in ERRORS ? (answer.code as ErrorCode) : 'BTZ_INTERNAL';
  throw new CentreAnswer(code, answer.message ?? response.statusText, answer.remedy ?? '');
}

/** The centre's words as they came: its details stayed there. */
class CentreAnswer extends BartizanError {
  readonly #remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string) {
    super(code);
    this.message = message;
    this.#remedy = remedy;
  }

  override get remedy(): string {
    return this.#remedy;
  }
}
