import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashSecret } from '#access/secrets.ts';
import { createAccess } from '#access/sign-in.ts';
import type { Api } from '#api/routes/route.ts';
import { createApi } from '#api/server.ts';
import type { ApiServices } from '#api/services.ts';
import type { Finding } from '#model/finding.ts';
import { readFrameworks } from '#posture/frameworks/read.ts';
import { toScanResult } from '#posture/scan-result.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { CONTENT_FOLDER } from './content.ts';
import { createPosture } from './posture.ts';

const SECRET = 'a-secret-of-the-local-command-line';
const { frameworks } = readFrameworks(join(CONTENT_FOLDER, 'frameworks'));

let folder: string;
let state: StateStore;
let api: Api;
let nowMs: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-posture-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  nowMs = 1_700_000_000_000;
  const clock = () => nowMs;
  const services = {
    state,
    clock,
    localSecretHash: () => hashSecret(SECRET),
    posture: createPosture({ state, clock }),
  };
  const access = createAccess({ state, record: async () => undefined, clock });
  api = await createApi({ services: services as unknown as ApiServices, access, version: '0' });
});
afterEach(async () => {
  await api.close();
  await state.close();
  rmSync(folder, { recursive: true });
});

async function ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: object) {
  const headers = { authorization: `Bearer ${SECRET}` };
  const answer = await api.inject({ method, url: `/api/v1/posture${path}`, headers, ...(body && { payload: body }) });
  return { status: answer.statusCode, body: answer.json() };
}

const finding = (check: string, verdict: Finding['verdict'], control: string, id = check): Finding => ({
  check,
  title: { zh: '数据库不上互联网', en: 'Database is private' },
  severity: 'critical',
  verdict,
  resource: { provider: 'alicloud', type: 'alicloud_db_instance', id, name: id },
  controls: [control],
  fix: { zh: '改为内网', en: 'Make it private' },
});

/** Keeps a scan of the target that found these. */
async function keep(target: string, findings: readonly Finding[]) {
  const run = {
    kind: 'code',
    target,
    startedMs: nowMs - 5,
    endedMs: nowMs,
    resources: 1,
    checks: 1,
    problems: [],
  } as const;
  return ask('POST', '/scans', toScanResult(run, findings, frameworks.values()));
}

