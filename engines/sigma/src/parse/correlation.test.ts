import { describe, expect, it } from 'vitest';
import { parseRules } from '../index.ts';

const correlation = (type: string, condition: string, rules = 'rules: [a, b, c]'): string =>
  `title: C\nid: c\ncorrelation:\n  type: ${type}\n  ${rules}\n  group-by: [ip]\n  timespan: 5m\n  condition: ${condition}\n`;

describe('the condition of a correlation', () => {
  it.each([
    ['temporal', 'recon_cmd_a AND recon_cmd_b AND recon_cmd_c', 'rules: [recon_cmd_a, recon_cmd_b, recon_cmd_c]'],
    ['temporal_ordered', 'a and (b or c)', 'rules: [a, b, c]'],
    ['temporal', 'a and not 1 of b*', 'rules: [a, b_one, b_two]'],
  ])('of type %s may be the expression “%s”', (type, condition, rules) => {
    const { correlations, problems } = parseRules(correlation(type, condition, rules), 'c.yml');
    expect(problems).toEqual([]);
    expect(correlations[0]?.condition.expression).toBeDefined();
  });

  it.each([
    ['event_count', 'a and b and c', 'is an expression'],
    ['temporal', 'a and b and d', 'names “d”, which is not under `rules`'],
    ['temporal', 'a and b', 'does not name “c”'],
    ['temporal', 'not a and not b and not c', 'where nothing happens'],
    ['temporal', 'a or not (b and c)', 'where nothing happens'],
    ['temporal', 'a and b and c and not c', 'can never hold'],
    ['temporal_ordered', 'a and (b or c', 'not closed'],
    ['temporal', '"("', 'ends too early'],
    ['temporal', `${'('.repeat(200)}a`, 'nests deeper'],
  ])('of type %s may not be “%s”', (type, condition, problem) => {
    const { correlations, problems } = parseRules(correlation(type, condition), 'c.yml');
    expect(correlations).toEqual([]);
    expect(problems[0]?.problem).toContain(problem);
    expect(problems[0]?.ruleId).toBe('c');
  });

  it('may hold in 64 ways and no more, found out in bounded time', () => {
    const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `r${at}`);
    const all = names(100);
    const pairs = all.map((name, at) => (at % 2 === 0 ? `(${name} or ${all[at + 1]})` : '')).filter(Boolean);
    const { problems } = parseRules(
      correlation('temporal', pairs.join(' and '), `rules: [${all.join(', ')}]`),
      'c.yml',
    );
    expect(problems[0]?.problem).toContain('more than 64 ways');
    const few = names(64);
    expect(
      parseRules(correlation('temporal', few.join(' or '), `rules: [${few.join(', ')}]`), 'c.yml').problems,
    ).toEqual([]);
  });

  it('names no rule twice', () => {
    const { problems } = parseRules(correlation('temporal', '{ gte: 2 }', 'rules: [a, a]'), 'c.yml');
    expect(problems[0]?.problem).toContain('names “a” twice');
  });
});
