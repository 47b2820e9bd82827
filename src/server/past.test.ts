import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadRuleSet } from '#detect/index.ts';
import { openJournal, openJournalReader } from '#journal/sqlite/index.ts';
import type { Alert } from '#model/alert.ts';
import { createDetection } from '#pipeline/detection.ts';
import { detectInPast, type PastOptions } from '#pipeline/past.ts';
import { createHunts } from './hunts.ts';
import { lookBack } from './past.ts';

const START_MS = Date.UTC(2026, 10, 20);
const BATCHES = 60;
const RULES = [{ path: 'rules.yml', text: [rule('fed', 'a'), counting('three', 'fed', 'b')].join('---') }];

let folder: string;
let journalFile: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'past '));
  journalFile = join(folder, 'journal.db');
  const journal = openJournal(journalFile);
  for (let at = 0; at < BATCHES; at++) await journal.append(batchOf(at));
  journal.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

it('what is found in the past is what was raised live, whatever of it is kept', () => {
  const live = createDetection(loadRuleSet(RULES), () => 0);
  const alerts = new Map<string, Alert>();
  for (let at = 0; at < BATCHES; at++) {
    live.process({ ...batchOf(at), sequence: at + 1 });
    for (const alert of live.takeChanged()) alerts.set(alert.id, alert);
  }
  const whole = past({});
  expect(alerts.size).toBe(7);
  expect(whole.found).toEqual([...alerts.values()]);
  expect(whole).toMatchObject({ count: 7, isWhole: true, share: 1, byRule: { three: 7 }, events: BATCHES * 2 });
  const few = past({ maxFound: 2 });
  expect([few.count, few.found]).toEqual([7, whole.found.slice(0, 2)]);
});

it('ends where it is told to, and says so', () => {
  // Rounds of less than a megabyte: there is one only, so it is cut by the sequence.
  expect(past({ upToSequence: 10 })).toMatchObject({ events: 20, isWhole: true });
  const cut = past({ journal: oneByOne(), goOn: ({ share }) => share < 0.5 });
  expect(cut).toMatchObject({ events: BATCHES, isWhole: false, share: 0.5 });
});

it('goes back to a time or so many bytes, and not a batch further', () => {
  const journal = openJournalReader(journalFile);
  const bytes = batchOf(0).payload.byteLength;
  expect(journal.sequenceBefore(0)).toBe(0);
  expect(journal.sequenceBefore(batchOf(50).receivedMs)).toBe(50);
  expect(journal.sequenceBefore(batchOf(50).receivedMs + 1)).toBe(51);
  expect(journal.sequenceBefore(0, bytes * 3)).toBe(BATCHES - 3);
  expect(journal.sequenceBefore(0, bytes - 1)).toBe(BATCHES);
  expect(journal.sequenceBefore(START_MS * 2)).toBe(BATCHES);
  journal.close();
});

it('leaves a damaged batch out and says that it was not all', async () => {
  const path = join(folder, 'damaged.db');
  const journal = openJournal(path);
  for (let at = 0; at < 5; at++) await journal.append(batchOf(at));
  journal.close();
  const database = new DatabaseSync(path);
  database.exec("UPDATE batch SET body = x'00ff00ff' WHERE sequence = 3");
  database.close();
  const reader = openJournalReader(path);
  expect(past({ journal: reader, upToSequence: 5 })).toMatchObject({ events: 8, isWhole: false, share: 1 });
  reader.close();
});

it('a trial tries nothing that has a new problem, and what is known does not stop it', async () => {
  const rules = mkdtempSync(join(tmpdir(), 'past rules '));
  writeFileSync(join(rules, 'good.yml'), RULES[0]?.text ?? '');
  writeFileSync(join(rules, 'bad.yml'), rule('bad', 'c').replace('condition: words', 'condition: none'));
  const task = { kind: 'trial', journalFile, folders: [rules], sinceMs: 0, maxBytes: 2 ** 20, maxMs: 5_000 } as const;
  const first = await lookBack({ ...task, knownProblems: [] }, 20_000).outcome;
  expect(first.findings).toBeUndefined();
  expect(first.loaded.problems).toMatchObject([{ file: join(rules, 'bad.yml') }]);
  const { problemKey } = await import('./rule-loading.ts');
  const again = await lookBack({ ...task, knownProblems: first.loaded.problems.map(problemKey) }, 20_000).outcome;
  expect(again.findings).toMatchObject({ count: 7, byRule: { three: 7 }, found: [] });
  await expect(
    lookBack({ ...task, folders: [join(rules, 'x')], knownProblems: [] }, 20_000).outcome,
  ).rejects.toMatchObject({
    code: 'BTZ_INPUT_UNREADABLE',
  });
  await expect(lookBack({ ...task, knownProblems: [] }, 1).outcome).rejects.toThrow(/not done after/);
  rmSync(rules, { recursive: true });
});

