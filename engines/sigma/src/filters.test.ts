import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAT } from '../test/one-rule.ts';
import { applyFilters, compile, parseRules } from './index.ts';

const RULE = (id: string, more = '', source = '{ product: linux, service: sshd }'): string =>
  `title: ${id}\nid: ${id}\n${more}logsource: ${source}\ndetection:\n  selection: { a: 1 }\n  condition: selection\n`;
const FILTER = (rules: string, body: string, source = '{ product: linux }'): string =>
  `title: Our own\nid: own\nlogsource: ${source}\nfilter:\n  rules: ${rules}\n${body}`;
const NOT_ROOT = "  selection: { user|startswith: 'adm_' }\n  condition: not selection\n";

/** Ids that match after filtering, and what was wrong. */
function run(documents: readonly string[], event: object): { found: string[]; problems: string[] } {
  const parsed = parseRules(documents.join('---\n'), 'f.yml');
  expect(parsed.problems).toEqual([]);
  const { rules, problems } = applyFilters(parsed.rules, parsed.filters);
  return {
    found: compile(rules, FLAT)
      .match('flat', event)
      .map(({ id }) => id),
    problems: problems.map(({ line, problem }) => `${line}: ${problem}`),
  };
}

describe('global filters', () => {
  const ours = { a: 1, user: 'adm_li' };
  const theirs = { a: 1, user: 'li' };

  it('suppress what they find in the rules that they name by id or name, and in no other', () => {
    const set = [RULE('one'), RULE('two', 'name: second\n'), RULE('three'), FILTER('[one, second]', NOT_ROOT)];
    expect(run(set, ours)).toEqual({ found: ['three'], problems: [] });
    expect(run(set, theirs)).toEqual({ found: ['one', 'two', 'three'], problems: [] });
  });

  it('keep only what they find where the condition says so', () => {
    const set = [RULE('one'), FILTER('[one]', NOT_ROOT.replace('not ', ''))];
    expect(run(set, ours).found).toEqual(['one']);
    expect(run(set, theirs).found).toEqual([]);
  });

  it('for any rule take those of their log source, and say when there is none', () => {
    const set = [RULE('one'), RULE('two', '', '{ product: windows }'), FILTER('any', NOT_ROOT)];
    expect(run(set, ours)).toEqual({ found: ['two'], problems: [] });
    expect(run([RULE('one'), FILTER('any', NOT_ROOT, '{ product: aws }')], ours)).toEqual({
      found: ['one'],
      problems: ['8: the filter is for no rule: none has its log source'],
    });
  });

  it('name rules that are not there and rules of another log source', () => {
    const set = [RULE('one'), RULE('two', '', '{ product: windows }'), FILTER('[one, absent, two]', NOT_ROOT)];
    const { found, problems } = run(set, ours);
    expect(found).toEqual(['two']);
    expect(problems).toEqual([
      '15: it filters “absent”, which is no rule',
      '15: it filters “two”, whose log source is another',
    ]);
  });

  it('may name their searches as the rule does, and several act together', () => {
    const second = FILTER('[one]', "  selection: { user: 'root' }\n  condition: not selection\n").replace(
      'id: own',
      'id: other',
    );
    const set = [RULE('one'), FILTER('[one]', NOT_ROOT), second];
    expect(run(set, ours).found).toEqual([]);
    expect(run(set, { a: 1, user: 'root' }).found).toEqual([]);
    expect(run(set, theirs).found).toEqual(['one']);
    const { rules } = applyFilters(parseRules(set.join('---\n'), 'f.yml').rules, []);
    expect(rules[0]?.filters).toBeUndefined();
  });

  it.each([
    ['no rules', FILTER('[]', NOT_ROOT), 9, 'does not say which rules'],
    ['no log source', FILTER('[one]', NOT_ROOT).replace(/logsource.*\n/, ''), 8, 'no `logsource`'],
    ['no condition', FILTER('[one]', '  selection: { a: 1 }\n'), 8, '`condition` is missing'],
    ['a search that is missing', FILTER('[one]', '  selection: { a: 1 }\n  condition: not sel\n'), 13, 'names “sel”'],
    ['a detection too', `${FILTER('[one]', NOT_ROOT)}detection: {}\n`, 8, 'has a `detection` too'],
  ])('with %s are refused, and the rules stay as they are', (_, text, line, problem) => {
    const parsed = parseRules(`${RULE('one')}---\n${text}`, 'f.yml');
    expect(parsed.filters).toEqual([]);
    expect(parsed.rules).toHaveLength(1);
    expect(parsed.problems[0]?.problem).toContain(problem);
    expect(parsed.problems[0]?.line).toBeGreaterThanOrEqual(line);
  });

  it('take no id that a rule or another filter has', () => {
    const set = [RULE('own'), FILTER('any', NOT_ROOT)];
    expect(run(set, ours)).toEqual({ found: ['own'], problems: ['8: the id is taken by f.yml, line 1'] });
  });

  it('are at most a hundred for one rule, however many there are', () => {
    const many = Array.from({ length: 300 }, (_, at) => FILTER('any', NOT_ROOT).replace('id: own', `id: own-${at}`));
    const { found, problems } = run([RULE('one'), ...many], ours);
    expect(found).toEqual([]);
    expect(problems).toHaveLength(200);
    expect(problems[0]).toContain('“one” has 100 filters already');
  });

  it('let through exactly what the rule and every filter for it find', () => {
    const value = fc.constantFrom(1, 2, 3);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, fc.boolean(), fc.boolean()), { maxLength: 4 }),
        fc.record({ a: value, b: value }),
        (filters, event) => {
          const documents = filters.map(([b, negated, named], at) =>
            FILTER(
              named ? '[one]' : 'any',
              `  selection: { b: ${b} }\n  condition: ${negated ? 'not ' : ''}selection\n`,
            ).replace('id: own', `id: own-${at}`),
          );
          const passes = filters.every(([b, negated]) => (event.b === b) !== negated);
          expect(run([RULE('one'), ...documents], event).found).toEqual(event.a === 1 && passes ? ['one'] : []);
        },
      ),
      { numRuns: 200 },
    );
  });
});
