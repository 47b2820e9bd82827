/**
 * A writer for the tests that kills itself (SIGKILL) at its n-th file operation, with half of the bytes written:
 * `node log.crash.ts FOLDER ORIGIN SIGNER-KEY N`. Sends the log's size to its parent after each acknowledged append.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diskFiles, type LogFiles } from './files.ts';
import { openLog } from './log.ts';
import { parseSignerKey } from './note.ts';

const [folder = '', origin = '', key = '', killAt = '0'] = process.argv.slice(2);
const real = diskFiles(folder);
let operations = 0;

const files: LogFiles = {
  read: real.read,
  async writeAll(list) {
    for (const [path, bytes] of list) {
      dieHere(() => {
        const place = join(folder, path);
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, bytes.subarray(0, bytes.length / 2));
      });
      await real.writeAll([[path, bytes]]);
    }
  },
  async replace(path, bytes) {
    dieHere(() => writeFileSync(join(folder, `${path}.new`), bytes.subarray(0, bytes.length / 2)));
    await real.replace(path, bytes);
    dieHere(() => undefined);
  },
  async removeFolder(path) {
    dieHere(() => undefined);
    await real.removeFolder(path);
  },
};

const log = await openLog({ folder, origin, signer: parseSignerKey(key), files });
for (;;) {
  const size = log.size();
  await log.append(Array.from({ length: 530 }, (_, place) => Buffer.from(`{"index":${size + place},"kind":"test"}`)));
  process.send?.(log.size());
}

function dieHere(leaveBehind: () => void): void {
  if (operations++ < Number(killAt)) return;
  leaveBehind();
  process.kill(process.pid, 'SIGKILL');
}
