import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoredAlert } from '../../src/model/alert.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { command, ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';

interface Rules {
  readonly rules: number;
  readonly hash: string;
  readonly isAsOnDisk: boolean;
  readonly problems: readonly { file: string; line: number; problem: string; suggestion: string }[];
  readonly trial?: { noisy: readonly { rule: string; alerts: number }[] };
}
interface Hunt {
  readonly id: string;
  readonly state: string;
  readonly count: number;
  readonly found: readonly { rule: { id: string }; entities: Record<string, string> }[];
}

let folder: string;
let rules: string;
let orders: string;
let centre: RunningCentre;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-reload-'));
  rules = mkdtempSync(join(tmpdir(), 'btz-rules-'));
  orders = mkdtempSync(join(tmpdir(), 'btz-orders-'));
  write('own.yml', rule('own-word', 'xyzzy'));
  await start();
  token = await ingestToken(centre);
}, 30_000);
afterAll(async () => {
  await centre?.stop();
  for (const made of [folder, rules, orders]) rmSync(made, { recursive: true, force: true });
});

it('a rule that is written while the centre runs is at work without a restart, and is evidence', async () => {
  const before = await loaded();
  write('second.yml', rule('second-word', 'plugh'));
  const after = await until(async () => {
    const now = await centre.ask<Rules>('/rules');
    return now.hash === before.hash ? undefined : now;
  }, 'the change is seen');
  expect(after).toMatchObject({ rules: before.rules + 1, isAsOnDisk: true });
  await say('plugh', 'one');
  await until(async () => (await alertsOf('second-word')).length > 0, 'the new rule raises its alert');
  const leaf = await until(
    async () => (await leaves()).find(({ details }) => details['hash'] === after.hash),
    'the leaf is written',
  );
  expect(leaf).toMatchObject({ kind: 'rules.reloaded', actor: 'system' });
  expect(leaf.details).toMatchObject({ rules: after.rules, from: before.hash });
}, 30_000);

it('a broken file leaves the last good rules at work, across a restart too, and says where it is broken', async () => {
  const good = await loaded();
  write('own.yml', rule('own-word', 'xyzzy').replace('condition: words', 'condition: no_such'));
  const asked = command('rules', 'reload', '--data', folder);
  expect(asked.status).toBe(1);
  expect(asked.stdout).toMatch(/own\.yml:\d+: .*no_such/);
  expect(await centre.ask<Rules>('/rules')).toMatchObject({ hash: good.hash, isAsOnDisk: false });
  const { todo } = await centre.ask<{ todo: { kind: string; subject: string }[] }>('/overview');
  expect(todo.find(({ kind }) => kind === 'rules')?.subject).toContain('own.yml');
  await say('xyzzy', 'two');
  await until(async () => (await alertsOf('own-word', 'two')).length > 0, 'the rule as it was still works');

  await centre.stop();
  await start();
  expect(await loaded()).toMatchObject({ rules: good.rules, hash: good.hash, isAsOnDisk: false });
  await say('xyzzy', 'three');
  await until(async () => (await alertsOf('own-word', 'three')).length > 0, 'and after a restart');

  // A file that is emptied before it is written does not take its rule away.
  write('own.yml', '');
  expect(command('rules', 'reload', '--data', folder).status).toBe(1);
  write('own.yml', rule('own-word', 'xyzzy'));
  const mended = command('rules', 'reload', '--data', folder);
  expect([mended.status, mended.stdout]).toEqual([0, expect.stringContaining('correlations run')]);
  expect(await centre.ask<Rules>('/rules')).toMatchObject({ hash: good.hash, isAsOnDisk: true, problems: [] });
}, 60_000);

it('a correlation that did not change goes on counting over a reload', async () => {
  await guess('198.51.100.77', 3);
  write('second.yml', rule('second-word', 'plover'));
  expect(command('rules', 'reload', '--data', folder).status).toBe(0);
  expect(await alertsOf('ssh-bruteforce', '198.51.100.77', 'src_ip')).toEqual([]);
  await guess('198.51.100.77', 3);
  await until(async () => (await alertsOf('ssh-bruteforce', '198.51.100.77', 'src_ip')).length > 0, 'three and three');
}, 30_000);

it('two reloads at once end with what the files say', async () => {
  write('second.yml', rule('second-word', 'fee'));
  const first = centre.ask<Rules>('/rules/reload', 'POST');
  write('second.yml', rule('second-word', 'fie'));
  const all = await Promise.all([first, ...[1, 2, 3].map(() => centre.ask<Rules>('/rules/reload', 'POST'))]);
  expect(new Set(all.slice(1).map(({ hash }) => hash)).size).toBe(1);
  expect((await centre.ask<Rules>('/rules')).hash).toBe(all.at(-1)?.hash);
}, 30_000);

