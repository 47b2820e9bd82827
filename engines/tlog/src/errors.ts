/** Every failure of this library on purpose. `{name}` is filled from the error's details. */
export const TLOG_ERRORS = {
  TLOG_ENTRY_TOO_LARGE: 'An entry of {bytes} bytes is longer than {limitBytes}, the most that a bundle can hold.',
  TLOG_NOTE_MALFORMED: 'This is not a signed note: {problem}.',
  TLOG_KEY_MALFORMED: 'This is not an Ed25519 note key: {problem}.',
  TLOG_SIGNATURE_INVALID: 'The signature of {key} does not fit the note.',
  TLOG_SIGNATURE_MISSING: 'The note bears no signature of a known key.',
  TLOG_CHECKPOINT_MALFORMED: 'This is not a checkpoint: {problem}.',
  TLOG_ORIGIN_DIFFERS: 'The checkpoint is of the log “{found}”, not of “{expected}”.',
  TLOG_OUT_OF_RANGE: 'The log has {size} entries; {problem}.',
  TLOG_TILE_MISSING: '{path} is missing.',
  TLOG_TILE_MALFORMED: '{path} is damaged: {problem}.',
  TLOG_ROOT_DIFFERS: 'The tiles of the {size} entries do not give the signed root.',
  TLOG_CHANGED_UNDERNEATH: 'Something else has written to this log: it has another checkpoint than was left there.',
  TLOG_CLOSED: 'The log is closed.',
} as const satisfies Record<`TLOG_${string}`, string>;

export type TlogErrorCode = keyof typeof TLOG_ERRORS;

/** The only error that this library throws on purpose; errors of the file system pass through unchanged. */
export class TlogError extends Error {
  override readonly name = 'TlogError';
  readonly code: TlogErrorCode;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: TlogErrorCode, details: Readonly<Record<string, string | number>> = {}, options?: ErrorOptions) {
    super(
      TLOG_ERRORS[code].replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole)),
      options,
    );
    this.code = code;
    this.details = details;
  }
}
