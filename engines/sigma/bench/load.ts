import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, parseRules, type SigmaRule } from '../src/index.ts';

/**
 * `node load.ts FOLDER`: loads every rule below the folder in this fresh process, makes one route of all of them ready, and
 * prints how long that took and how much memory the process has then, as one line of JSON.
 */
const folder = process.argv[2] ?? '.';
const files = globSync('rules*/**/*.yml', { cwd: folder });
const before = process.cpuUsage();
const startMs = performance.now();
const rules: SigmaRule[] = [];
let refused = 0;
for (const file of files) {
  const parsed = parseRules(readFileSync(join(folder, file), 'utf8'), file);
  rules.push(...parsed.rules);
  refused += parsed.problems.length;
}
const matcher = compile(rules, { all: { accepts: () => true, path: (field) => field.split('.') } });
matcher.match('all', {});
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    files: files.length,
    rules: rules.length,
    refused,
    loadMs: Math.round(performance.now() - startMs),
    loadCpuMs: Math.round((user + system) / 1_000),
    residentBytes: process.memoryUsage().rss,
  }),
);
