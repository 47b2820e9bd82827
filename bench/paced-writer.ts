import { closeSync, openSync, writeSync } from 'node:fs';
import { guesses, sshdLines } from './sshd-lines.ts';

/** What it prints when it is done, as one JSON line. */
export interface Written {
  /** After each write: when (epoch ms), and how many lines there are since the first. */
  readonly writes: readonly (readonly [atMs: number, lines: number])[];
  /** One a second: an address that guesses then and only then. */
  readonly markers: readonly { readonly address: string; readonly atMs: number; readonly lines: number }[];
  readonly cpuSeconds: number;
}

/** More of them would repeat an address. */
export const MOST_SECONDS = 250;
const EVERY_MS = 10;
const MOST_PREPARED = 1_000_000;

/**
 * `node bench/paced-writer.ts FILE LINES_PER_SECOND SECONDS`: appends sshd lines to a file at a pace, for `burst.ts`. Says
 * `ready` and waits for a line on standard input. Lines are made before that and only stamped anew as they go.
 */
if (import.meta.main) {
  const [file = '', rate = '', seconds = ''] = process.argv.slice(2);
  const prepared = prepare(Math.min(MOST_PREPARED, Number(rate) * Number(seconds)));
  process.stdout.write('ready\n');
  process.stdin.once('data', () => {
    write(file, Number(rate), Number(seconds), prepared, (written) => {
      process.stdout.write(`${JSON.stringify(written)}\n`);
      process.stdin.destroy();
    });
  });
}

interface Prepared {
  readonly bytes: Buffer;
  /** Where each line begins, and where the last one ends. */
  readonly begins: Uint32Array;
}

function prepare(count: number): Prepared {
  const texts = [...sshdLines(count)].map((line) => `${line}\n`);
  const begins = new Uint32Array(count + 1);
  for (const [index, text] of texts.entries()) begins[index + 1] = (begins[index] ?? 0) + text.length;
  return { bytes: Buffer.from(texts.join(''), 'latin1'), begins };
}

function write(
  file: string,
  rate: number,
  seconds: number,
  prepared: Prepared,
  done: (written: Written) => void,
): void {
  const output = openSync(file, 'a');
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  const writes: [number, number][] = [];
  const markers: { address: string; atMs: number; lines: number }[] = [];
  let lines = 0;
  let place = 0;
  const timer = setInterval(() => {
    const elapsed = Math.min(seconds, (performance.now() - startedMs) / 1000);
    if (markers.length < seconds && elapsed >= markers.length) {
      const address = `198.51.100.${markers.length + 1}`;
      const marker = guesses(address, Date.now());
      writeSync(output, `${marker.join('\n')}\n`);
      lines += marker.length;
      markers.push({ address, atMs: Date.now(), lines });
    }
    let due = Math.floor(elapsed * rate) - lines;
    while (due > 0) {
      const count = Math.min(due, prepared.begins.length - 1 - place);
      writeStamped(output, prepared, place, count);
      place = (place + count) % (prepared.begins.length - 1);
      lines += count;
      due -= count;
    }
    writes.push([Date.now(), lines]);
    if (elapsed < seconds) return;
    clearInterval(timer);
    closeSync(output);
    const { user, system } = process.cpuUsage(cpu);
    done({ writes, markers, cpuSeconds: (user + system) / 1e6 });
  }, EVERY_MS);
}

function writeStamped(output: number, { bytes, begins }: Prepared, first: number, count: number): void {
  const stamp = Buffer.from(new Date().toISOString().replace('Z', '000+00:00'), 'latin1');
  for (let line = first; line < first + count; line++) bytes.set(stamp, begins[line]);
  const end = begins[first + count] ?? bytes.length;
  for (let from = begins[first] ?? 0; from < end; ) from += writeSync(output, bytes, from, end - from);
}
