import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, createCorrelator, type LogSource, parseRules, type Route, type SigmaRule } from '../src/index.ts';
import { jsonDocuments, windowsFields } from '../test/windows-event.ts';

/** Prints medians of nine runs: one small route, counting, and the SigmaHQ corpus where it is present. */
const corpus = join(import.meta.dirname, '../../../../shared/corpora/sigma');
/** Sysmon event numbers to the categories of Sigma’s taxonomy. */
const SYSMON: Readonly<Record<string, readonly string[]>> = {
  1: ['process_creation'],
  2: ['file_change'],
  3: ['network_connection'],
  6: ['driver_load'],
  7: ['image_load'],
  8: ['create_remote_thread'],
  9: ['raw_access_thread'],
  10: ['process_access'],
  11: ['file_event'],
  12: ['registry_add', 'registry_delete', 'registry_event'],
  13: ['registry_set', 'registry_event'],
  14: ['registry_rename', 'registry_event'],
  15: ['create_stream_hash'],
  17: ['pipe_created'],
  18: ['pipe_created'],
  22: ['dns_query'],
};

smallRoute();
counting();
if (existsSync(corpus)) wholeCorpus();
else console.log('SigmaHQ corpus: absent, not measured');

function median(name: string, unit: string, measure: () => number): void {
  const runs = Array.from({ length: 9 }, measure).sort((a, b) => a - b);
  console.log(`${name}: ${Math.round(runs[4] as number).toLocaleString('en')} ${unit}`);
}

function perSecond(count: number, work: () => void): number {
  const start = performance.now();
  work();
  return (count / (performance.now() - start)) * 1_000;
}

function smallRoute(): void {
  const searches = [
    'outcome: failure',
    'outcome: success\n    user: root',
    "message|contains: ['invalid user', 'illegal user']",
    'user: [admin, test, guest, oracle, postgres, ftp]\n    outcome: failure',
    "message|startswith: 'reverse mapping'",
    "message|contains: 'Did not receive identification'",
    'src_ip|cidr: [10.0.0.0/8, 192.168.0.0/16]\n    outcome: success',
    "message|re: 'maximum authentication attempts exceeded for \\w+'",
    "auth: publickey\n    outcome: success\n    user|startswith: 'svc'",
    "message|contains: ['Bad protocol version', 'Corrupted MAC', 'crc32 compensation attack']",
  ];
  const text = searches
    .map(
      (search, at) =>
        `title: r${at}\nid: r${at}\nlogsource: { service: sshd }\ndetection:\n  s:\n    ${search}\n  condition: s`,
    )
    .join('\n---\n');
  const { rules } = parseRules(text, 'bench.yml');
  const paths: Record<string, readonly string[]> = { user: ['user', 'name'], src_ip: ['src_endpoint', 'ip'] };
  const matcher = compile(rules, {
    sshd: { accepts: () => true, path: (field) => paths[field] ?? [field], keywords: [['raw']] },
  });
  const events = (outcome: string): object[] =>
    Array.from({ length: 1_000 }, (_, at) => ({
      outcome,
      auth: 'password',
      message: `${outcome === 'failure' ? 'Failed' : 'Accepted'} password for user${at} from 203.0.113.${at % 250} port 5${at} ssh2`,
      user: { name: `user${at}` },
      src_endpoint: { ip: `203.0.113.${at % 250}` },
      raw: 'x',
    }));
  for (const outcome of ['success', 'failure']) {
    const sample = events(outcome);
    median(`sshd route, 10 rules, ${outcome === 'failure' ? 'one match' : 'no match'}`, 'events/s', () =>
      perSecond(500_000, () => {
        for (let at = 0; at < 500_000; at++) matcher.match('sshd', sample[at % 1_000] as object);
      }),
    );
  }
}

