import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isJsonObject, parseJson } from '#kit/json.ts';
import { type Attributes, isUnknown, unknown, type Value } from '#model/resource.ts';
import type { Gathered } from './gather.ts';

/** Where a scan stands, so that a second run goes on. It holds what was read of the account: readable for its owner only. */
export interface Progress {
  /** What earlier runs brought, by unit (`ecs/cn-hangzhou`), and how old its first piece is. */
  readonly done: ReadonlyMap<string, Gathered>;
  readonly ageMs: number;
  readonly finish: (unit: string, gathered: Gathered) => void;
  /** The scan is whole: nothing is left to go on with. */
  readonly remove: () => void;
}

/** After a day things have changed too much; and a file that large is none of ours. */
const FRESH_MS = 24 * 60 * 60_000;
const MOST_BYTES = 1024 * 1024 * 1024;

/**
 * Opens the progress of a scan, or begins it anew where the file is of another scan, too old or broken.
 *
 * @param scan what must be the same for it to go on: account, calls
 */
export function openProgress(path: string, scan: string, nowMs: number): Progress {
  const { done, startedMs } = read(path, scan, nowMs);
  if (done.size === 0) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fresh = `${path}.new`;
    writeFileSync(fresh, `${JSON.stringify({ scan, startedMs: nowMs })}\n`, { mode: 0o600 });
    renameSync(fresh, path);
  }
  return {
    done,
    ageMs: nowMs - startedMs,
    finish: (unit, gathered) => appendFileSync(path, `${JSON.stringify({ unit, gathered: encode(gathered) })}\n`),
    remove: () => rmSync(path, { force: true }),
  };
}

function read(path: string, scan: string, nowMs: number): { done: Map<string, Gathered>; startedMs: number } {
  const done = new Map<string, Gathered>();
  const none = { done: new Map<string, Gathered>(), startedMs: nowMs };
  if (!existsSync(path) || statSync(path).size > MOST_BYTES) return none;
  const [first = '', ...lines] = readFileSync(path, 'utf8').split('\n');
  const head = parseJson(first);
  if (!head.ok || !isJsonObject(head.value) || head.value['scan'] !== scan) return none;
  const startedMs = Number(head.value['startedMs']);
  if (!(startedMs <= nowMs && nowMs - startedMs < FRESH_MS)) return none;
  for (const line of lines) {
    // A line that a crash cut off is asked again.
    const one = parseJson(line);
    if (one.ok && isJsonObject(one.value) && typeof one.value['unit'] === 'string')
      done.set(one.value['unit'], decode(one.value['gathered']) as Gathered);
  }
  return { done, startedMs };
}

/** No provider’s attribute begins so. */
const UNKNOWN_KEY = '\u0000unknown';

function encode(gathered: Gathered): unknown {
  return {
    ...gathered,
    resources: gathered.resources.map((one): unknown => ({ ...one, attributes: encodeValue(one.attributes) })),
  };
}

function encodeValue(value: Value): unknown {
  if (isUnknown(value)) return { [UNKNOWN_KEY]: value.reason };
  if (Array.isArray(value)) return value.map((one: Value) => encodeValue(one));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value as Attributes).map(([name, one]) => [name, encodeValue(one)]));
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (!isJsonObject(value)) return value;
  if (typeof value[UNKNOWN_KEY] === 'string') return unknown(value[UNKNOWN_KEY]);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, decode(one)]));
}
