import { isUnknown, type Value } from '#model/resource.ts';

/** How a value stands in a reason, for whoever may read the report. */
export type Show = (path: string, value: Value | undefined) => string;

/** What is there, and is not shown. */
export const HIDDEN = 'set (hidden)';
const MAX_CHARACTERS = 80;

/** Attributes that are a secret, or in which programs find theirs. */
const SECRET_PATH =
  /pass|pwd|psk|secret|token|credential|private|user_?data|custom_data|script|command|connection_string|sas_url|(?:^|[._])env(?:s|ironment(?:_variables?|_vars?)?)?(?:[.]|$)|key(?!_id|_pair)/i;

/** Named like one, and settings about it. */
const SETTING_PATH = /(?:^|[._])(?:http_tokens|[a-z_]+_(?:length|age|days|period|limit|count|attempts|type|mode))$/;

/** Texts that hold one whatever they stand in: `password=…`, `"api_key": …`, `-pSecret`, `mysql://me:secret@…`, keys as they are issued. */
const SECRET_TEXTS: readonly RegExp[] = [
  /(?:pass(?:w(?:or)?d|phrase)?|pwd|psk|secret|token|credentials?|key)["']?\s{0,5}[:=]/i,
  /:\/\/[^/\s:@]{0,100}:[^/\s@]{1,200}@/,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|LTAI|AKID|gh[pousr]_|xox[abprs]-|[rs]k_live_|AIza|eyJ)[A-Za-z0-9_-]{12}/,
  /PRIVATE KEY/,
];
/** So much of a text is looked at: what is shown is far shorter. */
const LOOKED_AT_CHARACTERS = 4_000;

/** A value as a person may see it: short, on one line, and nothing that is a secret or may hold one. */
export const shown: Show = (path, value) => {
  const plain = plainly(value);
  if (plain !== undefined) return plain;
  if (SECRET_PATH.test(path) && !SETTING_PATH.test(path)) return HIDDEN;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const start = text.slice(0, LOOKED_AT_CHARACTERS);
  if (/[\r\n]/.test(start) || SECRET_TEXTS.some((form) => form.test(start))) return HIDDEN;
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
};

/** A value in the reason of a check that looks for secrets: that there is one, never which. */
export const hidden: Show = (_path, value) => plainly(value) ?? HIDDEN;

function plainly(value: Value | undefined): string | undefined {
  if (value === undefined) return 'absent';
  if (isUnknown(value)) return 'unknown';
  return typeof value === 'boolean' ? String(value) : undefined;
}
