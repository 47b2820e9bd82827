import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BartizanError } from '#kit/errors.ts';
import type { Intake } from '../collector.ts';
import { type JournalIntake, openJournalIntake } from '../journal-intake.fixture.ts';
import { type ListeningCollector, startSyslogTcp, startSyslogTls, startSyslogUdp } from './index.ts';
import { dropsIn } from './kernel-drops.ts';

const run = promisify(execFile);
const has = (program: string) =>
  spawnSync(program, ['--version']).status === 0 || spawnSync(program, ['version']).status === 0;
const local = { host: '127.0.0.1', port: 0 };

let intake: JournalIntake;
let collector: ListeningCollector | undefined;
const sockets: Socket[] = [];
beforeEach(() => {
  intake = openJournalIntake();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await collector?.stop();
  collector = undefined;
  intake.close();
});

const seen = (expected: readonly unknown[]) =>
  expect.poll(() => intake.records(), { timeout: 5_000, interval: 5 }).toEqual(expected);

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Whether by an end or a reset. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

/** An intake whose disk is busy until released. */
function held(): { intake: Intake; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    release: resolve,
    intake: {
      cursor: (stream) => intake.cursor(stream),
      deliver: async (batch, accounting) => {
        await promise;
        await intake.deliver(batch, accounting);
      },
    },
  };
}

describe.skipIf(!has('logger'))(`logger(1)${has('logger') ? '' : ' (skipped: util-linux is not installed)'}`, () => {
  it.each(['--rfc5424', '--rfc3164'])('over UDP, %s', async (form) => {
    collector = await startSyslogUdp(local, intake);
    await run('logger', ['-n', '127.0.0.1', '-P', String(collector.port), '--udp', form, '-t', 'sshd', '登录 failed']);
    await seen([expect.stringMatching(/^<13>.*sshd.*登录 failed$/)]);
    expect(intake.batches()[0]?.senders).toEqual([{ address: '127.0.0.1', upTo: 1 }]);
  });

  it.each([
    ['--rfc5424', '--octet-count'],
    ['--rfc5424', '--tcp'],
    ['--rfc3164', '--tcp'],
  ])('over TCP, %s %s', async (form, framing) => {
    collector = await startSyslogTcp(local, intake);
    await run('logger', ['-n', '127.0.0.1', '-P', String(collector.port), '--tcp', framing, form, '-t', 'sshd', 'one']);
    await seen([expect.stringMatching(/^<13>.*sshd.*one$/)]);
    expect(intake.counters()).toMatchObject({ stream: 'syslog:tcp', received: 1, stored: 1, dropped: {} });
  });
});

describe('syslog over UDP', () => {
  it('counts what does not fit while the disk is busy, and what the kernel threw away: every datagram is accounted for', async () => {
    const busy = held();
    collector = await startSyslogUdp({ ...local, maxQueuedBytes: 50_000, maxRecordBytes: 2_000 }, busy.intake);
    const socket = createSocket('udp4');
    const send = (text: string) =>
      new Promise((resolve) => socket.send(text, collector?.port as number, '127.0.0.1', resolve));
    await send('x'.repeat(3_000));
    await send('\n');
    for (let count = 0; count < 1_000; count++) await send(`<13>record ${count} ${'y'.repeat(200)}`);
    setTimeout(busy.release, 300);
    await collector.stop();
    socket.close();
    const { received, stored, dropped } = intake.counters() ?? { received: 0, stored: 0, dropped: {} };
    expect(received).toBe(1_001);
    expect(dropped.too_long).toBe(1);
    expect(dropped.queue_full).toBeGreaterThan(0);
    expect(stored).toBe(1_000 - (dropped.queue_full ?? 0));
  });

  it('reads the kernel’s count of a port', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
      '  100: 0100007F:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000000000000000 17',
      '  101: 0100007F:0203 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000000000000000 99',
    ].join('\n');
    expect(dropsIn(table, '0202')).toBe(17);
    expect(dropsIn(table, 'FFFF')).toBe(0);
  });

  it('says which address is taken', async () => {
    collector = await startSyslogUdp(local, intake);
    await expect(startSyslogUdp({ ...local, port: collector.port }, intake)).rejects.toMatchObject({
      code: 'BTZ_LISTEN',
    });
  });
});

