import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashOfRules, readRuleFiles } from './content.ts';
import { loadRules, problemKey } from './rule-loading.ts';
import { watchRules } from './rule-watch.ts';

let folder: string;
let unwatch: () => void = () => undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rule loading 规则 '));
});
afterEach(() => {
  unwatch();
  rmSync(folder, { recursive: true });
});

const GOOD = ruleText('one', 'a');
const BROKEN = GOOD.replace('condition: words', 'condition: none');
const file = (text: string, path = 'one.yml') => ({ path, text });
const names = (loading: ReturnType<typeof loadRules>) => loading.ruleSet.rules.map(({ name }) => name);

it('a broken file runs as it was when it was last good, and is named all the same', () => {
  const loading = loadRules([file(BROKEN), file(ruleText('two', 'b'), 'two.yml')], [file(GOOD)]);
  expect(names(loading)).toEqual(['one', 'two']);
  expect(loading.told.problems).toMatchObject([{ file: 'one.yml' }]);
  expect(loading.told.known).toEqual([]);
});

it('without a last good one its good rules run, and a file that is gone does not come back', () => {
  const loading = loadRules([file(`${ruleText('three', 'c')}---${BROKEN}`)], [file(ruleText('four', 'd'), 'gone.yml')]);
  expect(names(loading)).toEqual(['three']);
  expect(loading.told.known).toHaveLength(1);
});

it('an emptied file is a broken one', () => {
  expect(names(loadRules([file(' \n')], [file(GOOD)]))).toEqual(['one']);
  expect(loadRules([file('')], []).told.problems).toMatchObject([{ file: 'one.yml', problem: 'The file is empty' }]);
});

it('a problem that moved to another line is the same, another one is not', () => {
  const [first] = loadRules([file(BROKEN)], []).told.problems;
  const [moved] = loadRules([file(`\n\n${BROKEN}`)], []).told.problems;
  const [other] = loadRules([file(BROKEN.replace('none', 'nothing'))], []).told.problems;
  expect(moved?.line).not.toBe(first?.line);
  expect(moved && problemKey(moved)).toBe(first && problemKey(first));
  expect(other && problemKey(other)).not.toBe(first && problemKey(first));
});

it('the hash is of what the files say, not of where they lie', () => {
  const [a, b] = [file('1', 'x/a.yml'), file('2', 'x/b.yml')];
  expect(hashOfRules([a, b])).toBe(hashOfRules([file('2', 'y/a.yml'), file('1', 'z.yml')]));
  expect(hashOfRules([a, b])).not.toBe(hashOfRules([a, b, b]));
  expect(hashOfRules([file('12'), file('')])).not.toBe(hashOfRules([file('1'), file('2')]));
});

it('what editors leave, tests, folders and pipes are not read as rules', () => {
  writeFileSync(join(folder, 'one.yml'), GOOD);
  writeFileSync(join(folder, '.one.yml'), 'half');
  writeFileSync(join(folder, 'one.test.yml'), '[]');
  symlinkSync('nobody@nowhere:1', join(folder, '.#one.yml'));
  mkdirSync(join(folder, 'folder.yml'));
  execFileSync('mkfifo', [join(folder, 'pipe.yml')]);
  expect(readRuleFiles([folder])).toEqual([{ path: join(folder, 'one.yml'), text: GOOD }]);
});

it('a file that is written in pieces is told once, when it is whole', async () => {
  const seen = watched();
  for (const end of [20, 60, 100, GOOD.length]) {
    writeFileSync(join(folder, 'one.yml'), GOOD.slice(0, end));
    await sleep(30);
  }
  await seen.times(1);
  await sleep(300);
  expect(seen.texts).toEqual([GOOD]);
});

it('files put in place by renaming, in new folders and deleted ones are seen', async () => {
  const seen = watched();
  mkdirSync(join(folder, 'new'));
  await seen.times(1);
  writeFileSync(join(folder, 'new', '.tmp'), GOOD);
  renameSync(join(folder, 'new', '.tmp'), join(folder, 'new', 'one.yml'));
  await seen.times(2);
  rmSync(join(folder, 'new'), { recursive: true });
  await seen.times(3);
  expect(seen.texts).toEqual(['', GOOD, '']);
});

it('a folder that cannot be watched is said', () => {
  const problems: string[] = [];
  unwatch = watchRules([join(folder, 'absent')], {
    onChange: () => undefined,
    onProblem: (said) => problems.push(said),
  });
  expect(problems).toEqual([expect.stringContaining('rules reload')]);
});

function watched() {
  const texts: string[] = [];
  unwatch = watchRules([folder], {
    onChange: () =>
      texts.push(
        readRuleFiles([folder])
          .map(({ text }) => text)
          .join(),
      ),
    onProblem: (problem) => texts.push(problem),
    quietMs: 150,
  });
  const times = async (count: number) => {
    for (let tries = 0; texts.length < count && tries < 200; tries++) await sleep(20);
  };
  return { texts, times };
}

function ruleText(name: string, digit: string): string {
  return `
title: ${name}
id: 7c6f4a52-8f0a-4a57-9d5e-00000000000${digit}
name: ${name}
logsource: {product: linux, service: sshd}
detection: {words: ['xyzzy'], condition: words}
level: low
`;
}
