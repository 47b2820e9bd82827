import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { BartizanError } from '#kit/errors.ts';
import { openJournal } from './index.ts';
import { batchOf } from './records.fixture.ts';

/** Fills a small disk until the journal refuses, frees some, goes on; prints what it saw as JSON. */
const [folder = ''] = process.argv.slice(2);
writeFileSync(`${folder}/ballast`, Buffer.alloc(2 * 2 ** 20));
const journal = openJournal(`${folder}/journal`);

let appended = 0;
const refusal = await appendUntilRefused();
const atRefusal = { appended, last: journal.lastSequence(), stored: journal.counters()[0]?.stored };
const second = await appendUntilRefused();
const readableWhenFull = countBatches();

rmSync(`${folder}/ballast`);
const sequenceAfter = await journal.append(batchOf([record()]));
appended++;
journal.close();

const reopened = openJournal(`${folder}/journal`);
const counters = reopened.counters()[0];
const answer = {
  refusal,
  second,
  atRefusal,
  readableWhenFull,
  sequenceAfter,
  appended,
  counters,
  last: reopened.lastSequence(),
};
reopened.close();
process.stdout.write(JSON.stringify(answer));

function record(): string {
  return randomBytes(15_000).toString('hex');
}

async function appendUntilRefused(): Promise<{ code: string; message: string }> {
  for (;;) {
    try {
      await Promise.all([journal.append(batchOf([record()])), journal.append(batchOf([record()]))]);
      appended += 2;
    } catch (thrown) {
      if (!(thrown instanceof BartizanError)) throw thrown;
      return { code: thrown.code, message: thrown.message };
    }
  }
}

function countBatches(): number {
  let count = 0;
  for (let after = 0; ; ) {
    const batches = journal.read(after, 2 ** 20);
    const newest = batches.at(-1);
    if (!newest) return count;
    count += batches.length;
    after = newest.sequence;
  }
}
