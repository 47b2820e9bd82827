import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkRules, testRules } from './rules.ts';

let folder: string;
let lines: string[];
const print = (line: string): void => void lines.push(line);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const RULE = `
title: A word in a log
id: 7c6f4a52-8f0a-4a57-9d5e-0f4d8c0f8a11
name: a-word
logsource: {product: linux, service: sshd}
detection: {words: ['segfault at'], condition: words}
level: low
`;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

test('a user’s own rule is tested by the case beside it', () => {
  write('a-word.yml', RULE);
  write(
    'a-word.test.yml',
    `
- name: it is there
  log: 'Nov 20 03:11:01 web-1 sshd[411]: segfault at 0'
  expect: [{rule: a-word}]
- name: it is not
  log: 'Nov 20 03:11:01 web-1 sshd[411]: all is well'
  expect: []
`,
  );
  expect(testRules([folder], print)).toBe(0);
  expect(lines).toEqual(['2 cases passed, 0 failed.']);
});

test('a case that does not hold is named, with what came instead', () => {
  write('a-word.yml', RULE);
  write('a-word.test.yml', "- {name: wrong, log: 'Nov 20 03:11:01 web-1 sshd[411]: segfault at 0', expect: []}");
  expect(testRules([folder], print)).toBe(1);
  expect(lines[0]).toContain('wrong: not expected: {"rule":"a-word"');
});

test('a rule without a case is listed, and is no failure', () => {
  write('a-word.yml', RULE);
  expect(testRules([folder], print)).toBe(0);
  expect(lines).toContain('No case: a-word');
});

test('a broken rule does not stop the good one beside it', () => {
  write('a-word.yml', RULE);
  write('broken.yml', 'title: x\nlogsource: {product: linux}\ndetection: {a: {b: 1}, condition: c}\n');
  expect(checkRules([folder], print)).toBe(2);
  expect(lines[0]).toMatch(/broken\.yml:\d+: .*c/);
  expect(lines.at(-1)).toBe('1 rules and 0 correlations are good, 1 problem.');
});

test('a wrong notes block is named with its place', () => {
  write('a-word.yml', `${RULE}bartizan: {respond: {verb: delete, entity: src_ip}}\n`);
  expect(checkRules([folder], print)).toBe(2);
  expect(lines[0]).toContain('bartizan.respond.verb');
});

test('a case file that is no case file is wrong use, not a pass', () => {
  write('a-word.yml', RULE);
  write('a-word.test.yml', '- {name: neither log nor events, expect: []}');
  expect(testRules([folder], print)).toBe(2);
});

test('a folder that is not there is unreadable', () => {
  expect(() => checkRules([join(folder, 'nowhere')], print)).toThrow(/nowhere/);
});
