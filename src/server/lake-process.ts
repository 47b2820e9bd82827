import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { openJournalReader } from '#journal/sqlite/index.ts';
import { parentProcessChannel } from '#kit/channels.ts';
import { toBartizanError } from '#kit/errors.ts';
import { connect } from '#kit/rpc.ts';
import { tidyWhenIdle } from '#kit/tidy.ts';
import { localOffsetMinutes } from '#pipeline/detection.ts';
import type { Follower } from '#pipeline/follow.ts';
import { startIndexing } from '#pipeline/indexing.ts';
import { openChdbLake } from '#store/chdb/index.ts';
import { createSpaceGuard } from './disk-space.ts';
import type { LakeCalls, LakeReports } from './lake.ts';
import { createPatience } from './patience.ts';

/**
 * The process that owns the lake: it follows the journal by itself and answers searches. It may die at any time;
 * whoever started it starts it again, and it goes on from what the lake holds.
 */
const [lakeFolder = '', journalFile = ''] = process.argv.slice(2);
const IDLE_MS = 5_000;
const PAUSE_MS = 200;
let isStopping = false;
// The lake can be filled again from the journal, so it is the first to leave the disk to others.
const refuseWhenLow = createSpaceGuard(lakeFolder, 2);
// The parent went away without a word. What is under way is done again by the next one, which must not wait for us.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Catching up must not slow down collecting and detecting.
setPriority(10);
/** A flood is detected first and searchable up to a minute later; then both go on side by side. */
const patience = createPatience(60_000);

const lake = openChdbLake(lakeFolder);
const journal = openJournalReader(journalFile);
let indexing: Follower | undefined;
/** After a flood V8 keeps a quarter of a gigabyte that it no longer needs, until it is told so. */
const isBusy = tidyWhenIdle(IDLE_MS);

const parent = connect<LakeReports, LakeCalls>(
  parentProcessChannel(),
  {
    search: (query) => lake.search(query),
    histogram: async ({ query, bucketMs }) => [...(await lake.histogram(query, bucketMs))],
    size: () => lake.size(),
    dropBefore: async (timeMs) => [...(await lake.dropBefore(timeMs))],
    wake: () => indexing?.wake(),
    hold: (ms) => patience.hold(ms),
    stop,
  },
  'BTZ_LAKE_UNAVAILABLE',
);

indexing = await startIndexing({
  journal,
  lake,
  utcOffsetMinutes: localOffsetMinutes,
  async beforeAppend() {
    for (let ms = patience.waitMs(); ms > 0 && !isStopping; ms = patience.waitMs()) await sleep(Math.min(ms, PAUSE_MS));
    refuseWhenLow();
  },
  onStored(sequence) {
    isBusy();
    void parent.call('stored', sequence).catch(() => undefined);
  },
  onError: (thrown) =>
    void parent.call('failed', toBartizanError(thrown, 'BTZ_LAKE_UNAVAILABLE').message).catch(() => undefined),
});
await parent.call('ready', undefined);

async function stop(): Promise<void> {
  isStopping = true;
  await indexing?.stop();
  await lake.close();
  journal.close();
  setImmediate(() => process.exit(0));
}
