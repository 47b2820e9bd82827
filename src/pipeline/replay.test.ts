import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadRuleSet } from '#detect/index.ts';
import { openJournal, openJournalReader } from '#journal/sqlite/index.ts';
import { packRecords } from '#kit/records.ts';
import type { Alert } from '#model/alert.ts';
import type { JournalBatch, RawBatch } from '#model/batch.ts';
import { bundledRuleFolders, readRuleFiles } from '#server/content.ts';
import { demoDay } from '#server/demo.ts';
import { createDetection } from './detection.ts';
import { detectInPast } from './past.ts';

const NOW_MS = Date.UTC(2026, 10, 21);
const DAY_MS = 86_400_000;
/** Beside the bundled ones: a window that opens, is forgotten and opens again, and an order that late lines come into. */
const OWN = `
title: Refused
id: 7c6f4a52-8f0a-4a57-9d5e-000000000001
name: replay-refused
logsource: {product: linux, service: sshd}
detection: {words: ['Failed password'], condition: words}
level: low
---
title: Let in
id: 7c6f4a52-8f0a-4a57-9d5e-000000000002
name: replay-let-in
logsource: {product: linux, service: sshd}
detection: {words: ['Accepted password'], condition: words}
level: low
---
title: Refused three times
id: 7c6f4a52-8f0a-4a57-9d5e-000000000003
name: replay-three
correlation: {type: event_count, rules: [replay-refused], group-by: [src_endpoint.ip], timespan: 10s, condition: {gte: 3}}
level: medium
bartizan: {group_by: [src_ip]}
---
title: Refused, then let in
id: 7c6f4a52-8f0a-4a57-9d5e-000000000004
name: replay-then
correlation:
  type: temporal_ordered
  rules: [replay-refused, replay-let-in]
  group-by: [src_endpoint.ip]
  timespan: 1m
level: high
bartizan: {group_by: [src_ip]}
`;
const rules = loadRuleSet([...readRuleFiles(bundledRuleFolders()), { path: 'own.yml', text: OWN }]);