describe('posture over HTTP', () => {
  it('keeps a scan with a leaf that names the hash of its findings', async () => {
    const { status, body } = await keep('shop', [finding('db', 'fail', 'exposure.public-database')]);
    expect(status).toBe(200);
    const scan = (await ask('GET', `/scans/${body.id}`)).body;
    expect(scan).toMatchObject({ target: 'shop', score: 50, actor: 'cli' });
    const [leaf] = await state.evidence.latest(1);
    expect(leaf).toMatchObject({ kind: 'posture.scanned', subject: body.id, details: { findings: scan.evidence } });
    expect((await ask('GET', '/scans/nobody')).body.code).toBe('BTZ_NOT_FOUND');
  });

  it('shows the score of each target with its history, and findings of the latest scan only', async () => {
    await keep('shop', [finding('db', 'fail', 'exposure.public-database'), finding('b', 'pass', 'x.y')]);
    nowMs += 1_000;
    await keep('shop', [finding('b', 'unknown', 'logging.retention')]);
    await keep('office', [finding('db', 'fail', 'exposure.public-database', 'office-db')]);
    const { targets } = (await ask('GET', '/score')).body;
    const shop = targets.find((one: { scan: { target: string } }) => one.scan.target === 'shop');
    expect(shop.history.map(({ score }: { score: number }) => score)).toEqual([50, 100]);
    const open = (await ask('GET', '/findings?verdict=fail')).body;
    expect(open.items.map((one: Finding) => one.resource.id)).toEqual(['office-db']);
    expect((await ask('GET', '/findings')).body.total).toBe(2);
    expect((await ask('GET', '/findings?text=%E6%95%B0%E6%8D%AE%E5%BA%93')).body.total).toBe(2);
  });

  it('answers frameworks by the worst of the targets, and never calls unasked clauses met', async () => {
    const before = (await ask('GET', '/frameworks/djbp-2.0-level-2')).body;
    expect(before.standing.satisfied).toBe(0);
    await keep('shop', [finding('a', 'pass', 'encryption.in-transit')]);
    await keep('office', [finding('a', 'fail', 'encryption.in-transit')]);
    const { clauses } = (await ask('GET', '/frameworks/djbp-2.0-level-2')).body;
    const clause = clauses.find((one: { id: string }) => one.id === '7.1.4.7');
    expect(clause).toMatchObject({ status: 'not_satisfied', failed: 1, passed: 1 });
    expect(clause.evidence).toHaveLength(2);
    const { items } = (await ask('GET', '/frameworks')).body;
    expect(items.filter((one: { kind: string }) => one.kind === 'template').length).toBeGreaterThanOrEqual(50);
    expect((await ask('GET', '/frameworks/nobody')).body.code).toBe('BTZ_NOT_FOUND');
  });

  it('finds what one clause stands on, of one target, and nothing beside it', async () => {
    await keep('shop', [
      finding('a', 'fail', 'encryption.in-transit'),
      finding('b', 'fail', 'logging.retention'),
      { ...finding('c', 'fail', 'encryption.in-transit'), severity: 'informational' },
    ]);
    await keep('office', [finding('d', 'unknown', 'encryption.in-transit')]);
    const { clauses } = (await ask('GET', '/frameworks/djbp-2.0-level-2')).body;
    const { key } = clauses.find((one: { id: string }) => one.id === '7.1.4.7');
    const path = `/findings?framework=djbp-2.0-level-2&clause=${key}`;
    const checks = async (more: string) =>
      (await ask('GET', path + more)).body.items.map(({ check }: Finding) => check).sort();
    expect(await checks('')).toEqual(['a', 'd']);
    expect(await checks('&target=shop')).toEqual(['a']);
    expect(await checks('&target=nobody')).toEqual([]);
    expect((await ask('GET', path)).body.items[0].about).toHaveLength(1);
    expect((await ask('GET', `${path}x`)).body.code).toBe('BTZ_NOT_FOUND');
  });

  it('says of templates whom they are for', async () => {
    const { items } = (await ask('GET', '/frameworks')).body;
    const shop = items.find(({ id }: { id: string }) => id === 'shop-small');
    expect(shop.suits).toMatchObject({ industry: 'shop', size: 'small' });
    expect((await ask('GET', '/frameworks/shop-small')).body.note).toEqual(shop.suits.note);
    for (const { kind, suits } of items) expect(suits !== undefined).toBe(kind === 'template');
  });

  it('has three things for today before any scan, and remembers the three answers with a leaf', async () => {
    const before = (await ask('GET', '/road-map')).body;
    expect(before).toMatchObject({ scanned: false });
    expect(before).not.toHaveProperty('answers');
    expect(before.today).toHaveLength(3);
    const told = { owns: ['servers', 'databases'], faces: ['website'], laws: ['pipl'] };
    const { status, body } = await ask('PUT', '/answers', told);
    expect(status).toBe(200);
    expect(body.answers).toEqual(told);
    expect(body.today).toHaveLength(3);
    expect(body.year.some((step: { from: string }) => step.from === 'clause')).toBe(true);
    expect((await state.evidence.latest(1))[0]).toMatchObject({ kind: 'setting.changed', subject: 'postureAnswers' });
    await keep('shop', [finding('db', 'fail', 'exposure.public-database')]);
    const map = (await ask('GET', '/road-map')).body;
    expect(map.today[0]).toMatchObject({ id: 'db', from: 'finding', resourceCount: 1 });
    expect((await ask('PUT', '/answers', { ...told, owns: ['castles'] })).body.code).toBe('BTZ_BODY_INVALID');
  });

  it('lets nobody in without a session', async () => {
    expect((await api.inject({ url: '/api/v1/posture/score' })).statusCode).toBe(401);
  });
});