it('a hunt stands in for the rule of the same name, one at a time, and can be cancelled', async () => {
  const kinds: string[] = [];
  const record = async (leaves: readonly { kind: string }[]) => void kinds.push(...leaves.map(({ kind }) => kind));
  const hunts = createHunts({ journalFile, ruleFiles: () => RULES, record, clock: () => START_MS });
  const file = { path: 'mine.yml', text: counting('three', 'fed', 'b').replace('gte: 3', 'gte: 4') };
  const narrower = await hunts.start(
    { rules: [], files: [{ path: 'mine.yml', text: rule('fed', 'a') }], sinceMs: 0 },
    'cli',
  );
  await expect(hunts.start({ rules: ['fed'], files: [], sinceMs: 0 }, 'cli')).rejects.toMatchObject({
    code: 'BTZ_HUNT_RUNNING',
  });
  expect((await hunts.cancel(narrower.id)).state).toBe('cancelled');
  // Its file held what it counts as well, so that cannot be found any more; the reason is said.
  const failed = await ended(hunts, await hunts.start({ rules: [], files: [file], sinceMs: 0 }, 'cli'));
  expect(failed).toMatchObject({ state: 'failed', problem: { code: 'BTZ_RULE_INVALID' } });
  const both = { path: 'mine.yml', text: `${rule('fed', 'a')}---${file.text}` };
  const done = await ended(hunts, await hunts.start({ rules: [], files: [both], sinceMs: 0 }, 'cli'));
  expect(done).toMatchObject({ state: 'done', share: 1, isWhole: true });
  expect(new Set(done.found.map((alert) => alert.rule.id))).toEqual(new Set(['fed', 'three']));
  expect(() => hunts.get('__proto__')).toThrow(/no hunt/);
  expect(kinds).toEqual(['hunt.started', 'hunt.started', 'hunt.started']);
  await hunts.stop();
});

it('a hunt looks at the period that it was given, and is listed without what it found', async () => {
  const record = async () => undefined;
  const hunts = createHunts({ journalFile, ruleFiles: () => RULES, record, clock: () => START_MS });
  const request = { rules: ['three'], files: [], sinceMs: batchOf(20).receivedMs };
  const part = await ended(hunts, await hunts.start({ ...request, untilMs: batchOf(30).receivedMs }, 'user:ann'));
  expect(part).toMatchObject({ state: 'done', events: 20, isWhole: true, share: 1 });
  const none = await ended(hunts, await hunts.start({ ...request, untilMs: request.sinceMs - 1 }, 'user:ann'));
  expect(none).toMatchObject({ state: 'done', events: 0, count: 0, found: [] });
  expect(hunts.list()).toMatchObject([
    { id: none.id, rules: ['three'], startedBy: 'user:ann' },
    { id: part.id, untilMs: batchOf(30).receivedMs, count: part.count },
  ]);
  expect(hunts.list()[0]).not.toHaveProperty('found');
  await hunts.stop();
});

async function ended(hunts: ReturnType<typeof createHunts>, { id }: { id: string }) {
  for (let tries = 0; hunts.get(id).state === 'running' && tries < 500; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return hunts.get(id);
}

function past(options: Partial<PastOptions>) {
  const journal = openJournalReader(journalFile);
  try {
    return detectInPast({
      journal,
      detection: createDetection(loadRuleSet(RULES), () => 0),
      afterSequence: 0,
      upToSequence: journal.lastSequence(),
      maxFound: 100,
      goOn: () => true,
      ...options,
    });
  } finally {
    journal.close();
  }
}

function oneByOne() {
  const journal = openJournalReader(journalFile);
  return { read: (after: number) => journal.read(after, 1) };
}

/** Two failures each, from an address that stays for ten batches; of these every third is on time for a window. */
function batchOf(at: number) {
  const stamp = (ms: number) => new Date(START_MS + at * 20_000 + ms).toISOString();
  const address = `203.0.113.${Math.floor(at / 9)}`;
  const payload = Buffer.from(
    [0, 1].map((ms) => `${stamp(ms)} web sshd[1]: Failed password for root from ${address} port 1 ssh2`).join(''),
  );
  return {
    stream: 'file:/var/log/auth.log',
    format: 'syslog' as const,
    receivedMs: START_MS + at * 20_000,
    payload,
    ends: Uint32Array.of(payload.length / 2, payload.length),
  };
}

function rule(name: string, digit: string): string {
  return `
title: ${name}
id: 7c6f4a52-8f0a-4a57-9d5e-00000000000${digit}
name: ${name}
logsource: {product: linux, service: sshd}
detection: {words: ['Failed password'], condition: words}
level: low
bartizan: {group_by: [src_ip]}
`;
}

function counting(name: string, below: string, digit: string): string {
  return `
title: ${name}
id: 7c6f4a52-8f0a-4a57-9d5e-00000000000${digit}
name: ${name}
correlation: {type: event_count, rules: [${below}], group-by: [src_endpoint.ip], timespan: 1m, condition: {gte: 3}}
level: low
bartizan: {group_by: [src_ip]}
`;
}