let folder: string;
let journalFile: string;
let batches: readonly JournalBatch[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replay '));
  journalFile = join(folder, 'journal.db');
  const journal = openJournal(journalFile);
  for (const batch of await wholeDay()) await journal.append(batch);
  journal.close();
  const reader = openJournalReader(journalFile);
  batches = reader.read(0, Number.MAX_SAFE_INTEGER);
  reader.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

it('the journal gives the alerts that were raised live, byte for byte, wherever it was restarted or killed', () => {
  const past = fromPast();
  const names = new Set(past.map(({ rule }) => rule.id));
  for (const name of ['replay-three', 'replay-then', 'ssh-bruteforce']) expect(names).toContain(name);
  expect(past.length).toBeGreaterThan(15);
  expect(past.some(({ forgeable }) => forgeable)).toBe(true);
  expect(past.some(({ demo }) => demo)).toBe(true);
  const at = fc.nat(batches.length);
  fc.assert(
    fc.property(fc.array(fc.record({ saved: at, died: at }), { maxLength: 3 }), fc.nat(7), (ends, rhythm) => {
      expect(asBytes(live(ends, rhythm + 1))).toBe(asBytes(past));
    }),
    {
      numRuns: 6,
      examples: [
        [[], 0],
        [[{ saved: 0, died: batches.length }], 2],
        [[{ saved: 40, died: 40 }], 1],
      ],
    },
  );
});

it('a rule whose memory ran out raises again, and what is far out of order completes nothing', () => {
  const three = fromPast().filter(({ rule }) => rule.id === 'replay-three');
  const of = (address: string) => three.filter(({ entities }) => entities['src_ip'] === address);
  // Two bursts two hours apart: two alerts, not one, and nothing of what lies between them.
  expect(of('203.0.113.50').map(({ count }) => count)).toEqual([4, 4]);
  expect(of('203.0.113.51')).toEqual([]);
});

/** What a centre keeps: each report replaces what was known of an alert. `saved` is what it had written when it `died`. */
function live(ends: readonly { saved: number; died: number }[], rhythm: number): readonly Alert[] {
  const kept = new Map<string, Alert>();
  let detection = createDetection(rules, () => 0);
  let from = 0;
  for (const { saved, died } of [...ends, { saved: batches.length, died: batches.length }]) {
    const savedAt = Math.min(batches.length, from + saved);
    let memory = savedAt === from ? detection.snapshot() : undefined;
    const endsAt = Math.min(batches.length, savedAt + died);
    for (let at = from; at < endsAt; at++) {
      detection.process(batches[at] as JournalBatch);
      if (at % rhythm === 0) report(at % 2 === 0 ? 'new' : 'all');
      if (at + 1 === savedAt) {
        report('all');
        memory = detection.snapshot();
      }
    }
    if (endsAt === batches.length) report('all');
    if (memory === undefined) break;
    detection = createDetection(rules, () => 0);
    detection.restore(memory);
    from = savedAt;
  }
  for (; from < batches.length; from++) detection.process(batches[from] as JournalBatch);
  report('all');
  return [...kept.values()];

  function report(which: 'all' | 'new'): void {
    for (const alert of detection.takeChanged(which)) kept.set(alert.id, alert);
  }
}

function fromPast(): readonly Alert[] {
  const journal = openJournalReader(journalFile);
  try {
    return detectInPast({
      journal,
      detection: createDetection(rules, () => 0),
      afterSequence: 0,
      upToSequence: journal.lastSequence(),
      maxFound: Number.POSITIVE_INFINITY,
      goOn: () => true,
    }).found;
  } finally {
    journal.close();
  }
}

function asBytes(alerts: readonly Alert[]): string {
  return [...alerts]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((alert) => JSON.stringify(alert))
    .join('\n');
}

/** An attack day of several sources, as real streams, arriving out of order; and lines whose order matters, likewise. */
async function wholeDay(): Promise<readonly RawBatch[]> {
  const day = (await demoDay(NOW_MS)).map((batch) => ({ ...batch, stream: `file:/var/log/${batch.format}` }));
  const middle = NOW_MS - DAY_MS / 2;
  const failed = (address: string, ms: number) => line(ms, `Failed password for root from ${address} port 1 ssh2`);
  const burst = (address: string, startMs: number, everyMs: number) =>
    [0, 1, 2, 3].map((index) => failed(address, startMs + index * everyMs));
  const letIn = (ms: number) => line(ms, 'Accepted password for root from 203.0.113.52 port 1 ssh2');
  const extra: readonly (readonly [stream: string, records: readonly string[]])[] = [
    ['file:/var/log/auth.log', burst('203.0.113.50', middle, 1_000)],
    ['http:web-1', burst('203.0.113.50', middle + 7_200_000, 1_000)],
    ['file:/var/log/auth.log', burst('203.0.113.51', middle, 60_000).toReversed()],
    ['http:web-1', [letIn(middle + 5_000)]],
    ['file:/var/log/auth.log', [failed('203.0.113.52', middle), letIn(middle + 9_000)]],
    // Two memories of their own: what anyone could have written, and what is only shown.
    ['syslog:udp', burst('203.0.113.53', middle, 1_000)],
    ['demo:syslog', burst('203.0.113.54', middle, 1_000)],
  ];
  const all: RawBatch[] = [
    ...day,
    ...extra.map(([stream, records]) => ({
      stream,
      format: 'syslog' as const,
      receivedMs: NOW_MS,
      ...packRecords([...records]),
    })),
  ];
  // Neighbours change places: sources are not read in step.
  return all.map(
    (_, index) =>
      all[index % 3 === 1 ? Math.min(all.length - 1, index + 1) : index % 3 === 2 ? index - 1 : index] as RawBatch,
  );
}

function line(timeMs: number, text: string): string {
  return `${new Date(timeMs).toISOString()} web sshd[1]: ${text}`;
}
