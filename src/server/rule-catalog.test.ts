import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashSecret } from '#access/secrets.ts';
import { createAccess } from '#access/sign-in.ts';
import type { Api } from '#api/routes/route.ts';
import { createApi } from '#api/server.ts';
import type { ApiServices } from '#api/services.ts';
import { loadRuleSet } from '#detect/index.ts';
import type { Alert } from '#model/alert.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { bundledRuleFolders, readRuleFiles } from './content.ts';
import { catalogOf, createRuleCatalog } from './rule-catalog.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1_700_000_000_000;
const SECRET = 'a-secret-of-the-local-command-line';
const NAMELESS = '没有名字的规则，它的标题很长很长，长到网址里放不下也要能打开，因为每个字在网址里是九个字符';
const FILES = [
  {
    path: '/own/rules.yml',
    text: `# what it is for
${rule('fed', 'a')}
---
title: ${NAMELESS}
logsource: {category: webserver}
detection: {words: ['x'], condition: words}
---
title: Many
id: 7c6f4a52-8f0a-4a57-9d5e-00000000000b
name: many
correlation: {type: event_count, rules: [7c6f4a52-8f0a-4a57-9d5e-00000000000a], group-by: [src_endpoint.ip], timespan: 1m, condition: {gte: 3}}
level: critical
falsepositives: ['<script>alert(1)</script>']
bartizan: {group_by: [src_ip], respond: {verb: block, entity: src_ip}}
`,
  },
];

let folder: string;
let state: StateStore;
let api: Api;
let hash: string;
let reads: number;
let isRunning: boolean;
let catalog: ReturnType<typeof createRuleCatalog>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-catalog-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  hash = 'one';
  reads = 0;
  isRunning = true;
  const clock = () => NOW_MS;
  catalog = createRuleCatalog({
    async read() {
      reads += 1;
      if (!isRunning) throw new Error('the thread ended');
      return catalogOf(loadRuleSet(FILES));
    },
    hash: () => hash,
    files: () => FILES,
    state,
    clock,
  });
  const services = { state, clock, localSecretHash: () => hashSecret(SECRET), ruleCatalog: catalog };
  api = await createApi({
    services: services as Partial<ApiServices> as ApiServices,
    access: createAccess({ state, record: async () => undefined, clock }),
    version: '1',
  });
});
afterEach(async () => {
  await api.close();
  await state.close();
  rmSync(folder, { recursive: true });
});

it('lists the rules that run, with how often each fired, and what of it was put away', async () => {
  await state.alerts.save(
    [anAlert('1', 'many'), anAlert('2', 'many'), anAlert('3', 'gone')],
    NOW_MS - 5,
    new Map([['2', { status: 'held_back' }]]),
  );
  await state.alerts.save([anAlert('old', 'many')], NOW_MS - 31 * DAY_MS);
  const { items, capPerHour } = await get('/rules/catalog');
  expect(capPerHour).toBe(100);
  expect(items.map(({ id }: { id: string }) => id)).toEqual(['fed', NAMELESS, 'many']);
  expect(items[0]).toMatchObject({ alerts: false, kind: 'rule', source: 'linux / sshd', isOwn: true, heldBack: 0 });
  expect(items[2]).toEqual({
    id: 'many',
    title: { zh: 'Many', en: 'Many' },
    level: 'critical',
    attack: [],
    kind: 'correlation',
    source: 'event_count',
    alerts: true,
    isOwn: true,
    fired: { shown: 1, putAway: 1, lastMs: NOW_MS - 5 },
    heldBack: 1,
  });
});

it('shows one rule with its own text, and not that of its neighbours', async () => {
  const many = await get('/rules/catalog/many');
  expect(many).toMatchObject({
    feeds: ['fed'],
    timespanMs: 60_000,
    blocks: true,
    falsePositives: ['<script>alert(1)</script>'],
  });
  expect(many.text).toMatch(/^title: Many\n/);
  expect(many.text).not.toContain('fed\n');
  const fed = await get('/rules/catalog/fed');
  expect(fed.text).toMatch(/^# what it is for\n/);
  expect(fed.text).not.toContain('Many');
  const nameless = await get(`/rules/catalog/${encodeURIComponent(NAMELESS)}`);
  expect(nameless).toMatchObject({ id: NAMELESS, level: 'medium' });
  expect((await get('/rules/catalog/__proto__')).code).toBe('BTZ_NOT_FOUND');
  for (const path of [`/rules/catalog/${'x'.repeat(201)}`, '/rules/catalog/%zz'])
    expect(await get(path)).toMatchObject({ code: 'BTZ_BODY_INVALID', remedy: expect.any(String) });
});

it('asks whoever runs the rules once for each set, and again when nobody answered', async () => {
  isRunning = false;
  expect((await get('/rules/catalog')).code).toBe('BTZ_INTERNAL');
  expect(await catalog.causeOf('many')).toBeUndefined();
  isRunning = true;
  expect(await catalog.causeOf('many')).toEqual(['src_ip']);
  await Promise.all([get('/rules/catalog'), get('/rules/catalog/fed')]);
  const before = reads;
  hash = 'two';
  await get('/rules/catalog');
  await get('/rules/catalog');
  expect(reads - before).toBe(1);
});

it('has a text for each rule that comes with it', () => {
  const files = readRuleFiles(bundledRuleFolders());
  const rules = catalogOf(loadRuleSet(files));
  expect(rules.length).toBeGreaterThan(300);
  expect(rules.filter(({ isOwn, file }) => isOwn || file.startsWith('/')).map(({ id }) => id)).toEqual([]);
  // Whoever asks while thousands run must not wait long for what is sent between threads.
  expect(JSON.stringify(rules).length / rules.length).toBeLessThan(4_000);
});

async function get(path: string) {
  const headers = { authorization: `Bearer ${SECRET}` };
  return (await api.inject({ method: 'GET', url: `/api/v1${path}`, headers })).json();
}

function rule(name: string, digit: string): string {
  return `title: Fed
id: 7c6f4a52-8f0a-4a57-9d5e-00000000000${digit}
name: ${name}
logsource: {product: linux, service: sshd}
detection: {words: ['Failed password'], condition: words}
level: low`;
}

function anAlert(id: string, ruleId: string): Alert {
  return {
    id,
    rule: { id: ruleId, title: { zh: '', en: '' }, level: 'high', attack: [] },
    entities: {},
    firstMs: 1,
    lastMs: 1,
    count: 1,
    reason: { zh: '', en: '' },
    advice: { zh: '', en: '' },
    events: [],
    demo: false,
  };
}
