import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/**
 * What an exposed sshd writes in a bad hour, from a seed: mostly failures of a few hundred addresses, some invalid
 * users, disconnects, now and then somebody who may come in.
 */
export function* sshdLines(count: number, seed = 1): Generator<string> {
  const random = mulberry(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const users = ['root', 'admin', 'test', 'oracle', 'postgres', 'git', 'ubuntu', 'deploy', 'www', 'ftp'];
  const startMs = Date.UTC(2026, 10, 20);
  for (let index = 0; index < count; index++) {
    const stamp = new Date(startMs + index).toISOString().replace('Z', '000+00:00');
    const head = `${stamp} web-${1 + (index % 4)} sshd[${1000 + (index % 60_000)}]:`;
    const address = `203.0.113.${1 + Math.floor(random() * 250)}`;
    const port = 1024 + Math.floor(random() * 60_000);
    const kind = random();
    if (kind < 0.55) yield `${head} Failed password for ${pick(users)} from ${address} port ${port} ssh2`;
    else if (kind < 0.7)
      yield `${head} Failed password for invalid user ${pick(users)} from ${address} port ${port} ssh2`;
    else if (kind < 0.8) yield `${head} Invalid user ${pick(users)} from ${address} port ${port}`;
    else if (kind < 0.92)
      yield `${head} Connection closed by authenticating user ${pick(users)} ${address} port ${port} [preauth]`;
    else if (kind < 0.999) yield `${head} Received disconnect from ${address} port ${port}:11: Bye Bye [preauth]`;
    else
      yield `${head} Accepted publickey for deploy from 192.0.2.${1 + Math.floor(random() * 20)} port ${port} ssh2: ED25519 SHA256:0000000000000000000000000000000000000000000`;
  }
}

/** @returns bytes written. */
export async function writeLines(path: string, lines: Iterable<string>): Promise<number> {
  const file = createWriteStream(path);
  let block: string[] = [];
  let bytes = 0;
  const flush = async () => {
    const text = block.join('');
    bytes += Buffer.byteLength(text);
    block = [];
    if (!file.write(text)) await once(file, 'drain');
  };
  for (const line of lines) {
    block.push(`${line}\n`);
    if (block.length === 5_000) await flush();
  }
  await flush();
  file.end();
  await once(file, 'close');
  return bytes;
}

/** Small seeded generator (mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
