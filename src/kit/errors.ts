import { ERRORS } from './error-table.ts';

export { ERRORS };

export type ErrorCode = keyof typeof ERRORS;
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** A coded failure: the only kind that is thrown on purpose. */
export class BartizanError extends Error {
  override readonly name = 'BartizanError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(asSentence(fill(ERRORS[code].cause, details)), options);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  /** What the reader can do about it. */
  get remedy(): string {
    return fill(ERRORS[this.code].remedy, this.details);
  }
}

/** Wraps whatever was thrown, so that a caller always has a code; a BartizanError passes unchanged. */
export function toBartizanError(
  thrown: unknown,
  code: ErrorCode = 'BTZ_INTERNAL',
  details: ErrorDetails = {},
): BartizanError {
  if (thrown instanceof BartizanError) return thrown;
  const problem = thrown instanceof Error ? thrown.message : String(thrown);
  return new BartizanError(code, { problem, ...details }, { cause: thrown });
}

/** What others worded has no full stop, and the remedy is read right behind it. */
function asSentence(text: string): string {
  return /[\p{L}\p{N}'"”’)\]/]$/u.test(text) ? `${text}.` : text;
}

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}
