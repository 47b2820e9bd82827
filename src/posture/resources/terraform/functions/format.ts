import { type Cell, failed, isFailed, isList, numberOf, textOf } from '../evaluate/value.ts';
import { toJson } from './json.ts';

const VERB = /%(?:%|([-+ #0]*)(\d*)(?:\.(\d+))?(?:\[(\d+)\])?([a-zA-Z]))/g;
const MAX_WIDTH = 10_000;

/** `format`, with the verbs of Go that Terraform has. */
export function format([pattern, ...args]: readonly Cell[]): Cell {
  if (typeof pattern !== 'string') return failed('format needs a text');
  let next = 0;
  let problem: Cell | undefined;
  const made = pattern.replace(VERB, (all: string, flags = '', width = '', precision = '', at = '', verb = '') => {
    if (all === '%%') return '%';
    if (at !== '') next = Number(at) - 1;
    const arg = args[next++];
    const text = arg === undefined || Number(width) > MAX_WIDTH ? undefined : verbText(verb, arg, precision, flags);
    if (text === undefined) {
      problem = failed('format has no such value');
      return '';
    }
    return pad(text, flags, Number(width));
  });
  return problem ?? made;
}

/** `formatlist`: once for each element; what is no list is the same each time. */
export function formatList([pattern, ...args]: readonly Cell[]): Cell {
  const lists = args.filter(isList);
  const length = Math.max(...lists.map((list) => list.length), lists.length === 0 ? 1 : 0);
  const made = Array.from({ length }, (_, at) =>
    format([pattern ?? null, ...args.map((arg) => (isList(arg) ? (arg[at] ?? null) : arg))]),
  );
  return made.find(isFailed) ?? made;
}

function verbText(verb: string, arg: Cell, precision: string, flags: string): string | undefined {
  if (verb === 's') return textOf(arg)?.slice(0, precision === '' ? undefined : Number(precision));
  if (verb === 'q') return JSON.stringify(textOf(arg));
  if (verb === 't') return typeof arg === 'boolean' || arg === 'true' || arg === 'false' ? String(arg) : undefined;
  if (verb === 'v') return valueText(arg);
  const number = numberOf(arg);
  return number === undefined ? undefined : numberText(verb, number, precision, flags);
}

function valueText(arg: Cell): string | undefined {
  if (arg === null) return 'null';
  const text = textOf(arg);
  if (text !== undefined) return text;
  const json = toJson(arg);
  return typeof json === 'string' ? json : undefined;
}

function numberText(verb: string, number: number, precision: string, flags: string): string | undefined {
  const places = precision === '' ? 6 : Math.min(Number(precision), 100);
  const sign = flags.includes('+') && number >= 0 ? '+' : '';
  switch (verb) {
    case 'd':
      return sign + String(Math.trunc(number));
    case 'f':
      return sign + number.toFixed(places);
    case 'e':
      return sign + number.toExponential(places).replace(/e([+-])(\d)$/, 'e$10$2');
    case 'g':
      return sign + (precision === '' ? String(number) : String(Number(number.toPrecision(places || 1))));
    case 'b':
      return Math.trunc(number).toString(2);
    case 'o':
      return Math.trunc(number).toString(8);
    case 'x':
      return Math.trunc(number).toString(16);
    case 'X':
      return Math.trunc(number).toString(16).toUpperCase();
    default:
      return undefined;
  }
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0')) return text.padStart(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}
