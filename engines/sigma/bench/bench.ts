import { compile, createCorrelator, parseRules, type SigmaRule } from '../src/index.ts';

/** Prints medians of nine runs: one small route, and counting. */
smallRoute();
counting();

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
