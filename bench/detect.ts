import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compile, parseRules, type SigmaRule } from '@bartizan/sigma';
import { eventTexts, perCpuSecond } from '../src/cli/rules-bench.ts';
import { machine, median } from './machine.ts';
import { measureRsigma } from './peers/rsigma.ts';

/**
 * `npm run bench:detect [-- --corpora DIR]`: the SigmaHQ rules on the events of their regression cases and CloudTrail in
 * equal parts, our own rules on log lines, loading, and what an event costs as rules grow. Rates are per second of CPU.
 */
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({ options: { corpora: { type: 'string', default: here('../../shared/corpora') } } });
const sigma = join(values.corpora, 'sigma');

if (existsSync(sigma)) measure();
else console.log(`${sigma} is absent: nothing measured.`);

function measure(): void {
  const folders = globSync('rules*', { cwd: sigma })
    .map((name) => join(sigma, name))
    .filter((path) => statSync(path).isDirectory())
    .sort();
  const windows = [join(sigma, 'regression_data')];
  const cloud = globSync('{stratus-aws,invictus-aws}/**/*.json', { cwd: values.corpora })
    .sort()
    .map((file) => join(values.corpora, file));
  console.log(`${machine()}; load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`);

  const room = mkdtempSync(join(tmpdir(), 'bench-detect-'));
  const mixed = join(room, 'events.json');
  writeFileSync(mixed, inEqualParts(eventTexts([], windows), eventTexts([], cloud)).join('\n'));
  const rates = lastJson(here('../src/cli/main.ts'), ['rules', 'bench', ...folders, '--events', mixed]);
  rmSync(room, { recursive: true });
  const loads = Array.from({ length: 5 }, () => lastJson(here('../engines/sigma/bench/load.ts'), [sigma]));
  const load = Object.fromEntries(
    Object.keys(loads[0] ?? {}).map((name) => [name, median(loads.map((one) => one[name] as number))]),
  );
  const growth = measureGrowth(folders, windows);
  const rsigma = measureRsigma(folders, eventTexts([], windows));
  const result = { ...rates, ...load, microsecondsByRules: Object.fromEntries(growth), peers: { rsigma } };

  const megabytes = Math.round((load.residentBytes as number) / 1e6);
  console.table([
    ['routed, JSON parsed', `${rates.eventsPerSecond} events/s`, '>= 40,000', '>= 100,000'],
    ['every rule on every event', `${rates.unroutedEventsPerSecond} events/s`, '>= 15,000', '>= 40,000'],
    ['our rules, sshd and web lines', `${rates.linesPerSecond} lines/s`, '>= 150,000', '>= 400,000'],
    [`load and compile ${load.rules} rules`, `${load.loadCpuMs} ms of CPU`, '<= 2,000', '<= 1,000'],
    ['resident after that', `${megabytes} MB`, '<= 250', '<= 150'],
    ['one event as rules grow', growth.map(([rules, cost]) => `${rules}: ${cost} µs`).join(', '), 'sub-linear', 'flat'],
    ['rsigma', typeof rsigma === 'string' ? rsigma : `${rsigma.eventsPerSecond} events/s`, '', ''],
  ]);
  for (const [rules, cost] of growth)
    console.log(`${String(rules).padStart(6)} rules ${'█'.repeat(Math.round(cost))} ${cost} µs`);
  console.log(JSON.stringify(result));
}

/** All of the first, and as many of the second, spread over them. */
function inEqualParts(first: readonly string[], second: readonly string[]): readonly string[] {
  return first.flatMap((text, at) => {
    const other = second[Math.floor((at * second.length) / first.length)];
    return other === undefined ? [text] : [text, other];
  });
}

function lastJson(script: string, args: readonly string[]): Record<string, number> {
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new RangeError(`${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Record<string, number>;
}

/** Microseconds of CPU for one event, every rule on every event, for a part of the rules spread over all of them. */
function measureGrowth(
  folders: readonly string[],
  windows: readonly string[],
): readonly (readonly [rules: number, microseconds: number])[] {
  const all = folders.flatMap((folder) =>
    globSync('**/*.yml', { cwd: folder })
      .sort()
      .flatMap((file) => [...parseRules(readFileSync(join(folder, file), 'utf8'), file).rules]),
  );
  const events = eventTexts([], windows).map((text) => JSON.parse(text) as object);
  return [250, 1_000, 4_000].map((wanted) => {
    const count = Math.min(wanted, all.length);
    const chosen = Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)] as SigmaRule);
    const matcher = compile(chosen, { all: { accepts: () => true, path: (field) => field.split('.') } });
    const rate = perCpuSecond(events.length, () => events.forEach((event) => matcher.match('all', event)));
    return [count, Math.round(1e7 / rate) / 10] as const;
  });
}
