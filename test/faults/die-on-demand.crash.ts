// Given to a centre with `--import`: a thread of it ends when its name is written into the folder BARTIZAN_TEST_DIE.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, workerData } from 'node:worker_threads';

const folder = process.env['BARTIZAN_TEST_DIE'];
if (folder && !isMainThread && typeof workerData === 'object' && 'journalFile' in workerData) {
  const name = 'ruleFiles' in workerData ? 'detection' : 'kind' in workerData ? 'past' : 'intake';
  const dieIfTold = () => {
    const file = join(folder, name);
    if (!existsSync(file)) return;
    rmSync(file);
    throw new Error(`the ${name} thread was told to die`);
  };
  // Who looks back is one piece of work: no timer fires in it.
  if (name === 'past') dieIfTold();
  else setInterval(dieIfTold, 20).unref();
}
