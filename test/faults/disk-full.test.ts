import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, freePort, ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';
import { everyEvent } from './every-event.ts';
import { mountSmallDisk, type SmallDisk, whyNoSmallDisk } from './tmpfs.ts';

interface Source {
  stream: string;
  status: string;
  detail: string;
  received: number;
  stored: number;
  dropped: Record<string, number>;
}
interface Overview {
  todo: { kind: string; subject: string }[];
  events: { searchable: number; detected: number };
  evidence: { size: number };
}

const reason = whyNoSmallDisk();
const DISK_MB = 240;
/** Until it is taken away the rest has to do. */
const BALLAST_MB = 140;

describe.skipIf(reason !== undefined)(`a full disk${reason ? ` (${reason})` : ''}`, () => {
  let disk: SmallDisk;
  let centre: RunningCentre;
  let token = '';
  let cookie = '';
  let udpPort = 0;
  const outside = mkdtempSync(join(tmpdir(), 'btz-outside-'));
  const log = join(outside, 'auth.log');
  const acknowledged = new Set<string>();
  let tailed = 0;
  let datagrams = 0;

  beforeAll(async () => {
    disk = mountSmallDisk(DISK_MB);
    disk.fill((DISK_MB - BALLAST_MB) * 1024 * 1024);
    udpPort = await freePort();
    const argv = ['--only', '--watch', `${log}:syslog`, '--syslog-udp', `127.0.0.1:${udpPort}`];
    centre = await runCentre({ folder: join(disk.folder, 'data'), argv });
    token = await ingestToken(centre);
    cookie = await makeAdministrator();
  });

  afterAll(async () => {
    await centre?.stop();
    disk?.remove();
    rmSync(outside, { recursive: true, force: true });
  });

  it('is met by refusing logs while there is still room for decisions; nobody waits in vain', {
    timeout: 120_000,
  }, async () => {
    let refused: Response | undefined;
    while (!refused) {
      const words = Array.from({ length: 40 }, (_, index) => `word-${acknowledged.size + index}-`);
      // Random letters, because what repeats itself takes no room in the journal.
      const body = words.map((word) => `web-1 app[1]: ${word}${randomBytes(8_000).toString('base64')}`).join('\n');
      const answer = await send(centre, token, 'syslog', body);
      if (answer.ok) for (const word of words) acknowledged.add(word);
      else refused = answer;
    }
    expect(refused.status).toBe(507);
    const { code, remedy } = (await refused.json()) as { code: string; remedy: string };
    expect(code).toMatch(/^BTZ_DISK_(LOW|FULL)$/);
    expect(remedy).toContain('Free space');
    expect(acknowledged.size).toBeGreaterThan(100);
  });

  it('is named, with what to do, in the overview and the list of sources', async () => {
    appendFileSync(log, bruteForce('203.0.113.21', (tailed += 30)));
    await until(async () => (await source(`file:${log}`)).status === 'error', 'the tailed file says that it waits');
    expect((await source(`file:${log}`)).detail).toMatch(/collecting goes on by itself/);
    const { todo } = await centre.ask<Overview>('/overview');
    expect(todo.find(({ kind }) => kind === 'disk')?.subject).toMatch(/磁盘.*\n.*Free space/);
  });

  it('sheds datagrams, which cannot wait, with a count and the reason', { timeout: 60_000 }, async () => {
    const socket = createSocket('udp4');
    const datagram = Buffer.alloc(8_000, 0x2e);
    for (let index = 0; index < 3_000; index++, datagrams++) {
      await new Promise((resolve) => socket.send(datagram, udpPort, '127.0.0.1', resolve));
      if (index % 50 === 0) await sleep(5);
    }
    socket.close();
    expect((await source('syslog:udp')).status).toBe('error');
  });

  it('leaves room for a decision: a block is planned, a setting changed, and evidence is signed', async () => {
    const before = (await centre.ask<Overview>('/overview')).evidence.size;
    await centre.ask('/settings', 'PUT', { retentionDays: 90 });
    await centre.ask('/actions', 'POST', { target: '203.0.113.22', durationMs: 600_000, dryRun: true });
    await until(async () => (await centre.ask<Overview>('/overview')).evidence.size > before, 'new leaves are signed');
  });

  it('to the last byte leaves the console answering: what can be read is, what cannot be kept is refused with a code', async () => {
    disk.fill();
    for (const path of ['/overview', '/alerts', '/sources', '/settings', '/actions', '/evidence']) {
      const startedMs = performance.now();
      expect((await fetchAs(path)).status, path).toBe(200);
      expect(performance.now() - startedMs).toBeLessThan(5_000);
    }
    let sawRefusal = false;
    for (let days = 91; days < 400 && !sawRefusal; days++) {
      const answer = await centre.fetch('/settings', {
        method: 'PUT',
        body: JSON.stringify({ retentionDays: days, allowList: allowList(days) }),
        headers: { 'content-type': 'application/json' },
      });
      if (answer.ok) continue;
      sawRefusal = true;
      expect(answer.status).toBe(507);
      expect(((await answer.json()) as { code: string }).code).toBe('BTZ_DISK_FULL');
    }
    expect(sawRefusal).toBe(true);
    expect((await send(centre, token, 'syslog', 'web-1 app[1]: refused')).status).toBe(507);
    expect((await fetchAs('/alerts')).status, centre.said()).toBe(200);
  });

  it('that has room again is forgotten: everything goes on by itself, nothing acknowledged is lost, the books agree', {
    timeout: 120_000,
  }, async () => {
    appendFileSync(log, bruteForce('203.0.113.23', (tailed += 30)));
    await sleep(3_000);
    disk.empty();
    await until(
      async () => (await source(`file:${log}`)).stored === tailed,
      () => `the file is read; ${centre.said()}`,
      30_000,
    );
    await until(async () => (await source('syslog:udp')).received >= datagrams, 'datagrams are counted', 30_000);
    await until(
      async () => {
        const { events, todo } = await centre.ask<Overview>('/overview');
        return (
          events.searchable === 1 &&
          events.detected === 1 &&
          !todo.some(({ kind }) => kind === 'disk' || kind === 'lake')
        );
      },
      () => `the lake catches up and nothing is wrong any more; it said: ${centre.said()}`,
      60_000,
    );
    const { items } = await centre.ask<{ items: Source[] }>('/sources');
    for (const { stream, received, stored, dropped } of items)
      expect(received, stream).toBe(stored + Object.values(dropped).reduce((sum, count) => sum + count, 0));
    const udp = await source('syslog:udp');
    expect(udp.received).toBe(datagrams);
    expect(udp.dropped['disk_full']).toBeGreaterThan(0);

    const found = await everyEvent(centre, 'word-');
    const words = found.map(({ raw }) => /word-\d+-/.exec(raw)?.[0] ?? '');
    expect(new Set(words).size, 'a line is there twice').toBe(words.length);
    const isThere = new Set(words);
    expect([...acknowledged].filter((word) => !isThere.has(word))).toEqual([]);

    const alerts = await centre.ask<{ items: { entities: Record<string, string>; count: number }[] }>('/alerts');
    for (const address of ['203.0.113.21', '203.0.113.23'])
      expect(
        alerts.items.some(({ entities }) => entities['src_ip'] === address),
        address,
      ).toBe(true);
    await centre.ask('/settings', 'PUT', { retentionDays: 180 });
  });

  it('leaves evidence that verifies', async () => {
    await sleep(1_500);
    await centre.stop();
    const folder = join(disk.folder, 'data', 'evidence');
    const { status, stdout } = command('log', 'verify', folder);
    expect(stdout).toMatch(/^VERIFIED/);
    expect(status).toBe(0);
  });

  it('at the start is one clear line and exit 2', () => {
    disk.fill();
    for (const name of ['data', 'fresh']) {
      const { status, stderr } = up(join(disk.folder, name));
      expect(stderr.trim().split('\n'), stderr).toHaveLength(1);
      expect(stderr).toMatch(/^BTZ_DISK_(LOW|FULL): /);
      expect(status).toBe(2);
    }
    disk.empty();
  });

  it('that is read-only is one clear line and exit 2, changed nothing', () => {
    disk.readOnly();
    for (const name of ['data', 'fresh-read-only']) {
      const { status, stderr } = up(join(disk.folder, name));
      expect(stderr.trim().split('\n'), stderr).toHaveLength(1);
      expect(stderr).toMatch(/^BTZ_DATA_UNWRITABLE: /);
      expect(status).toBe(2);
      expect(existsSync(join(disk.folder, 'fresh-read-only'))).toBe(false);
    }
  });

  async function source(stream: string): Promise<Source> {
    const { items } = await centre.ask<{ items: Source[] }>('/sources');
    const found = items.find((item) => item.stream === stream);
    if (!found) throw new Error(`no ${stream} among ${items.map((item) => item.stream).join()}`);
    return found;
  }

  async function makeAdministrator(): Promise<string> {
    const setup = /#token=(\S+)/.exec(await until(() => /setup#token=\S+/.exec(centre.said())?.[0], 'the link'))?.[1];
    const answer = await centre.fetch('/setup', {
      method: 'POST',
      body: JSON.stringify({ token: setup, name: 'owner', password: 'correct horse battery' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(200);
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  /** From another address of this machine, so that the session has something to be kept about it. */
  function fetchAs(path: string): Promise<{ status: number }> {
    return new Promise((resolve, reject) => {
      request(`${centre.url}/api/v1${path}`, {
        headers: { cookie },
        localAddress: `127.0.0.${2 + Math.floor(Math.random() * 250)}`,
      })
        .on('response', (answer) => resolve({ status: answer.resume().statusCode ?? 0 }))
        .on('error', reject)
        .end();
    });
  }
});

function up(folder: string) {
  return command('up', '--only', '--data', folder, '--listen', '127.0.0.1:0');
}

/** Ever longer, so that the state has to grow. */
function allowList(days: number): string[] {
  return Array.from({ length: 200 }, (_, index) => `10.${days % 250}.${index}.0/24`);
}

function bruteForce(address: string, upTo: number): string {
  return Array.from({ length: 30 }, (_, index) => {
    const time = new Date(Date.now() - (30 - index) * 100).toISOString();
    return `${time} web-1 sshd[${upTo + index}]: Failed password for root from ${address} port ${4_000 + index} ssh2\n`;
  }).join('');
}
