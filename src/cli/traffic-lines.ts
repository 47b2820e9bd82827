/** Lines of one format, as a chunk for its framer. */
export interface LineChunk {
  readonly format: 'syslog' | 'access';
  readonly bytes: Buffer;
  readonly count: number;
}

/**
 * A server's ordinary hours, the same at each run: sshd under the usual guessing, with people who come in by key; a web site with pages,
 * pictures and an API whose addresses differ from call to call, two dozen browsers, one request in forty from a scanner.
 *
 * Time goes on from chunk to chunk. Half of the chunks are of each format, in turn.
 */
export function trafficChunks(chunks: number, linesInEach: number): LineChunk[] {
  const random = randomOf(20_261_120);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() ** 2 * list.length)] as T;
  const below = (most: number): number => Math.floor(random() * most);
  let timeMs = START_MS;

  const sshd = (): string[] => {
    const stamp = `${isoOf(timeMs)} web-1 sshd[${1_000 + below(60_000)}]: `;
    const from = `from ${addressOf('203.0.113', below(250))} port ${1_024 + below(60_000)}`;
    if (random() < 0.1)
      return [
        `${stamp}Accepted publickey for deploy from 10.0.${below(4)}.${below(200)} port ${1_024 + below(60_000)} ssh2: ED25519 SHA256:x${below(99)}`,
        `${stamp}pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)`,
        `${stamp}pam_unix(sshd:session): session closed for user deploy`,
      ];
    const name = pick(NAMES);
    if (random() < 0.4)
      return [
        `${stamp}Failed password for root ${from} ssh2`,
        `${stamp}Connection closed by authenticating user root ${from.slice(5)} [preauth]`,
      ];
    return [
      `${stamp}Invalid user ${name} ${from}`,
      `${stamp}Failed password for invalid user ${name} ${from} ssh2`,
      `${stamp}Disconnected from invalid user ${name} ${from.slice(5)} [preauth]`,
    ];
  };
  const access = (): string[] => {
    const scanned = random() < 0.025;
    const path = scanned ? pick(SCANNED) : pick(PAGES).replace('#', String(below(1e6)));
    const address = addressOf(scanned ? '192.0.2' : '198.51.100', below(250));
    const status = scanned ? 404 : random() < 0.03 ? 304 : 200;
    const referrer = random() < 0.5 ? '-' : `https://shop.example${pick(PAGES).replace('#', '7')}`;
    const agent = scanned ? 'Mozilla/5.0 zgrab/0.x' : agentOf(below(24));
    return [
      `${address} - - [${accessStamp(timeMs)}] "GET ${path} HTTP/1.1" ${status} ${below(60_000)} "${referrer}" "${agent}"`,
    ];
  };
  return Array.from({ length: chunks }, (_, at) => {
    const format = at % 2 === 0 ? 'syslog' : 'access';
    const lines: string[] = [];
    while (lines.length < linesInEach) {
      timeMs += below(2 * STEP_MS);
      lines.push(...(format === 'syslog' ? sshd() : access()));
    }
    return { format, bytes: Buffer.from(`${lines.join('\n')}\n`), count: lines.length };
  });
}

const START_MS = Date.UTC(2026, 10, 20);
const STEP_MS = 20;

const NAMES = [
  'admin',
  'test',
  'oracle',
  'ubuntu',
  'postgres',
  'git',
  'user',
  'ftpuser',
  'pi',
  'hadoop',
  'steam',
  'mysql',
];
const PAGES = [
  '/',
  '/assets/app.3f9a1c.js',
  '/assets/site.88aa01.css',
  '/api/v1/items/#?fields=name,price',
  '/img/items/#.webp',
  '/items/#',
  '/search?q=winter+coat+#&page=2',
  '/basket',
  '/api/v1/session',
  '/api/v1/items/#/reviews?sort=newest',
  '/favicon.ico',
  '/news/2026/11/winter-sale-#',
  '/feed.xml',
  '/robots.txt',
];
const SCANNED = [
  '/.env',
  '/wp-login.php',
  '/.git/config',
  '/phpmyadmin/index.php',
  '/admin/',
  '/backup.zip',
  '/actuator/env',
];

function agentOf(number: number): string {
  const engine = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  const system = [
    'Windows NT 10.0; Win64; x64',
    'Macintosh; Intel Mac OS X 10_15_7',
    'X11; Linux x86_64',
    'Linux; Android 10; K',
  ];
  return `Mozilla/5.0 (${system[number % 4]}) ${engine} Chrome/${120 + number}.0.0.0 Safari/537.36`;
}

function addressOf(network: string, host: number): string {
  return `${network}.${host + 1}`;
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('Z', '+00:00');
}

function accessStamp(timeMs: number): string {
  const [, day, month, year, clock] = new Date(timeMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}

/** A small generator with a seed (mulberry32): the lines are the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