function counting(): void {
  const text = `title: a\nid: a\nlogsource: { service: x }\ndetection:\n  s: { a: 1 }\n  condition: s\n---\ntitle: c\nid: c\ncorrelation: { type: event_count, rules: [a], group-by: [ip], timespan: 5m, condition: { gte: 10 } }\n`;
  const { rules, correlations } = parseRules(text, 'count.yml');
  const routes = { x: { accepts: () => true, path: (field: string) => [field] } };
  const correlator = createCorrelator<number>(correlations, rules, { routes });
  let now = 0;
  for (const [name, addresses] of [
    ['one hot address', 1],
    ['10,000 addresses', 10_000],
  ] as const) {
    const events = Array.from({ length: addresses }, (_, at) => ({ ip: `10.0.${at >> 8}.${at & 255}` }));
    median(`event_count, ${name}`, 'ns/event', () => {
      const rate = perSecond(1_000_000, () => {
        for (let at = 0; at < 1_000_000; at++)
          correlator.observe(rules[0] as SigmaRule, 'x', events[at % addresses] as object, (now += 1), at);
      });
      return 1e9 / rate;
    });
  }
}

function wholeCorpus(): void {
  const start = performance.now();
  const rules = globSync('rules*/**/*.yml', { cwd: corpus }).flatMap(
    (file) => parseRules(readFileSync(join(corpus, file), 'utf8'), file).rules,
  );
  console.log(`load ${rules.length} rules: ${Math.round(performance.now() - start)} ms`);
  const texts = globSync('regression_data/**/*.json', { cwd: corpus }).flatMap((file) =>
    jsonDocuments(readFileSync(join(corpus, file), 'utf8')).map((event) => JSON.stringify(windowsFields(event))),
  );
  const events = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  const path = (field: string): readonly string[] => [field];
  const windows = (categories: readonly string[], services: readonly string[]): Route => ({
    accepts: (source: LogSource) =>
      (source.product ?? 'windows') === 'windows' &&
      (source.category === undefined || categories.includes(source.category)) &&
      (source.service === undefined || services.includes(source.service)),
    path,
  });
  const routes: Record<string, Route> = { all: { accepts: () => true, path }, other: windows([], []) };
  for (const [number, categories] of Object.entries(SYSMON))
    routes[`sysmon ${number}`] = windows(categories, ['sysmon']);
  for (const service of ['security', 'system', 'application', 'windefend', 'powershell', 'wmi'])
    routes[service] = windows(service === 'powershell' ? ['ps_script', 'ps_module'] : [], [service]);
  const routeOf = (event: Record<string, unknown>): string => {
    const channel = String(event.Channel).toLowerCase();
    if (channel.includes('sysmon')) return `sysmon ${String(event.EventID)}`;
    return Object.keys(routes).find((key) => channel.includes(key)) ?? 'other';
  };
  const matcher = compile(rules, routes);
  const keys = events.map(routeOf);
  const before = performance.now();
  for (const [at, event] of events.entries()) {
    matcher.match(keys[at] as string, event);
    matcher.match('all', event);
  }
  console.log(
    `compile all routes: ${Math.round(performance.now() - before)} ms, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  );
  console.log('without routing', matcher.describe('all'));
  median(`${rules.length} rules, routed`, 'events/s', () =>
    perSecond(events.length * 20, () => {
      for (let round = 0; round < 20; round++)
        for (let at = 0; at < events.length; at++) matcher.match(keys[at] as string, events[at] as object);
    }),
  );
  median(`${rules.length} rules, routed, JSON parsed too`, 'events/s', () =>
    perSecond(texts.length * 20, () => {
      for (let round = 0; round < 20; round++)
        for (let at = 0; at < texts.length; at++)
          matcher.match(keys[at] as string, JSON.parse(texts[at] as string) as object);
    }),
  );
  median(`${rules.length} rules, without routing`, 'events/s', () =>
    perSecond(events.length * 5, () => {
      for (let round = 0; round < 5; round++) for (const event of events) matcher.match('all', event);
    }),
  );
}
