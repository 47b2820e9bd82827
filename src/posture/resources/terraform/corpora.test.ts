import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { terraformLoader } from './index.ts';
import { providerOf } from './provider.ts';

const CORPORA = join(import.meta.dirname, '../../../../../shared/corpora');
const SETS = ['terragoat', 'checkov-aws', 'checkov-alicloud', 'infraguard-alicloud'];

describe.skipIf(!existsSync(CORPORA))('the corpora (skipped where ../shared/corpora is absent)', () => {
  it.each(SETS)('%s loads without a problem, every resource with its file and lines', async (set) => {
    const files = globSync('**/*.{tf,tfvars,tf.json}', { cwd: join(CORPORA, set) })
      .sort()
      .map((path) => ({ path, text: readFileSync(join(CORPORA, set, path), 'utf8') }));
    const { resources, problems } = await terraformLoader.load(files);
    expect(problems).toEqual([]);
    const placed = new Set(
      resources.map(({ type, name, file, line, endLine }) => `${file}:${line}-${endLine} ${type}.${name}`),
    );
    const written = files.flatMap(({ path, text }) => headsIn(text).map((head) => `${path}:${head}`));
    expect(written.filter((head) => !placed.has(head)).filter((head) => !isAbsent(head, files))).toEqual([]);
    expect(placed.size).toBeGreaterThan(50);
  });
});

/** Resource blocks by a scan of lines alone: a head at the margin, and braces counted outside of strings, comments and heredocs. */
function headsIn(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const [, type, name] = /^resource\s+"?([\w-]+)"?\s+"?([\w-]+)"?\s*\{/.exec(line) ?? [];
    return type !== undefined && providerOf(type) ? [`${at + 1}-${endOf(lines, at)} ${type}.${name}`] : [];
  });
}

function endOf(lines: readonly string[], from: number): number {
  let depth = 0;
  let mark: string | undefined;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (mark !== undefined) {
      if (line.trim() === mark) mark = undefined;
      continue;
    }
    const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, '').replace(/(?:#|\/\/).*$/, '');
    depth += bare.split(/[{[(]/).length - bare.split(/[}\])]/).length;
    mark = /<<-?(\w+)\s*$/.exec(bare)?.[1];
    if (depth === 0 && mark === undefined) return at + 1;
  }
  return 0;
}

/** Those with a count of nothing are rightly not there. */
function isAbsent(head: string, files: readonly { readonly path: string; readonly text: string }[]): boolean {
  const [, path, from, to] = /^(.*):(\d+)-(\d+) /.exec(head) ?? [];
  const text = files.find((file) => file.path === path)?.text ?? '';
  return text
    .split('\n')
    .slice(Number(from) - 1, Number(to))
    .some((line) => /^\s*(count|for_each)\s*=/.test(line));
}
