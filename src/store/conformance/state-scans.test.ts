import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '#model/finding.ts';
import type { Scan } from '#model/scan.ts';
import type { StateStore } from '../state-store.ts';
import { ENGINES, type RunningEngine, titleOf } from './engines.ts';

const scan = (id: string, target: string, endedMs: number): Scan => ({
  id,
  kind: 'code',
  target,
  startedMs: endedMs - 10,
  endedMs,
  actor: 'cli',
  resources: 2,
  checks: 3,
  score: 90,
  atWorst: 80,
  capped: 0,
  counts: { fail: 1, pass: 2, unknown: 0, not_applicable: 0 },
  deductions: [
    { check: 'c', title: { zh: '望', en: 't' }, severity: 'high', resource: 'r', points: 10, givesBack: 10 },
  ],
  clauses: [{ framework: 'f', clause: 'c-1', status: 'no_data', failed: 0, unknown: 0, passed: 0 }],
  problems: [{ file: '带 空格/主.tf', problem: 'x' }],
  problemCount: 1,
  evidence: '0'.repeat(64),
});
const finding = (
  check: string,
  severity: Finding['severity'],
  id = 'r',
  verdict: Finding['verdict'] = 'fail',
): Finding => ({
  check,
  title: { zh: '存储空间', en: '100% of buckets' },
  severity,
  verdict,
  resource: { provider: 'alicloud', type: 'alicloud_oss_bucket', id, name: id },
  controls: ['x.y'],
  fix: { zh: '修', en: 'f' },
});

for (const engine of ENGINES) {
  describe.skipIf(engine.missing)(`scans in the state store on ${titleOf(engine)}`, () => {
    let running: RunningEngine;
    let store: StateStore;
    beforeAll(async () => {
      running = await engine.start();
    });
    afterAll(() => running.stop());
    beforeEach(async () => {
      store = await (await running.create()).open();
    });
    afterEach(() => store.close());

    test('come back as they were kept, and lists leave out what is long', async () => {
      const kept = scan('s1', '带 空格', 1_000);
      await store.scans.insert(kept, []);
      expect(await store.scans.find('s1')).toEqual(kept);
      expect(await store.scans.find('s2')).toBeUndefined();
      const [summary] = await store.scans.list({ limit: 10 });
      expect(summary).toMatchObject({ id: 's1', score: 90 });
      expect(summary).not.toHaveProperty('clauses');
    });

    test('are latest for each target', async () => {
      for (const [id, target, at] of [
        ['a1', 'a', 1],
        ['a2', 'a', 3],
        ['b1', 'b', 2],
      ] as const)
        await store.scans.insert(scan(id, target, at), []);
      expect((await store.scans.latest()).map(({ id }) => id)).toEqual(['a2', 'b1']);
      expect((await store.scans.list({ target: 'a', limit: 10 })).map(({ id }) => id)).toEqual(['a2', 'a1']);
    });

    test('have their findings found by severity, check and text, the most dangerous first', async () => {
      const many = Array.from({ length: 450 }, (_, at) => finding('low-one', 'low', `bucket-${at}`));
      await store.scans.insert(scan('s1', 'a', 1), [
        ...many,
        finding('bad', 'critical', 'x_1'),
        finding('untold', 'high', 'y', 'unknown'),
      ]);
      await store.scans.insert(scan('s2', 'b', 1), [finding('other', 'critical')]);
      const all = await store.scans.findings({ scanIds: ['s1'], limit: 5 });
      expect(all.total).toBe(452);
      expect(all.items.slice(0, 2).map(({ check }) => check)).toEqual(['bad', 'untold']);
      expect(all.items[0]?.scanId).toBe('s1');
      const totalOf = async (filter: object) =>
        (await store.scans.findings({ scanIds: ['s1'], limit: 1, ...filter })).total;
      expect(await totalOf({ minLevel: 'high' })).toBe(2);
      expect(await totalOf({ verdict: 'unknown' })).toBe(1);
      expect(await totalOf({ check: 'low-one' })).toBe(450);
      expect(await totalOf({ about: { controls: [], checks: ['bad', 'untold'] } })).toBe(2);
      expect(await totalOf({ about: { controls: ['no.such'], checks: ['bad'] } })).toBe(1);
      expect(await totalOf({ about: { controls: [], checks: [] } })).toBe(0);
      expect(await totalOf({ text: 'BUCKET-44' })).toBe(11);
      expect(await totalOf({ text: '100%' })).toBe(452);
      // Neither is a wildcard.
      expect(await totalOf({ text: 'bucket_44' })).toBe(0);
      expect(await totalOf({ text: 'x_1' })).toBe(1);
      expect((await store.scans.findings({ scanIds: [], limit: 5 })).total).toBe(0);
    });

    test('grow old: first their findings go, then they themselves, and others stay', async () => {
      for (const at of [1, 2, 3]) await store.scans.insert(scan(`a${at}`, 'a', at), [finding('c', 'high')]);
      await store.scans.insert(scan('b1', 'b', 1), [finding('c', 'high')]);
      await store.scans.prune('a', 2, 1);
      expect((await store.scans.list({ target: 'a', limit: 10 })).map(({ id }) => id)).toEqual(['a3', 'a2']);
      expect((await store.scans.findings({ scanIds: ['a1', 'a2', 'a3', 'b1'], limit: 9 })).total).toBe(2);
    });
  });
}
