import type { i18n, TFunction } from 'i18next';
import { Failure } from '../api/failure.ts';

export interface FailureText {
  readonly message: string;
  readonly remedy: string;
  /** The server's own sentence, where the one above is a translation that lacks its particulars. */
  readonly detail?: string;
  readonly code: string;
}

/** Errors without particulars: their translation says all that the server said. */
const SAYS_ALL: ReadonlySet<string> = new Set([
  'BTZ_CROSS_SITE',
  'BTZ_EXCEPTION_EMPTY',
  'BTZ_EXCEPTION_TOO_WIDE',
  'BTZ_FORBIDDEN',
  'BTZ_RESPONSE_OFF',
  'BTZ_SEARCH_TOO_WIDE',
  'BTZ_SETUP_DONE',
  'BTZ_SETUP_TOKEN_INVALID',
  'BTZ_SIGN_IN_FAILED',
  'BTZ_TOO_MANY_REQUESTS',
  'BTZ_UNAUTHENTICATED',
]);

/** What the reader is told of a failure, in the page's language where we have it. */
export function failureText(thrown: unknown, { t, i18n }: { readonly t: TFunction; readonly i18n: i18n }): FailureText {
  if (!(thrown instanceof Failure)) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return { message: t('failures.UNKNOWN.message'), remedy: t('failures.UNKNOWN.remedy'), detail, code: '' };
  }
  return problemText(thrown, { t, i18n });
}

/** The same for an error that came inside an answer: a refused plan, a failed action. */
export function problemText(
  problem: { readonly code: string; readonly message: string; readonly remedy?: string },
  { t, i18n }: { readonly t: TFunction; readonly i18n: i18n },
): FailureText {
  const { code, message, remedy = '' } = problem;
  const key = `failures.${code}`;
  if (!/^\w+$/.test(code) || !i18n.getResource(i18n.language, 'translation', key))
    return { message: message || t('failures.UNKNOWN.message'), remedy, code };
  // Codes are data here: the typed keys cannot know them.
  const say = t as unknown as (key: string) => string;
  const detail = message === '' || SAYS_ALL.has(code) ? undefined : message;
  return { message: say(`${key}.message`), remedy: say(`${key}.remedy`), detail, code };
}
