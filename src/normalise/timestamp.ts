/** What a stamp without zone or year needs to become a time. */
export interface StampContext {
  readonly receivedMs: number;
  readonly utcOffsetMinutes: number;
}

/** A time in epoch milliseconds, and the index of the first character after the stamp. */
export interface Stamp {
  readonly timeMs: number;
  readonly end: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A clock may be this far ahead of ours before a stamp without a year is taken for last year's. */
const AHEAD_MS = 2 * DAY_MS;

/**
 * RFC 3164, section 4.1.2: `Nov 20 03:11:01`, day padded with a space, a zero or not at all; a year after the day and
 * a fraction after the seconds are read too. The year is the one that brings the stamp nearest to its arrival without
 * being more than two days ahead of it, so that December's lines read in January are last year's.
 */
export function readBsdStamp(text: string, start: number, context: StampContext): Stamp | undefined {
  const month = monthAt(text, start);
  if (month < 0 || text.charCodeAt(start + 3) !== SPACE) return undefined;
  let at = start + 4;
  if (text.charCodeAt(at) === SPACE) at += 1;
  let day = digitAt(text, at);
  if (day < 0) return undefined;
  at += 1;
  const second = digitAt(text, at);
  if (second >= 0) {
    day = day * 10 + second;
    at += 1;
  }
  if (text.charCodeAt(at) !== SPACE || day < 1 || day > 31) return undefined;
  at += 1;
  let year = -1;
  const wideYear = fourDigits(text, at);
  if (wideYear >= 1970 && text.charCodeAt(at + 4) === SPACE) {
    year = wideYear;
    at += 5;
  }
  const timeOfDay = clockAt(text, at);
  if (timeOfDay < 0) return undefined;
  at += 8;
  const fraction = fractionAt(text, at);
  const offsetMs = context.utcOffsetMinutes * MINUTE_MS;
  const dayMs = year < 0 ? nearestDay(month, day, context.receivedMs + offsetMs) : civilDay(year, month, day);
  if (Number.isNaN(dayMs)) return undefined;
  return { timeMs: dayMs + timeOfDay + fraction.ms - offsetMs, end: fraction.end };
}

/** RFC 3339 and its relatives: `T` or a space between, fraction after `.` or `,`, zone `Z`, `+08:00`, `+0800` or none. */
export function readIsoStamp(text: string, start: number, context: StampContext): Stamp | undefined {
  const year = fourDigits(text, start);
  if (year < 1970) return undefined;
  const separator = text.charCodeAt(start + 4);
  if ((separator !== DASH && separator !== SLASH) || text.charCodeAt(start + 7) !== separator) return undefined;
  const month = twoDigits(text, start + 5);
  const day = twoDigits(text, start + 8);
  const between = text.charCodeAt(start + 10);
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  if (between !== 0x54 && between !== 0x74 && between !== SPACE) return undefined;
  const timeOfDay = clockAt(text, start + 11);
  if (timeOfDay < 0) return undefined;
  const fraction = fractionAt(text, start + 19);
  const zone = zoneAt(text, fraction.end);
  const dayMs = civilDay(year, month - 1, day);
  if (Number.isNaN(dayMs)) return undefined;
  const offsetMs = (zone?.minutes ?? context.utcOffsetMinutes) * MINUTE_MS;
  return { timeMs: dayMs + timeOfDay + fraction.ms - offsetMs, end: zone?.end ?? fraction.end };
}

/** The stamp of the common log format, without its brackets: `20/Nov/2026:03:11:01 +0800`. */
export function readAccessStamp(text: string, start: number, context: StampContext): Stamp | undefined {
  const day = twoDigits(text, start);
  const month = monthAt(text, start + 3);
  const year = fourDigits(text, start + 7);
  if (day < 1 || day > 31 || month < 0 || year < 1970 || text.charCodeAt(start + 11) !== COLON) return undefined;
  const timeOfDay = clockAt(text, start + 12);
  if (timeOfDay < 0) return undefined;
  const fraction = fractionAt(text, start + 20);
  const spaced = text.charCodeAt(fraction.end) === SPACE;
  const zone = zoneAt(text, spaced ? fraction.end + 1 : fraction.end);
  const dayMs = civilDay(year, month, day);
  if (Number.isNaN(dayMs)) return undefined;
  const offsetMs = (zone?.minutes ?? context.utcOffsetMinutes) * MINUTE_MS;
  return { timeMs: dayMs + timeOfDay + fraction.ms - offsetMs, end: zone?.end ?? fraction.end };
}

/**
 * A time in any of the usual JSON shapes: a stamp as above, or seconds, milliseconds, microseconds or nanoseconds of
 * the epoch as a number or its digits, told apart by their size.
 *
 * @returns epoch milliseconds, `undefined` if the value is no time.
 */
export function readAnyTime(value: unknown, context: StampContext): number | undefined {
  if (typeof value === 'number') return readEpoch(value);
  if (typeof value !== 'string' || value.length < 9 || value.length > 64) return undefined;
  if (EPOCH_TEXT.test(value)) return readEpoch(Number(value));
  const stamp =
    readIsoStamp(value, 0, context) ?? readAccessStamp(value, 0, context) ?? readBsdStamp(value, 0, context);
  return stamp?.timeMs;
}

const EPOCH_TEXT = /^\d{9,19}(?:\.\d{1,9})?$/;

function readEpoch(value: number): number | undefined {
  if (!Number.isFinite(value) || value < 1e8) return undefined;
  if (value < 1e11) return Math.floor(value * 1000);
  if (value < 1e14) return Math.floor(value);
  if (value < 1e17) return Math.floor(value / 1e3);
  return value < 1e20 ? Math.floor(value / 1e6) : undefined;
}

/** Start of a day in epoch milliseconds as if in UTC, NaN if the month has no such day. Logs repeat a day, hence the memory of one. */
function civilDay(year: number, month: number, day: number): number {
  const key = (year * 12 + month) * 32 + day;
  if (key === lastCivilKey) return lastCivilMs;
  const ms = Date.UTC(year, month, day);
  if (new Date(ms).getUTCDate() !== day) return Number.NaN;
  lastCivilKey = key;
  lastCivilMs = ms;
  return ms;
}
let lastCivilKey = -1;
let lastCivilMs = 0;

function nearestDay(month: number, day: number, localReceivedMs: number): number {
  const receivedDay = Math.floor(localReceivedMs / DAY_MS);
  const key = (receivedDay * 12 + month) * 32 + day;
  if (key === lastNearestKey) return lastNearestMs;
  const receivedYear = new Date(receivedDay * DAY_MS).getUTCFullYear();
  // Eight years back, for 29 February across a century that has none.
  for (let year = receivedYear + 1; year >= receivedYear - 8; year -= 1) {
    const ms = civilDay(year, month, day);
    if (Number.isNaN(ms) || ms > receivedDay * DAY_MS + AHEAD_MS) continue;
    lastNearestKey = key;
    lastNearestMs = ms;
    return ms;
  }
  return Number.NaN;
}
let lastNearestKey = -1;
let lastNearestMs = 0;

function monthAt(text: string, at: number): number {
  const key = (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2);
  return MONTH_KEYS.indexOf(key);
}

const MONTH_KEYS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map(
  (name) => (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
);

/** Milliseconds of `HH:MM:SS`, −1 if it is none. A leap second counts as the second before it. */
function clockAt(text: string, at: number): number {
  const hours = twoDigits(text, at);
  const minutes = twoDigits(text, at + 3);
  const seconds = twoDigits(text, at + 6);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) return -1;
  if (text.charCodeAt(at + 2) !== COLON || text.charCodeAt(at + 5) !== COLON) return -1;
  return (hours * 3600 + minutes * 60 + Math.min(seconds, 59)) * 1000;
}

function fractionAt(text: string, start: number): { ms: number; end: number } {
  const mark = text.charCodeAt(start);
  if ((mark !== 0x2e && mark !== 0x2c) || digitAt(text, start + 1) < 0) return { ms: 0, end: start };
  let ms = 0;
  let scale = 100;
  let at = start + 1;
  for (let digit = digitAt(text, at); digit >= 0 && at - start < 12; digit = digitAt(text, at)) {
    ms += digit * scale;
    scale = scale === 1 ? 0 : scale / 10;
    at += 1;
  }
  return { ms: Math.floor(ms), end: at };
}

function zoneAt(text: string, at: number): { minutes: number; end: number } | undefined {
  const code = text.charCodeAt(at);
  if (code === 0x5a || code === 0x7a) return { minutes: 0, end: at + 1 };
  if (code !== 0x2b && code !== DASH) return undefined;
  const hours = twoDigits(text, at + 1);
  if (hours < 0 || hours > 23) return undefined;
  const hasColon = text.charCodeAt(at + 3) === COLON;
  const minutes = twoDigits(text, hasColon ? at + 4 : at + 3);
  const total = hours * 60 + Math.max(minutes, 0);
  return { minutes: code === DASH ? -total : total, end: at + 3 + (minutes < 0 ? 0 : hasColon ? 3 : 2) };
}

function digitAt(text: string, at: number): number {
  const value = text.charCodeAt(at) - 0x30;
  return value >= 0 && value <= 9 ? value : -1;
}

function twoDigits(text: string, at: number): number {
  const tens = digitAt(text, at);
  const ones = digitAt(text, at + 1);
  return tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
}

function fourDigits(text: string, at: number): number {
  const high = twoDigits(text, at);
  const low = twoDigits(text, at + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

const SPACE = 0x20;
const COLON = 0x3a;
const DASH = 0x2d;
const SLASH = 0x2f;
