import { unknown } from '#model/resource.ts';
import { type Cell, failed } from '../evaluate/value.ts';
import { deep, type FunctionTable, onTexts } from './define.ts';

/** Functions on dates. The present is only known at apply. */
export const DATE_FUNCTIONS: FunctionTable = {
  formatdate: onTexts((pattern = '', time = '') => formatDate(pattern, parse(time))),
  plantimestamp: deep(() => unknown('the time of the plan is not known')),
  timeadd: onTexts((time = '', duration = '') => add(parse(time), duration)),
  timecmp: onTexts((a = '', b = '') => Math.sign(parse(a) - parse(b))),
  timestamp: deep(() => unknown('the time of apply is not known')),
};

function parse(time: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(time)) return Number.NaN;
  return Date.parse(time);
}

const UNITS_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  ns: 0.000001,
};

function add(timeMs: number, duration: string): Cell {
  if (!/^[+-]?(?:\d+(?:\.\d+)?(?:h|ms|us|ns|m|s))+$/.test(duration)) return failed('timeadd needs a duration');
  const sum = [...duration.matchAll(/([\d.]+)(h|ms|us|ns|m|s)/g)].reduce(
    (total, [, count, unit]) => total + Number(count) * (UNITS_MS[unit ?? ''] ?? 0),
    0,
  );
  const date = new Date(timeMs + (duration.startsWith('-') ? -sum : sum));
  return Number.isNaN(date.getTime()) ? failed('timeadd needs a time') : date.toISOString().replace(/\.\d+Z$/, 'Z');
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function formatDate(pattern: string, timeMs: number): Cell {
  const date = new Date(timeMs);
  if (Number.isNaN(date.getTime())) return failed('formatdate needs a time');
  const hours = date.getUTCHours();
  const two = (number: number) => String(number).padStart(2, '0');
  const day = DAYS[date.getUTCDay()] ?? '';
  const month = MONTHS[date.getUTCMonth()] ?? '';
  const parts: Readonly<Record<string, string>> = {
    YYYY: String(date.getUTCFullYear()).padStart(4, '0'),
    YY: two(date.getUTCFullYear() % 100),
    MMMM: month,
    MMM: month.slice(0, 3),
    MM: two(date.getUTCMonth() + 1),
    M: String(date.getUTCMonth() + 1),
    DD: two(date.getUTCDate()),
    D: String(date.getUTCDate()),
    EEEE: day,
    EEE: day.slice(0, 3),
    hh: two(hours),
    h: String(hours),
    HH: two(hours % 12 || 12),
    H: String(hours % 12 || 12),
    AA: hours < 12 ? 'AM' : 'PM',
    aa: hours < 12 ? 'am' : 'pm',
    mm: two(date.getUTCMinutes()),
    m: String(date.getUTCMinutes()),
    ss: two(date.getUTCSeconds()),
    s: String(date.getUTCSeconds()),
    ZZZZZ: '+00:00',
    ZZZZ: '+0000',
    ZZZ: 'UTC',
    Z: 'Z',
  };
  return pattern.replace(/'((?:[^']|'')*)'|([A-Za-z])\2*/g, (all: string, quoted?: string) =>
    quoted === undefined ? (parts[all] ?? all) : quoted.replaceAll("''", "'"),
  );
}