it('a rule that floods is named by the trial, which raises nothing, and runs', async () => {
  const lines = Array.from({ length: 150 }, (_, index) => line('flooding word', `u${index}`));
  expect((await send(centre, token, 'syslog', lines.join('\n'))).status).toBe(200);
  write('flood.yml', rule('flood', 'flooding word'));
  const asked = command('rules', 'reload', '--data', folder);
  expect([asked.status, asked.stdout]).toEqual([0, expect.stringContaining('flood would have raised 150 alerts')]);
  await until(async () => (await leaves()).some(({ details }) => JSON.stringify(details).includes('"flood"')), 'leaf');
  expect(await alertsOf('flood')).toEqual([]);
  // It is as loud as before, which is no news about the next set.
  write('quiet.yml', rule('quiet', 'quiet word'));
  const next = command('rules', 'reload', '--data', folder);
  expect([next.status, next.stdout]).toEqual([0, expect.not.stringContaining('flood would')]);
}, 30_000);

it('what was swapped in runs on when the detection thread dies, and when the trial dies nothing changes', async () => {
  const { hash } = await centre.ask<Rules>('/rules');
  writeFileSync(join(orders, 'detection'), '');
  await until(() => !existsSync(join(orders, 'detection')), 'the thread dies');
  await say('quiet word', 'after-death');
  await until(async () => (await alertsOf('quiet', 'after-death')).length > 0, 'the swapped set runs');
  expect(await centre.ask<Rules>('/rules')).toMatchObject({ hash, isAsOnDisk: true });

  writeFileSync(join(orders, 'past'), '');
  write('late.yml', rule('late', 'late word'));
  const died = await centre.ask<Rules>('/rules/reload', 'POST');
  expect(died).toMatchObject({ hash, isAsOnDisk: false });
  expect(died.problems[0]?.problem).toContain('told to die');
  // It was the machine, not the rules: it is tried again by itself.
  await until(async () => (await centre.ask<Rules>('/rules')).hash !== hash, 'and then it is taken');
}, 60_000);

it('a hunt finds in the past what a new rule would have raised, and alerts nobody', async () => {
  await say('frobozz', 'grue');
  const file = join(folder, 'hunted.yml');
  writeFileSync(file, rule('hunted', 'frobozz'));
  const found = command('hunt', file, '--since', '1d', '--data', folder);
  expect([found.status, found.stderr]).toEqual([1, expect.stringContaining('1 found')]);
  expect(JSON.parse(found.stdout)).toMatchObject({ rule: { id: 'hunted' }, entities: { host: 'grue' } });
  expect(await alertsOf('hunted')).toEqual([]);

  const known = await hunt({ rules: ['own-word'] });
  expect(known.found.map(({ entities }) => entities['host']).sort()).toEqual(['three', 'two']);
  // What feeds a correlation is run too, and is not what was asked for.
  const correlation = await hunt({ rules: ['ssh-bruteforce'] });
  expect(new Set(correlation.found.map(({ rule: { id } }) => id))).toEqual(new Set(['ssh-bruteforce']));
  expect((await hunt({ rules: ['own-word'], sinceMs: Date.now() + 60_000 })).count).toBe(0);
  expect(command('hunt', 'no-such-rule', '--data', folder)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no-such-rule'),
  });
}, 60_000);

async function start(): Promise<void> {
  const preload = pathToFileURL(join(import.meta.dirname, 'die-on-demand.crash.ts')).href;
  const env = { BARTIZAN_TEST_DIE: orders, NODE_OPTIONS: `--import=${preload}` };
  centre = await runCentre({ folder, argv: ['--only', '--rules', rules], env });
}

async function loaded(): Promise<Rules> {
  return until(async () => {
    const now = await centre.ask<Rules>('/rules');
    return now.hash === '' ? undefined : now;
  }, 'the rules are loaded');
}

async function hunt(body: object): Promise<Hunt> {
  const { id } = await centre.ask<Hunt>('/hunts', 'POST', body);
  return until(async () => {
    const now = await centre.ask<Hunt>(`/hunts/${id}`);
    return now.state === 'running' ? undefined : now;
  }, 'the hunt ends');
}

function write(name: string, text: string): void {
  writeFileSync(join(rules, name), text);
}

function rule(name: string, word: string): string {
  const id = `7c6f4a52-8f0a-4a57-9d5e-${Buffer.from(name.padEnd(6).slice(0, 6)).toString('hex')}`;
  return `title: ${name}
id: ${id}
name: ${name}
logsource: {product: linux, service: sshd}
detection: {words: ['${word}'], condition: words}
level: low
bartizan: {group_by: [host]}
`;
}

function line(word: string, host: string): string {
  return `${new Date().toISOString()} ${host} sshd[411]: ${word}`;
}

async function say(word: string, host: string): Promise<void> {
  expect((await send(centre, token, 'syslog', line(word, host))).status).toBe(200);
}

async function guess(address: string, times: number): Promise<void> {
  const lines = Array.from({ length: times }, () =>
    line(`Failed password for root from ${address} port 50122 ssh2`, 'h'),
  );
  expect((await send(centre, token, 'syslog', lines.join('\n'))).status).toBe(200);
}

async function alertsOf(id: string, value?: string, entity = 'host'): Promise<readonly StoredAlert[]> {
  const { items } = await centre.ask<{ items: StoredAlert[] }>(`/alerts?rule=${id}&limit=200`);
  return value === undefined ? items : items.filter(({ entities }) => entities[entity] === value);
}

async function leaves(): Promise<readonly Evidence[]> {
  const { items } = await centre.ask<{ items: Evidence[] }>('/evidence?limit=500');
  return items.filter(({ kind }) => kind === 'rules.reloaded');
}
