import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Event, LOG_SOURCES, OCSF_CLASS } from '#model/event.ts';
import { loadRuleSet } from './index.ts';
import { fieldValue, ROUTES, type RouteKey, routeKeyOf } from './routes.ts';

const event = (more: Partial<Event>): Event => ({
  id: 1,
  time: 0,
  source: 'auditd',
  class_uid: OCSF_CLASS.base,
  activity_id: 0,
  severity_id: 1,
  unmapped: {},
  raw: '',
  ...more,
});

describe('routes', () => {
  it('exist for every log source', () => {
    expect(Object.keys(ROUTES)).toEqual(expect.arrayContaining([...LOG_SOURCES]));
  });

  it.each<[string, object, readonly RouteKey[]]>([
    ['the ssh daemon', { product: 'linux', service: 'sshd' }, ['sshd']],
    ['the file of logins', { product: 'linux', service: 'auth' }, ['sshd', 'sudo', 'su', 'account', 'syslog']],
    ['any web server', { category: 'webserver' }, ['nginx', 'apache']],
    ['one web server', { category: 'webserver', product: 'apache' }, ['apache']],
    ['processes', { product: 'linux', category: 'process_creation' }, ['auditd/process']],
    [
      'audit records',
      { product: 'linux', service: 'auditd' },
      ['auditd', 'auditd/process', 'auditd/file', 'auditd/network'],
    ],
    ['AWS', { product: 'aws', service: 'cloudtrail' }, ['cloudtrail']],
    ['another system', { product: 'windows', category: 'process_creation' }, []],
    ['nothing at all', {}, []],
  ])('take rules about %s', (_name, logsource, expected) => {
    const keys = (Object.keys(ROUTES) as RouteKey[]).filter((key) => ROUTES[key].accepts(logsource));
    expect(keys).toEqual(expected);
  });

  it('lead Sigma’s names, OCSF paths and the source’s own names to the event', () => {
    const web = event({
      source: 'nginx',
      http_request: { url: { query_string: 'a=1' } },
      unmapped: { decoded: '/?a=1' },
    });
    expect(fieldValue('nginx', 'cs-uri-query', web)).toBe('a=1');
    expect(fieldValue('nginx', 'http_request.url.query_string', web)).toBe('a=1');
    expect(fieldValue('nginx', 'decoded', web)).toBe('/?a=1');
    expect(fieldValue('cloudtrail', 'userIdentity.type', event({ unmapped: { userIdentity: { type: 'Root' } } }))).toBe(
      'Root',
    );
  });

  it('never reach what is not the event’s own', () => {
    expect(fieldValue('json', 'constructor.name', event({}))).toBeUndefined();
    expect(fieldValue('json', '__proto__', event({}))).toBeUndefined();
  });

  it('part audit events by what happened', () => {
    expect(routeKeyOf(event({ class_uid: OCSF_CLASS.processActivity, activity_id: 1 }))).toBe('auditd/process');
    // A process that is traced has not started: rules about programs that run have nothing to say.
    expect(routeKeyOf(event({ class_uid: OCSF_CLASS.processActivity, activity_id: 4 }))).toBe('auditd');
    expect(routeKeyOf(event({ class_uid: OCSF_CLASS.authentication }))).toBe('auditd');
  });
});

const SIGMA = new URL('../../../shared/corpora/sigma/rules', import.meta.url).pathname;

describe.skipIf(!existsSync(SIGMA))('public Sigma rules (skipped where ../shared/corpora/sigma is absent)', () => {
  it('about Linux, web servers and AWS are read, and nearly all of them have a route', () => {
    const files = ['linux', 'web', 'cloud/aws'].flatMap((folder) =>
      readdirSync(`${SIGMA}/${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.yml'))
        .map((name) => ({ path: name, text: readFileSync(`${SIGMA}/${folder}/${name}`, 'utf8') })),
    );
    const { rules, problems } = loadRuleSet(files);
    expect(files.length).toBeGreaterThan(100);
    expect(problems.length / files.length).toBeLessThan(0.02);
    const lost = rules.filter(({ logsource }) => !Object.values(ROUTES).some((route) => route.accepts(logsource)));
    expect(new Set(lost.map(({ logsource }) => logsource.category ?? logsource.product))).toEqual(
      new Set(lost.length === 0 ? [] : ['proxy']),
    );
  });
});
