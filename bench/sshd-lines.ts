import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const USERS = ['root', 'admin', 'test', 'oracle', 'postgres', 'git', 'ubuntu', 'deploy', 'www', 'ftp'];

/**
 * What an sshd with PAM on Debian writes in a bad hour, from a seed, connection by connection: 250 addresses guess
 * passwords of users that exist and that don't, scanners hang up, now and then somebody may come in. A line a millisecond.
 */
export function* sshdLines(count: number, seed = 1, startMs = Date.UTC(2026, 10, 20)): Generator<string> {
  const random = mulberry(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  let index = 0;
  while (index < count) {
    const address = `203.0.113.${1 + Math.floor(random() * 250)}`;
    const from = `${address} port ${1024 + Math.floor(random() * 60_000)}`;
    const pid = 1000 + Math.floor(random() * 60_000);
    const host = `web-${1 + Math.floor(random() * 4)}`;
    for (const message of connection(random(), pick(USERS), address, from)) {
      if (index === count) return;
      const stamp = new Date(startMs + index++).toISOString().replace('Z', '000+00:00');
      yield `${stamp} ${host} sshd[${pid}]: ${message}`;
    }
  }
}

/** Six refused logins of one address, which every contender's threshold is at or below: whoever finds it has read so far. */
export function guesses(address: string, atMs: number): readonly string[] {
  const stamp = new Date(atMs).toISOString().replace('Z', '000+00:00');
  return Array.from(
    { length: 6 },
    (_, count) =>
      `${stamp} web-1 sshd[${700 + count}]: Failed password for root from ${address} port ${40_000 + count} ssh2`,
  );
}

/** The lines of one connection; `kind` 0–1 chooses what it is. */
function connection(kind: number, user: string, address: string, from: string): readonly string[] {
  const bye = `Received disconnect from ${from}:11: Bye Bye [preauth]`;
  const pam = `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${address}`;
  if (kind < 0.5)
    return [
      `${pam}  user=${user}`,
      `Failed password for ${user} from ${from} ssh2`,
      bye,
      `Disconnected from authenticating user ${user} ${from} [preauth]`,
    ];
  if (kind < 0.9) {
    return [
      `Invalid user ${user} from ${from}`,
      'pam_unix(sshd:auth): check pass; user unknown',
      pam,
      `Failed password for invalid user ${user} from ${from} ssh2`,
      bye,
      `Disconnected from invalid user ${user} ${from} [preauth]`,
    ];
  }
  if (kind < 0.98) return [`Connection closed by ${from} [preauth]`];
  return [
    `Accepted publickey for deploy from ${from.replace(/^203\.0\.113/, '192.0.2')} ssh2: ED25519 SHA256:0000000000000000000000000000000000000000000`,
    'pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)',
    'pam_unix(sshd:session): session closed for user deploy',
  ];
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
