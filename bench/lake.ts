/** `node bench/lake.ts [rows]`: events per second and per CPU second into the lake, bytes on disk, memory, search times. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Event, eventId } from '#model/event.ts';

import { openChdbLake } from '../src/store/chdb/index.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const BATCH_ROWS = 50_000;
const USERS = ['root', 'admin', 'oracle', 'test', 'git', 'ubuntu', 'deploy', 'www'];
const STREAM = 'file:/var/log/auth.log';
const START = Date.UTC(2026, 2, 14);

const folder = mkdtempSync(join(tmpdir(), 'btz-bench-lake-'));
const lake = openChdbLake(folder, { nowMs: () => START });
const opened = residentMb();
let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, residentMb());
}, 20);

let wallMs = 0;
let cpuMs = 0;
let jsonBytes = 0;
for (let sequence = 1; (sequence - 1) * BATCH_ROWS < ROWS; sequence += 1) {
  const events = Array.from({ length: BATCH_ROWS }, (_, index) => sshdEvent(sequence, index));
  for (const event of events) jsonBytes += JSON.stringify(event).length;
  const wall = performance.now();
  const cpu = process.cpuUsage();
  await lake.append({ lastSequence: sequence, each: (take) => events.forEach((event) => take(event, STREAM)) });
  const used = process.cpuUsage(cpu);
  wallMs += performance.now() - wall;
  cpuMs += (used.user + used.system) / 1_000;
}
const { rows, bytes } = await lake.size();
clearInterval(watch);
const range = { fromMs: START, toMs: START + 86_400_000, limit: 100 };
const times: Record<string, number> = {};
for (const [name, query] of Object.entries({
  newest: range,
  hourOfMany: { ...range, fromMs: START + 3_600_000, toMs: START + 7_200_000 },
  user: { ...range, where: [{ field: 'user.name', op: 'eq' as const, value: 'oracle' }] },
  rareAddress: { ...range, where: [{ field: 'src_endpoint.ip', op: 'eq' as const, value: '198.51.100.77' }] },
  rareWord: { ...range, text: 'no-such-word password' },
  jsonField: { ...range, where: [{ field: 'unmapped.method', op: 'eq' as const, value: 'nothing' }] },
  ids: { ...range, ids: [eventId(3, 17)] },
})) {
  // The first run: later ones are answered from what the engine remembers of this condition.
  const searched = performance.now();
  await lake.search(query);
  times[name] = Math.round(performance.now() - searched);
}
const began = performance.now();
await lake.histogram(range, 300_000);
times.histogram = Math.round(performance.now() - began);
await sleep(3_000);
const result = {
  rows,
  rowsPerSecond: Math.round((rows / wallMs) * 1_000),
  rowsPerCpuSecond: Math.round((rows / cpuMs) * 1_000),
  bytesPerRow: Number((bytes / rows).toFixed(1)),
  smallerThanJson: Number((jsonBytes / bytes).toFixed(1)),
  residentMb: { opened, peak, after: residentMb() },
  searchMs: times,
  machine: `${cpus().length} × ${cpus()[0]?.model}`,
};
await lake.close();
rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify(result));

function sshdEvent(sequence: number, index: number): Event {
  const n = (sequence - 1) * BATCH_ROWS + index;
  const mix = (n * 2_654_435_761) % 4_294_967_296;
  const ip = `203.0.${mix % 200}.${(mix >> 8) & 255}`;
  const port = 1_024 + (mix % 60_000);
  const pid = mix % 32_768;
  const name = USERS[mix % 8] ?? 'root';
  const message = `Failed password for ${name} from ${ip} port ${port} ssh2`;
  return {
    id: eventId(sequence, index),
    time: START + n * 20,
    source: 'sshd',
    class_uid: 3002,
    activity_id: 1,
    severity_id: 2,
    status_id: 2,
    message,
    device: { hostname: 'web-1' },
    user: { name },
    src_endpoint: { ip, port },
    process: { name: 'sshd', pid },
    auth_protocol: 'password',
    unmapped: { outcome: 'Failed', method: 'password' },
    raw: `Mar 14 03:11:${10 + (n % 50)} web-1 sshd[${pid}]: ${message}`,
  };
}

function residentMb(): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1_024);
}
