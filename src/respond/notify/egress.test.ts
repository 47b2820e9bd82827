import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcp } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createEgress, reachOf } from './egress.ts';

const servers: { close(): void; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

const ask = (url: string, allowPrivate = true) => ({ url, headers: {}, body: '{}', allowPrivate });

describe('where nothing is sent', () => {
  const nowhere = async () => {
    throw new Error('asked the name server');
  };
  it.each([
    'http://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://10.1.2.3/',
    'https://192.168.0.1/',
    'https://172.20.0.1/',
    'https://100.64.0.1/',
    'https://[fd12::1]/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'ftp://203.0.113.9/',
    'file:///etc/passwd',
    'https://user:word@198.51.101.1/',
    'http://8.8.8.8/',
  ])('%s', async (url) => {
    await expect(createEgress({ addressesOf: nowhere })(ask(url, false))).rejects.toMatchObject({
      code: 'BTZ_EGRESS_REFUSED',
    });
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://100.100.100.200/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b:1::a9fe:a9fe]/',
    'https://100.100.100.200/',
    'https://168.63.129.16/',
  ])('%s, even where private addresses are allowed', async (url) => {
    await expect(createEgress({ addressesOf: nowhere })(ask(url, true))).rejects.toMatchObject({
      code: 'BTZ_EGRESS_REFUSED',
    });
  });

  it('to a name with one address inside among others', async () => {
    const egress = createEgress({ addressesOf: async () => ['8.8.8.8', '10.0.0.1'] });
    await expect(egress(ask('https://rebind.example/', false))).rejects.toMatchObject({ code: 'BTZ_EGRESS_REFUSED' });
  });

  it('and everything else may be reached', () => {
    expect(reachOf('203.0.114.9')).toBe('public');
    expect(reachOf('2400:3200::1')).toBe('public');
    expect(reachOf('10.0.0.1')).toBe('private');
    expect(reachOf('no address')).toBe('never');
  });
});

describe('what is sent', () => {
  it('goes to the address that was checked, whatever the name means later', async () => {
    const port = await serve((request, response) => response.end(request.headers.host));
    let asked = 0;
    const addressesOf = async () => {
      asked += 1;
      return asked === 1 ? ['127.0.0.1'] : ['10.255.255.1'];
    };
    const answer = await createEgress({ addressesOf })(ask(`http://robot.invalid:${port}/`));
    expect(answer).toMatchObject({ kind: 'answered', status: 200, body: `robot.invalid:${port}` });
    expect(asked).toBe(1);
  });

  it('follows no redirect', async () => {
    let inside = 0;
    const port = await serve((request, response) => {
      if (request.url === '/inside') inside += 1;
      response.writeHead(302, { location: '/inside' }).end();
    });
    expect(await createEgress()(ask(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'answered', status: 302 });
    expect(inside).toBe(0);
  });

  it('takes at most 64 KB of an answer without end', async () => {
    const port = await serve((_request, response) => {
      const pour = () => {
        while (response.writable && response.write('x'.repeat(16_384)));
      };
      response.on('drain', pour);
      pour();
    });
    const answer = await createEgress()(ask(`http://127.0.0.1:${port}/`));
    expect(answer.kind === 'answered' && answer.body.length).toBe(65_536);
  });

  it('gives up on who hangs, before an answer or in the middle of it, and says that it may have arrived', async () => {
    const silent = await serve(() => undefined);
    const halfway = await serve((_request, response) => response.writeHead(200, { 'content-length': '9' }).write('x'));
    for (const port of [silent, halfway]) {
      const answer = await createEgress({ limitMs: 150 })(ask(`http://127.0.0.1:${port}/?token=hush`));
      expect(answer).toMatchObject({ kind: 'failed', isSent: true, problem: 'no answer in time' });
    }
  });

  it('gives up on a name server that hangs', async () => {
    const egress = createEgress({ limitMs: 100, addressesOf: () => new Promise(() => undefined) });
    expect(await egress(ask('https://slow.invalid/'))).toMatchObject({ kind: 'failed', isSent: false });
  });

  it('says that nothing arrived where nobody listens, without a word of the path', async () => {
    const server = createTcp();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    const answer = await createEgress()(ask(`http://127.0.0.1:${port}/send?access_token=hush`));
    expect(answer).toEqual({ kind: 'failed', isSent: false, problem: 'ECONNREFUSED' });
  });

  it('reads when to come back, and the other clock', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(429, { 'retry-after': '30', date: 'Tue, 24 Nov 2026 03:00:00 GMT' }).end('slow down'),
    );
    expect(await createEgress()(ask(`http://127.0.0.1:${port}/`))).toEqual({
      kind: 'answered',
      status: 429,
      body: 'slow down',
      retryAfterMs: 30_000,
      dateMs: Date.UTC(2026, 10, 24, 3),
    });
  });
});
