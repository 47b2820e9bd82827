import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';

interface Found {
  raw: string;
  message: string;
  user: string;
  srcIp: string;
  event: { unmapped?: Record<string, unknown> };
}

describe('hostile input over HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-hostile-'));
  let centre: RunningCentre;
  let token = '';

  beforeAll(async () => {
    centre = await runCentre({ folder, argv: ['--only', '--respond', 'auto'] });
    token = await ingestToken(centre);
  });

  afterAll(async () => {
    await centre.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function find(text: string): Promise<Found[]> {
    const query = new URLSearchParams({ from: '0', to: String(Date.now() + 86_400_000), text });
    return until(
      async () => {
        const { items } = await centre.ask<{ items: Found[] }>(`/events?${query.toString()}`);
        return items.length > 0 ? items : undefined;
      },
      () => `“${text}” can be searched; the centre said: ${centre.said()}`,
    );
  }

  async function counters(): Promise<{ received: number; stored: number; dropped: Record<string, number> }> {
    const { items } = await centre.ask<{
      items: { stream: string; received: number; stored: number; dropped: Record<string, number> }[];
    }>('/sources');
    const of = items.filter(({ stream }) => stream.startsWith('http:'));
    const dropped: Record<string, number> = {};
    for (const stream of of)
      for (const [reason, count] of Object.entries(stream.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
    return {
      received: of.reduce((sum, { received }) => sum + received, 0),
      stored: of.reduce((sum, { stored }) => sum + stored, 0),
      dropped,
    };
  }

  it('keeps what is around a line of 10 MB, and counts the line', async () => {
    const answer = await send(
      centre,
      token,
      'syslog',
      `marker-before-giant\n${'A'.repeat(10 * 1024 * 1024)}\nmarker-after-giant\n`,
    );
    expect(await answer.json()).toMatchObject({ accepted: 2, dropped: { too_long: 1 } });
    expect(await find('marker-before-giant')).toHaveLength(1);
    expect(await find('marker-after-giant')).toHaveLength(1);
  });

  it('takes NUL, invalid UTF-8, CRLF and ANSI escapes as data', async () => {
    const body = Buffer.concat([
      Buffer.from('marker-nul \0 byte\nmarker-utf8 '),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
      Buffer.from(' tail\r\nmarker-ansi \x1b[31mred\x1b[0m\r\n'),
    ]);
    expect((await send(centre, token, 'syslog', body)).status).toBe(200);
    const [nul] = await find('marker-nul');
    expect(nul?.raw).toBe('marker-nul \0 byte');
    const [utf8] = await find('marker-utf8');
    expect(utf8?.raw).toMatch(/^marker-utf8 .*tail$/);
    const [ansi] = await find('marker-ansi');
    expect(ansi?.raw).toBe('marker-ansi \x1b[31mred\x1b[0m');
  });

  it('cannot be made to blame or block an innocent address by a forged user name', async () => {
    const innocent = '192.0.2.77';
    const forged = `x from ${innocent} port 22 ssh2`;
    const lines = Array.from(
      { length: 40 },
      (_, index) =>
        `${new Date().toISOString()} web-1 sshd[5]: Failed password for invalid user ${forged} from 203.0.113.50 port ${3000 + index} ssh2`,
    );
    const split = Array.from(
      { length: 40 },
      (_, index) =>
        `${new Date().toISOString()} web-1 sshd[5]: Failed password for invalid user y#012Nov 20 03:11:01 web-1 sshd[411]: Failed password for root from ${innocent} port 22 ssh2 from 203.0.113.50 port ${3000 + index} ssh2`,
    );
    await send(centre, token, 'syslog', [...lines, ...split].join('\n'));
    await until(
      async () =>
        (await centre.ask<{ items: { entities: Record<string, string> }[] }>('/alerts?text=203.0.113.50')).items
          .length > 0,
      'the attacker is named',
    );
    const { items } = await centre.ask<{ items: { entities: Record<string, string> }[] }>('/alerts?limit=200');
    expect(items.filter(({ entities }) => entities['src_ip'] === innocent)).toEqual([]);
  });

  it('keeps numbers of twenty digits exact and takes __proto__ as a name like any other', async () => {
    const body =
      '{"marker":"marker-json","big":12345678901234567890,"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}';
    expect((await send(centre, token, 'json', body)).status).toBe(200);
    const [found] = await find('marker-json');
    expect(found?.raw).toBe(body);
    expect(JSON.stringify(found?.event)).toContain('12345678901234567890');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await centre.ask<{ version: string }>('/overview')).version).toMatch(/^\d/);
  });

  it('drops JSON 200,000 levels deep or broken, with a count, and keeps the rest', async () => {
    const before = await counters();
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const answer = await send(
      centre,
      token,
      'json',
      `{"marker":"marker-shallow"}\n{"a":${deep}}\n{"broken":\n{"marker":"marker-last"}\n`,
    );
    expect(answer.status).toBe(200);
    const { accepted, dropped } = (await answer.json()) as { accepted: number; dropped: Record<string, number> };
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    expect(await find('marker-shallow')).toHaveLength(1);
    const after = await counters();
    expect(after.received - before.received).toBe(accepted + lost);
    expect(after.received).toBe(after.stored + Object.values(after.dropped).reduce((sum, count) => sum + count, 0));
  });

  it('refuses a gzip bomb with a code, and goes on', async () => {
    const bomb = gzipSync(Buffer.alloc(512 * 1024 * 1024, 0x41), { level: 1 });
    const answer = await send(centre, token, 'syslog', bomb, { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(413);
    expect(((await answer.json()) as { code: string }).code).toBe('BTZ_GZIP_TOO_LARGE');
    expect(
      (await send(centre, token, 'syslog', gzipSync('marker-honest-gzip\n'), { 'content-encoding': 'gzip' })).status,
    ).toBe(200);
    expect(await find('marker-honest-gzip')).toHaveLength(1);
    expect(centre.residentBytes() / 2 ** 20).toBeLessThan(1_500);
  });

  it('answers wrong tokens, bodies and queries with a code', async () => {
    expect((await send(centre, 'wrong-token-wrong-token', 'syslog', 'x')).status).toBe(401);
    expect((await send(centre, token, 'smoke-signals', 'x')).status).toBe(400);
    for (const path of [
      '/events?from=0',
      '/events?from=0&to=1&where=;drop',
      '/alerts?limit=100000',
      `/alerts/${'x'.repeat(150)}`,
    ]) {
      const answer = await centre.fetch(path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(((await answer.json()) as { code: string }).code).toMatch(/^BTZ_/);
    }
    const unsigned = await fetch(`${centre.url}/api/v1/alerts`);
    expect(unsigned.status).toBe(401);
    const foreign = await fetch(`${centre.url}/api/v1/session`, {
      method: 'POST',
      headers: { origin: 'http://evil.example', 'content-type': 'application/json' },
      body: '{"name":"a","password":"b"}',
    });
    expect(foreign.status).toBe(403);
  });
});
