import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoredAlert } from '../../src/model/alert.ts';
import { demoDay } from '../../src/server/demo.ts';
import { command, ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';

let folder: string;
let rules: string;
let centre: RunningCentre;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-replay-'));
  rules = mkdtempSync(join(tmpdir(), 'btz-replay-rules-'));
  writeFileSync(join(rules, 'own.yml'), OWN);
  centre = await runCentre({ folder, argv: ['--only', '--rules', rules] });
  token = await ingestToken(centre);
}, 30_000);
afterAll(async () => {
  await centre?.stop();
  for (const path of [folder, rules]) rmSync(path, { recursive: true, force: true });
});

it('analyze on the journal prints the alerts of a day that was killed in the middle, byte for byte', async () => {
  const day = await demoDay(Date.now());
  const half = Math.floor(day.length / 2);
  // Sources are not read in step: every other batch comes after its neighbour.
  const order = day.map((_, index) => day[index % 2 === 0 ? Math.min(index + 1, day.length - 1) : index - 1]);
  const sendAll = async (from: number, to: number) => {
    for (const batch of order.slice(from, to)) {
      if (!batch) continue;
      const records = recordsOf(batch);
      expect((await send(centre, token, batch.format, records.join('\n'))).status).toBe(200);
    }
  };
  await sendAll(0, half);
  await until(async () => (await alerts()).length > 3, 'the first alerts');
  // In the middle of windows, with lines that it has not looked at yet.
  await sendAll(half, half + 3);
  await centre.kill();
  centre = await runCentre({ folder, argv: ['--only', '--rules', rules] });
  await sendAll(half + 3, order.length);
  await until(async () => {
    const { events } = await centre.ask<{ events: { detected: number } }>('/overview');
    return events.detected === 1;
  }, 'all is looked at');
  // Growth is reported a moment after.
  let before = '';
  let sameFor = 0;
  await until(async () => {
    const now = JSON.stringify(await alerts());
    sameFor = now === before ? sameFor + 1 : 0;
    before = now;
    return sameFor > 20;
  }, 'nothing changes any more');

  const expected = (await alerts()).map(asAnalyzed);
  const whileRunning = command('analyze', '--data', folder, '--rules', rules, '--lang', 'en');
  expect(whileRunning.stdout.trim().split('\n')).toEqual(expected);
  expect([whileRunning.status, whileRunning.stderr]).toEqual([1, '']);
  await centre.stop();
  expect(command('analyze', '--data', folder, '--rules', rules, '--lang', 'en').stdout).toBe(whileRunning.stdout);
  expect(expected.some((line) => line.includes('"replay-three"'))).toBe(true);
  expect(expected.length).toBeGreaterThan(10);

  const cut = new Date(Date.now() - 12 * 3_600_000).toISOString();
  const part = (option: string) =>
    command('analyze', '--data', folder, '--rules', rules, '--lang', 'en', option, cut).stdout;
  expect(part('--until') + part('--since')).toBe(whileRunning.stdout);
  expect(part('--until')).not.toBe('');
}, 120_000);

it('analyze refuses a folder without a journal, and files beside it', () => {
  expect(command('analyze', '--data', rules)).toMatchObject({ status: 2, stdout: '' });
  expect(command('analyze', '/dev/null', '--data', folder).stderr).toContain('BTZ_USAGE');
  expect(command('analyze', '/dev/null', '--since', '1d').stderr).toContain('BTZ_USAGE');
  expect(command('analyze').stderr).toContain('BTZ_USAGE');
});

async function alerts(): Promise<readonly StoredAlert[]> {
  const statuses = ['open', 'acknowledged', 'closed', 'hidden', 'held_back'];
  const lists = await Promise.all(
    statuses.map((status) => centre.ask<{ items: StoredAlert[] }>(`/alerts?status=${status}&limit=200`)),
  );
  return lists.flatMap(({ items }) => items).sort((a, b) => a.firstMs - b.firstMs || (a.id < b.id ? -1 : 1));
}

/** As one line of `analyze` is, from what the centre has kept. */
function asAnalyzed({ rule, entities, firstMs, count, reason, advice, events }: StoredAlert): string {
  const iso = (timeMs: number) => new Date(timeMs).toISOString();
  return JSON.stringify({
    time: iso(firstMs),
    rule: { id: rule.id, title: rule.title.en, level: rule.level, attack: rule.attack },
    entities,
    count,
    reason: reason.en,
    advice: advice.en,
    events: events.map(({ time, raw }) => ({ time: iso(time), raw })),
  });
}

function recordsOf({ payload, ends }: { payload: Uint8Array; ends: Uint32Array }): readonly string[] {
  const text = Buffer.from(payload);
  return Array.from(ends, (end, index) => text.subarray(index === 0 ? 0 : ends[index - 1], end).toString());
}

const OWN = `
title: Refused
id: 7c6f4a52-8f0a-4a57-9d5e-000000000001
name: replay-refused
logsource: {product: linux, service: sshd}
detection: {words: ['Failed password'], condition: words}
level: low
---
title: Refused three times
id: 7c6f4a52-8f0a-4a57-9d5e-000000000003
name: replay-three
correlation: {type: event_count, rules: [replay-refused], group-by: [src_endpoint.ip], timespan: 10s, condition: {gte: 3}}
level: medium
bartizan: {group_by: [src_ip]}
`;
