/** Numbers and times as people write them. `language` is a BCP 47 tag; times are epoch ms, in the reader's own zone. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `12345` → `12,345`. */
export function count(value: number, language: string): string {
  return numbers(language).format(value);
}

/** From a million on only what the eye takes in: `1.2M`, `123万`. The exact one belongs into a title. */
export function shortCount(value: number, language: string): string {
  return Math.abs(value) < 1_000_000 ? count(value, language) : shortNumbers(language).format(value);
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `1536` → `1.5 KB`; steps of 1,024. */
export function bytes(value: number): string {
  let shown = Math.max(0, value);
  let unit = 0;
  while (shown >= 1024 && unit < BYTE_UNITS.length - 1) {
    shown /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || shown >= 100 ? 0 : 1;
  return `${shown.toFixed(digits).replace(/\.0$/, '')} ${BYTE_UNITS[unit]}`;
}

/** A share of 0–1 as per cent. Never says 100 % of what is not whole, nor 0 % of what is there. */
export function percent(share: number): string {
  if (share >= 1) return '100%';
  if (share <= 0) return '0%';
  const whole = Math.round(share * 100);
  return `${Math.min(99, Math.max(1, whole))}%`;
}

/** Date and time; the year only where it is not this one. */
export function dateTime(timeMs: number, language: string, nowMs = Date.now()): string {
  const isThisYear = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear();
  return dates(language, isThisYear ? 'short' : 'long').format(timeMs);
}

/** With milliseconds and zone, for those who compare logs. */
export function exactTime(timeMs: number): string {
  const date = new Date(timeMs);
  if (Number.isNaN(date.getTime())) return '–';
  const shifted = new Date(timeMs - date.getTimezoneOffset() * MINUTE_MS).toISOString().replace('T', ' ').slice(0, -1);
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
  return `${shifted} ${sign}${two(offset / 60)}:${two(offset % 60)}`;
}

/** `3 minutes ago`, `in 2 days`; under ten seconds `undefined`: the page says “just now”. */
export function relativeTime(timeMs: number, nowMs: number, language: string): string | undefined {
  const difference = timeMs - nowMs;
  const size = Math.abs(difference);
  if (size < 10_000) return undefined;
  const words = relatives(language);
  if (size < MINUTE_MS) return words.format(Math.round(difference / 1000), 'second');
  if (size < HOUR_MS) return words.format(Math.round(difference / MINUTE_MS), 'minute');
  if (size < DAY_MS) return words.format(Math.round(difference / HOUR_MS), 'hour');
  if (size < 60 * DAY_MS) return words.format(Math.round(difference / DAY_MS), 'day');
  return words.format(Math.round(difference / (30 * DAY_MS)), 'month');
}

export interface Duration {
  readonly unit: 'seconds' | 'minutes' | 'hours' | 'days';
  readonly count: number;
}

/** The largest unit of which there are at least two, or whole ones; at least one second. */
export function duration(ms: number): Duration {
  if (ms >= 2 * DAY_MS || (ms >= DAY_MS && ms % DAY_MS === 0)) return { unit: 'days', count: Math.round(ms / DAY_MS) };
  if (ms >= 2 * HOUR_MS || (ms >= HOUR_MS && ms % HOUR_MS === 0))
    return { unit: 'hours', count: Math.round(ms / HOUR_MS) };
  if (ms >= 2 * MINUTE_MS || (ms >= MINUTE_MS && ms % MINUTE_MS === 0))
    return { unit: 'minutes', count: Math.round(ms / MINUTE_MS) };
  return { unit: 'seconds', count: Math.max(1, Math.round(ms / 1000)) };
}

const numbers = kept((language) => new Intl.NumberFormat(language));
const shortNumbers = kept(
  (language) => new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 }),
);
const relatives = kept((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
const shortDates = kept((language) => new Intl.DateTimeFormat(language, dateParts(false)));
const longDates = kept((language) => new Intl.DateTimeFormat(language, dateParts(true)));

function dates(language: string, length: 'short' | 'long'): Intl.DateTimeFormat {
  return length === 'short' ? shortDates(language) : longDates(language);
}

function dateParts(hasYear: boolean): Intl.DateTimeFormatOptions {
  return {
    ...(hasYear ? { year: 'numeric' } : {}),
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  };
}

/** Making a formatter costs more than a thousand uses of it. */
function kept<T>(make: (language: string) => T): (language: string) => T {
  const made = new Map<string, T>();
  return (language) => {
    const formatter = made.get(language) ?? make(language);
    made.set(language, formatter);
    return formatter;
  };
}
