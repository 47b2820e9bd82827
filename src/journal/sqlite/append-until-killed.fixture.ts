import { writeSync } from 'node:fs';
import { openJournal } from './index.ts';
import { batchOf } from './records.fixture.ts';

/** Appends from several streams for ever; prints `sequence<TAB>record` only once the journal has acknowledged it. */
const [path = '', round = ''] = process.argv.slice(2);
const journal = openJournal(path);
for (let writer = 0; writer < 4; writer++) void appendForEver(`stream-${writer}`);

async function appendForEver(stream: string): Promise<void> {
  for (let count = 0; ; count++) {
    const record = `${round}/${stream}/${count}/`.padEnd(20 + ((count * 7919) % 3000), 'x');
    const sequence = await journal.append(batchOf([record], stream), { cursor: { count }, dropped: { too_long: 1 } });
    writeSync(1, `${sequence}\t${record}\n`);
  }
}