describe('syslog over TCP', () => {
  it('tells senders apart, and keeps the unfinished last record of a connection', async () => {
    collector = await startSyslogTcp({ ...local, host: '::' }, intake);
    const first = await open(collector.port);
    first.write('<1>a\n<1>b\n');
    await seen(['<1>a', '<1>b']);
    const second = connect(collector.port, '::1');
    await once(second, 'connect');
    second.end('<1>unfinish');
    await seen(['<1>a', '<1>b', '<1>unfinish']);
    expect(intake.batches().at(-1)?.senders).toEqual([{ address: '::1', upTo: 1 }]);
  });

  it('makes a fast sender wait while the disk is busy, and then has every record', async () => {
    const busy = held();
    collector = await startSyslogTcp({ ...local, maxQueuedBytes: 100_000 }, busy.intake);
    const sender = await open(collector.port);
    const record = `<13>${'z'.repeat(995)}\n`;
    let isFinished = false;
    sender.write(record.repeat(30_000), () => {
      isFinished = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isFinished).toBe(false);
    busy.release();
    await expect.poll(() => intake.counters()?.stored, { timeout: 10_000 }).toBe(30_000);
    expect(intake.counters()).toMatchObject({ received: 30_000, dropped: {} });
  });

  it('closes who says nothing, and who leaves a record half said however slowly it trickles', async () => {
    collector = await startSyslogTcp({ ...local, idleMs: 150, unfinishedMs: 150 }, intake);
    const silent = await open(collector.port);
    const trickling = await open(collector.port);
    const trickle = setInterval(() => trickling.write('x'), 20);
    await Promise.all([closed(silent), closed(trickling)]);
    clearInterval(trickle);
    await seen([expect.stringMatching(/^x+$/)]);
  });

  it('bounds connections, of all and of one address', async () => {
    collector = await startSyslogTcp({ ...local, maxConnectionsPerAddress: 2 }, intake);
    const kept = [await open(collector.port), await open(collector.port)];
    const refused = await open(collector.port);
    await closed(refused.resume());
    kept[0]?.write('<1>still here\n');
    await seen(['<1>still here']);
    kept[1]?.destroy();
    const { port } = collector;
    const tryAgain = () => open(port).then((again) => again.write('<1>room again\n'));
    const tries = setInterval(() => void tryAgain().catch(() => {}), 50);
    await expect.poll(() => intake.records(), { timeout: 5_000, interval: 5 }).toContain('<1>room again');
    clearInterval(tries);
  });

  it('stops at once while the disk is full, and promises nothing that is not stored', async () => {
    const full: Intake = {
      cursor: () => undefined,
      deliver: async () => {
        throw new BartizanError('BTZ_DISK_FULL', { directory: '/data' });
      },
    };
    collector = await startSyslogTcp({ ...local, maxQueuedBytes: 1_000 }, full);
    const sender = await open(collector.port);
    sender.write(`<1>${'a'.repeat(500)}\n`.repeat(100));
    await expect
      .poll(() => collector?.status())
      .toMatchObject({ state: 'error', detail: expect.stringContaining('No space is left in /data') });
    await collector.stop();
    expect(collector.status().state).toBe('stopped');
    expect(intake.records()).toEqual([]);
  });
});

describe.skipIf(!has('openssl'))(
  `syslog over TLS${has('openssl') ? '' : ' (skipped: openssl is not installed)'}`,
  () => {
    let folder: string;
    let key: Buffer;
    let cert: Buffer;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'syslog-tls-'));
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '2',
          '-subj',
          '/CN=localhost',
          '-addext',
          'subjectAltName=IP:127.0.0.1',
          '-keyout',
          join(folder, 'key.pem'),
          '-out',
          join(folder, 'cert.pem'),
        ],
        { stdio: 'pipe' },
      );
      key = readFileSync(join(folder, 'key.pem'));
      cert = readFileSync(join(folder, 'cert.pem'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('takes octet-counted records of a sender that checks our certificate', async () => {
      collector = await startSyslogTls({ ...local, tls: { key, cert } }, intake);
      const sender = connectTls({ host: '127.0.0.1', port: collector.port, ca: cert });
      sockets.push(sender);
      await once(sender, 'secureConnect');
      sender.write('7 <1>a\nb!8 <1>登a!');
      await seen(['<1>a\nb!', '<1>登a!']);
      expect(intake.counters()).toMatchObject({ stream: 'syslog:tls', received: 2 });
    });

    it('lets nobody in without a certificate of the authority, where one is asked for, and nobody who speaks plainly', async () => {
      collector = await startSyslogTls({ ...local, tls: { key, cert, ca: cert } }, intake);
      const stranger = connectTls({ host: '127.0.0.1', port: collector.port, ca: cert }).on('error', () => {});
      sockets.push(stranger);
      stranger.write('<1>stranger\n');
      await closed(stranger);
      const plain = await open(collector.port);
      plain.write('<1>plain\n');
      await closed(plain.resume());
      const member = connectTls({ host: '127.0.0.1', port: collector.port, ca: cert, key, cert });
      sockets.push(member);
      await once(member, 'secureConnect');
      member.write('<1>member\n');
      await seen(['<1>member']);
      expect(intake.counters()).toMatchObject({ stream: 'syslog:mtls', received: 1 });
    });

    it('says so when the key is none', async () => {
      await expect(startSyslogTls({ ...local, tls: { key: 'no key', cert } }, intake)).rejects.toMatchObject({
        code: 'BTZ_LISTEN',
      });
    });
  },
);
