import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Session } from 'chdb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { type Event, eventId } from '#model/event.ts';

import type { EventLake, EventQuery, LakeBatch } from '../event-lake.ts';
import { openChdbLake } from './index.ts';

const NOON = Date.UTC(2026, 2, 14, 12);
const DAY = 86_400_000;
const HOSTILE = 'a\0b \u001b[31mred\u001b[0m \u{1F525} 望楼 \'";--\\ \t|\r\n{p0:String} \u2028 %_';

function batchOf(lastSequence: number, events: readonly Event[]): LakeBatch {
  return { lastSequence, each: (take) => events.forEach((event) => take(event, 'file:/var/log/auth.log')) };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'btz-lake-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the event lake on chDB', () => {
  let lake: EventLake;
  let sequence = 0;
  const everything = { fromMs: -1e15, toMs: 1e15, limit: 1_000 };

  beforeAll(() => {
    lake = openChdbLake(folder, { nowMs: () => NOON });
  });
  afterEach(async () => {
    await lake.dropBefore(1e15);
    expect((await lake.size()).rows).toBe(0);
  });
  afterAll(() => lake.close());

  async function store(...events: readonly Partial<Event>[]): Promise<readonly Event[]> {
    sequence += 1;
    const whole = events.map((event, index): Event => ({ ...anEvent(event), id: eventId(sequence, index) }));
    await lake.append(batchOf(sequence, whole));
    return whole;
  }

  async function raws(query: Partial<EventQuery>): Promise<readonly string[]> {
    return (await lake.search({ ...everything, ...query })).items.map((item) => item.raw);
  }

  test('gives back every field of an event, hot or not', async () => {
    const [event] = await store({
      message: 'Failed password for root',
      raw: `Mar 14 12:00:00 web-1 sshd[411]: Failed password for root`,
      status_id: 0,
      device: { hostname: 'web-1' },
      user: { name: 'root', uid: '0', domain: '' },
      actor: { user: { name: 'ann', uid: '1' }, process: { name: 'bash', pid: 7, parent_process: { pid: 2 ** 40 } } },
      src_endpoint: { ip: '203.0.113.9', port: 50_122, hostname: 'evil.example' },
      process: { name: 'sshd', pid: 411, cmd_line: HOSTILE },
      http_request: { url: { path: '/a', query_string: HOSTILE, text: '/a?b', hostname: 'shop' }, version: '1.1' },
      http_response: { code: 404, length: 12 },
      cloud: { account: { uid: '123' } },
      auth_protocol: 'password',
      unmapped: { eventName: 'X', deep: { list: [1, null, { constructor: HOSTILE }] }, 'a.b': 'dotted', n: 1.5 },
    });
    const { items } = await lake.search(everything);
    const { raw, ...rest } = event as Event;
    expect(items).toEqual([
      {
        id: rest.id,
        time: NOON,
        source: 'sshd',
        stream: 'file:/var/log/auth.log',
        classUid: 3002,
        host: 'web-1',
        user: 'root',
        srcIp: '203.0.113.9',
        message: 'Failed password for root',
        raw,
        event: JSON.parse(JSON.stringify(rest)),
      },
    ]);
  });

  test('keeps hostile text byte for byte, and lone surrogates as U+FFFD', async () => {
    const long = `${HOSTILE}${'x'.repeat(1_000_000)}`;
    await store(
      { raw: HOSTILE, message: HOSTILE, user: { name: HOSTILE } },
      { raw: long, message: '' },
      {
        raw: `half \ud83d of it`,
        message: 'other \udd25',
        unmapped: { half: '\ud83d' },
        device: { hostname: '\ud83d' },
      },
      { raw: '', message: '望楼', unmapped: JSON.parse('{"__proto__":{"polluted":1},"constructor":{"a":1}}') },
    );
    const { items } = await lake.search(everything);
    expect(items.map((item) => item.raw)).toEqual(['', 'half \ufffd of it', long, HOSTILE]);
    expect(items.map((item) => item.message)).toEqual(['望楼', 'other \ufffd', '', HOSTILE]);
    expect(items[3]?.user).toBe(HOSTILE);
    expect(items[1]?.event.unmapped).toEqual({ half: '\ufffd' });
    expect(items[0]?.event.unmapped).toEqual({ constructor: { a: 1 } });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(await raws({ where: [{ field: 'user.name', op: 'eq', value: HOSTILE }] })).toEqual([HOSTILE]);
    expect(await raws({ where: [{ field: 'message', op: 'eq', value: HOSTILE }] })).toEqual([HOSTILE]);
    expect(await raws({ where: [{ field: 'message', op: 'contains', value: '望楼' }] })).toEqual(['', HOSTILE]);
  });

  test('finds by condition on columns, on other paths and on the names of the source', async () => {
    await store(
      { raw: 'one', user: { name: 'Root' }, src_endpoint: { ip: '203.0.113.9', port: 22 } },
      { raw: 'two', unmapped: { eventName: 'StopLogging', requestParameters: { id: 7, on: true }, 'tag.name': 'x' } },
      {
        raw: 'three',
        cloud: { account: { uid: 'ACCT-42' } },
        http_response: { code: 404 },
        unmapped: { list: ['a', 'b'] },
      },
    );
    const find = (field: string, op: 'eq' | 'ne' | 'contains' | 'startswith' | 'endswith' | 'exists', value?: string) =>
      raws({ where: [{ field, op, value }] });
    expect(await find('user.name', 'eq', 'Root')).toEqual(['one']);
    expect(await find('user.name', 'eq', 'root')).toEqual([]);
    expect(await find('user.name', 'contains', 'oo')).toEqual(['one']);
    expect(await find('user.name', 'startswith', 'RO')).toEqual(['one']);
    expect(await find('user.name', 'ne', 'Root')).toEqual(['three', 'two']);
    expect(await find('user.name', 'exists')).toEqual(['one']);
    expect(await find('src_endpoint.port', 'eq', '22')).toEqual(['one']);
    expect(await find('http_response.code', 'startswith', '4')).toEqual(['three']);
    expect(await find('http_response.code', 'exists')).toEqual(['three']);
    expect(await find('unmapped.eventName', 'eq', 'StopLogging')).toEqual(['two']);
    expect(await find('eventName', 'endswith', 'LOGGING')).toEqual(['two']);
    expect(await find('unmapped.requestParameters.id', 'eq', '7')).toEqual(['two']);
    expect(await find('requestParameters.on', 'eq', 'true')).toEqual(['two']);
    expect(await find('unmapped.tag.name', 'eq', 'x')).toEqual(['two']);
    expect(await find('cloud.account.uid', 'startswith', 'acct')).toEqual(['three']);
    expect(await find('unmapped.list', 'contains', '"b"')).toEqual(['three']);
    expect(await find('cloud.account.uid', 'ne', 'ACCT-42')).toEqual(['two', 'one']);
    expect(await find('cloud.nothing', 'exists')).toEqual([]);
    expect(
      await raws({
        where: [
          { field: 'http_response.code', op: 'eq', value: '404' },
          { field: 'unmapped.list', op: 'exists' },
        ],
      }),
    ).toEqual(['three']);
  });

  test('finds words in any case, only where all occur', async () => {
    await store(
      { raw: 'Failed password for ROOT from 203.0.113.9' },
      { raw: 'Accepted password for ann' },
      { raw: 'Запрос ОТКЛОНЁН 100%' },
    );
    expect(await raws({ text: 'PASSWORD root' })).toEqual(['Failed password for ROOT from 203.0.113.9']);
    expect(await raws({ text: 'password root ann' })).toEqual([]);
    expect(await raws({ text: 'отклонён' })).toEqual(['Запрос ОТКЛОНЁН 100%']);
    expect(await raws({ text: '100% 100_' })).toEqual([]);
    expect(await raws({ text: '  ' })).toHaveLength(3);
  });

  test.each([`' OR 1=1 --`, `\\' OR 1=1 --`, `x'; DROP TABLE lake.events; --`, `{p0:String}`, `\0`, `"}) OR (1=1`])(
    'takes %j as a value and nothing else',
    async (value) => {
      await store({ raw: 'safe' });
      for (const op of ['eq', 'contains', 'startswith', 'endswith'] as const) {
        expect(await raws({ where: [{ field: 'user.name', op, value }] })).toEqual([]);
        expect(await raws({ where: [{ field: 'unmapped.x', op, value }] })).toEqual([]);
      }
      expect(await raws({ text: value })).toEqual([]);
      for (const field of [value, `unmapped.${value}`, `user.name${value}`, `user.name) OR (1=1`]) {
        await expect(raws({ where: [{ field, op: 'eq', value: '' }] })).rejects.toMatchObject({
          code: 'BTZ_BODY_INVALID',
        });
      }
      await expect(lake.search({ ...everything, before: value })).rejects.toMatchObject({ code: 'BTZ_BODY_INVALID' });
      const strange = { source: value } as unknown as EventQuery;
      expect(await raws(strange)).toEqual([]);
      expect((await lake.size()).rows).toBe(1);
    },
  );

  test('pages newest first without losing or repeating one, also among equal times', async () => {
    const events = await store(
      ...Array.from({ length: 25 }, (_, index) => ({ time: NOON + (index % 3), raw: `${index}` })),
    );
    const seen: number[] = [];
    let before: string | undefined;
    do {
      const page = await lake.search({ ...everything, limit: 4, before });
      seen.push(...page.items.map((item) => item.id));
      before = page.next;
    } while (before !== undefined);
    const expected = events
      .toSorted((one, other) => other.time - one.time || other.id - one.id)
      .map((event) => event.id);
    expect(seen).toEqual(expected);
  });

  test('finds by time, source and id', async () => {
    const [first, second] = await store(
      { raw: 'a', time: NOON },
      { raw: 'b', time: NOON + 1_000, source: 'nginx' },
      { raw: 'c', time: NOON + 2_000 },
    );
    expect(await raws({ fromMs: NOON, toMs: NOON + 2_000 })).toEqual(['b', 'a']);
    expect(await raws({ source: 'nginx' })).toEqual(['b']);
    expect(await raws({ ids: [first?.id ?? 0, second?.id ?? 0, 12_345] })).toEqual(['b', 'a']);
    expect(await raws({ ids: [] })).toEqual([]);
  });

  test('counts by bucket and source', async () => {
    await store(
      { time: NOON },
      { time: NOON + 59_999 },
      { time: NOON + 60_000, source: 'nginx' },
      { time: NOON + 60_001 },
    );
    const query = { fromMs: NOON, toMs: NOON + 120_000 };
    expect(await lake.histogram(query, 60_000)).toEqual([
      { bucketMs: NOON, source: 'sshd', count: 2 },
      { bucketMs: NOON + 60_000, source: 'nginx', count: 1 },
      { bucketMs: NOON + 60_000, source: 'sshd', count: 1 },
    ]);
    await expect(lake.histogram(query, 0)).rejects.toMatchObject({ code: 'BTZ_BODY_INVALID' });
    await expect(lake.histogram(everything, 1)).rejects.toMatchObject({ code: 'BTZ_BODY_INVALID' });
  });

  test('times from 1970 to 2100 and none at all make few partitions, and stay searchable as stated', async () => {
    const times = Array.from({ length: 2_000 }, (_, index) => NOON - index * 11 * DAY);
    const strange = [0, Date.UTC(2100, 0), Number.NaN, Number.POSITIVE_INFINITY, -1e15, NOON + 0.75];
    await store(...[...times, ...strange].map((time) => ({ time, raw: `at ${time}` })));
    expect(await raws({ fromMs: 0, toMs: 1 })).toEqual(['at 0']);
    expect(await raws({ fromMs: Date.UTC(2099, 0), toMs: Date.UTC(2101, 0) })).toEqual([`at ${Date.UTC(2100, 0)}`]);
    const old = NOON - 1_500 * 11 * DAY;
    expect(await raws({ fromMs: old, toMs: old + 1 })).toEqual([`at ${old}`]);
    const now = await lake.search({ ...everything, fromMs: NOON, toMs: NOON + 1 });
    expect(now.items.map((item) => [item.raw, item.time])).toEqual(
      [NOON + 0.75, Number.POSITIVE_INFINITY, Number.NaN, NOON].map((time) => [`at ${time}`, NOON]),
    );
    // Eight days of their own, and one for the strays: all strays arrived on NOON's day, which is kept.
    const dropped = await lake.dropBefore(NOON - DAY);
    expect(dropped.length).toBeLessThanOrEqual(8);
    expect((await lake.size()).rows).toBeGreaterThanOrEqual(2_006 - 8);
  });

  test('drops whole days before a time and nothing of the others', async () => {
    await store(
      { time: NOON - 3 * DAY, raw: 'old' },
      { time: NOON - DAY, raw: 'yesterday' },
      { time: NOON, raw: 'today' },
    );
    expect(await lake.dropBefore(NOON - 3 * DAY)).toEqual([]);
    expect(await lake.dropBefore(NOON - DAY)).toEqual(['2026-03-11']);
    expect(await raws({})).toEqual(['today', 'yesterday']);
  });

  test('a batch that comes again is stored once, and so is one of which a part was stored', async () => {
    const events = await store({ raw: 'a' }, { raw: 'b', time: NOON - DAY });
    await lake.append(batchOf(sequence, events));
    expect(await raws({})).toEqual(['b', 'a'].toReversed());
    expect(await lake.storedSequence()).toBe(sequence);
  });

  test('batches without events still move the sequence on, and one that is many at once is in order', async () => {
    sequence += 1;
    await lake.append(batchOf(sequence, []));
    expect(await lake.storedSequence()).toBe(sequence);
    await Promise.all(Array.from({ length: 20 }, (_, index) => store({ raw: `${index}` })));
    expect(await lake.storedSequence()).toBe(sequence);
    expect(await raws({})).toHaveLength(20);
  });

  test('an insert that fails among several is told, and the same call succeeds later, each event once', async () => {
    sequence += 1;
    const events = Array.from({ length: 60_000 }, (_, index) =>
      anEvent({ id: eventId(sequence, index), raw: `${index}` }),
    );
    const batch = batchOf(sequence, events);
    const session = new Session(join(folder, 'chdb'));
    try {
      session.query('RENAME TABLE lake.events TO lake.away');
      await expect(lake.append(batch)).rejects.toMatchObject({ code: 'BTZ_LAKE_UNAVAILABLE' });
      expect(await lake.storedSequence()).toBe(sequence - 1);
      session.query('RENAME TABLE lake.away TO lake.events');
    } finally {
      session.close();
    }
    await lake.append(batch);
    expect((await lake.size()).rows).toBe(60_000);
    const [counted] = await lake.histogram(everything, 1e15);
    expect(counted?.count).toBe(60_000);
    expect(await lake.storedSequence()).toBe(sequence);
  });

  test('a page of giant events is cut, and goes on', async () => {
    await store(...Array.from({ length: 24 }, (_, index) => ({ raw: `${index}${'y'.repeat(1_000_000)}` })));
    const first = await lake.search(everything);
    expect(first.items.length).toBeGreaterThan(5);
    expect(first.items.length).toBeLessThan(24);
    const second = await lake.search({ ...everything, before: first.next });
    expect(first.items.length + second.items.length).toBe(24);
    expect(second.next).toBeUndefined();
  });

  test('a search that takes too much fails with its code, and the lake goes on', async () => {
    await store(...Array.from({ length: 200 }, (_, index) => ({ raw: `${index}${'z'.repeat(100_000)}` })));
    const narrow = openChdbLake(folder, { searchMemoryBytes: 100_000 });
    await expect(narrow.search(everything)).rejects.toMatchObject({ code: 'BTZ_SEARCH_TOO_WIDE' });
    await narrow.close();
    expect(await raws({ text: '199z' })).toHaveLength(1);
    await store({ raw: 'after' });
    expect(await raws({ text: 'after' })).toEqual(['after']);
  });

  test('too much of anything is refused with its code', async () => {
    const where = Array.from({ length: 33 }, () => ({ field: 'user.name', op: 'exists' as const }));
    for (const query of [
      { where },
      { text: 'a '.repeat(17) },
      { text: 'x'.repeat(5_000) },
      { fromMs: Number.NaN },
      { ids: Array(1_001).fill(1) },
    ]) {
      await expect(raws(query)).rejects.toMatchObject({ code: 'BTZ_BODY_INVALID' });
    }
  });
});

function anEvent(changes: Partial<Event>): Event {
  return {
    id: 0,
    time: NOON,
    source: 'sshd',
    class_uid: 3002,
    activity_id: 1,
    severity_id: 2,
    unmapped: {},
    raw: 'raw',
    ...changes,
  };
}
