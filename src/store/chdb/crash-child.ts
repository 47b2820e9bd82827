/** Run by crash.test.ts: stores batches that follow from their sequence, from where the lake is, until it is killed. */
import { type Event, eventId } from '#model/event.ts';

import { openChdbLake } from './index.ts';

const [folder = '', lastSequence = '0'] = process.argv.slice(2);
const NOON = Date.UTC(2026, 2, 14, 12);
const lake = openChdbLake(folder, { nowMs: () => NOON });

let sequence = (await lake.storedSequence()) + 1;
while (sequence <= Number(lastSequence)) {
  // Three batches in one call, as when the lake catches up.
  const upTo = Math.min(sequence + 2, Number(lastSequence));
  const events: Event[] = [];
  for (; sequence <= upTo; sequence += 1) events.push(...batchOf(sequence));
  await lake.append({ lastSequence: upTo, each: (take) => events.forEach((event) => take(event, 'crash')) });
  process.stdout.write(`${upTo}\n`);
}
await lake.close();

/** Events of four days, so that one insert makes four parts. */
function batchOf(of: number): Event[] {
  return Array.from({ length: 400 }, (_, index) => ({
    id: eventId(of, index),
    time: NOON - (index % 4) * 86_400_000 - of,
    source: 'sshd',
    class_uid: 3002,
    activity_id: 1,
    severity_id: 1,
    unmapped: {},
    raw: `${of}:${index}`,
  }));
}
