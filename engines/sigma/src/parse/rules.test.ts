import { describe, expect, it } from 'vitest';
import { checkSet, compile, feedersOnly, parseRules } from '../index.ts';

const HEAD = 'title: T\nid: one\nlogsource: { product: linux, service: sshd }\n';
const DETECTION = 'detection:\n  sel:\n    a: 1\n  condition: sel\n';

describe('parseRules', () => {
  it('takes several documents, keeps what the specification does not know, and says where each begins', () => {
    const text = `# a comment\n${HEAD}name: first\nlevel: high\ntags: [attack.t1110.001]\n${DETECTION}bartizan:\n  title: { zh: 标题 }\n---\n---\n${HEAD.replace('one', 'two')}${DETECTION}`;
    const { rules, problems } = parseRules(text, 'a.yml');
    expect(problems).toEqual([]);
    expect(rules.map(({ id, name, level, line, file }) => ({ id, name, level, line, file }))).toEqual([
      { id: 'one', name: 'first', level: 'high', line: 2, file: 'a.yml' },
      { id: 'two', name: undefined, level: 'medium', line: 16, file: 'a.yml' },
    ]);
    expect(rules[0]?.custom).toEqual({ bartizan: { title: { zh: '标题' } } });
    expect(rules[0]?.tags).toEqual(['attack.t1110.001']);
  });

  it('leaves out a document that is wrong, names its line, and takes the others', () => {
    const bad = `title: Bad\nid: bad\nlogsource: { product: linux }\ndetection:\n  sel:\n    a: 1\n    b|re: '(?=x)'\n  condition: sel\n`;
    const { rules, problems } = parseRules(`${bad}---\n${HEAD}${DETECTION}`, 'b.yml');
    expect(rules.map(({ id }) => id)).toEqual(['one']);
    expect(problems).toEqual([
      {
        file: 'b.yml',
        line: 7,
        ruleId: 'bad',
        problem: 'the regular expression looks around, which cannot run in linear time',
        suggestion: 'Use two searches and `and not`.',
      },
    ]);
  });

  it.each([
    ['not a map', '- a\n- b\n', 'not a map'],
    ['no title', 'id: x\n', 'no title'],
    ['no log source', `title: T\n${DETECTION}`, 'no `logsource`'],
    ['an empty log source', `title: T\nlogsource: {}\n${DETECTION}`, 'names nothing'],
    ['a wrong level', `${HEAD}level: severe\n${DETECTION}`, 'level “severe” is unknown'],
    ['a search that is missing', `${HEAD}detection:\n  sel: { a: 1 }\n  condition: sell\n`, 'names “sell”'],
    ['broken YAML', 'title: [a\n', 'the YAML is broken'],
    ['a key twice', `${HEAD}title: U\n${DETECTION}`, 'the YAML is broken'],
    ['a map as value', `${HEAD}detection:\n  sel: { a: [{ b: 1 }] }\n  condition: sel\n`, 'list or map'],
    ['an old timeframe', `${HEAD}detection:\n  sel: { a: 1 }\n  timeframe: 5m\n  condition: sel\n`, 'old aggregation'],
  ])('refuses %s', (_, text, problem) => {
    const parsed = parseRules(text, 'c.yml');
    expect(parsed.rules).toEqual([]);
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0]?.problem).toContain(problem);
  });
});

describe('hostile files', () => {
  const refused = (text: string): string => {
    const { rules, problems } = parseRules(text, 'h.yml');
    expect(rules).toEqual([]);
    return problems.map(({ problem }) => problem).join();
  };

  it('aliases that multiply are refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level++)
      lines.push(`a${level}: &a${level} [${new Array(10).fill(`*a${level - 1}`).join(', ')}]`);
    expect(refused(`${lines.join('\n')}\n${HEAD}${DETECTION}`)).toContain('cannot be read');
  });

  it('deep nesting is refused, by brackets, indentation and dashes', () => {
    expect(refused(`title: ${'['.repeat(100_000)}`)).toContain('nests deeper');
    expect(refused(Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'))).toContain(
      'nests deeper',
    );
    expect(refused(`a:\n${'- '.repeat(50_000)}x`)).toContain('nests deeper');
    expect(refused(`title: ${'['.repeat(900)}`)).not.toBe('');
    expect(refused(`${HEAD}detection:\n  sel: ${'[{a: '.repeat(40)}1${'}]'.repeat(40)}\n  condition: sel\n`)).not.toBe(
      '',
    );
    expect(refused(`${HEAD}detection:\n  sel: { a: 1 }\n  condition: ${'('.repeat(5_000)}sel\n`)).toContain(
      'nests deeper',
    );
  });

  it('a megabyte of rules in one file, and a rule of a megabyte, are taken', () => {
    const body = (id: number): string => `${HEAD.replace('one', `r${id}`)}${DETECTION}`;
    const many = Array.from({ length: 4_000 }, (_, id) => body(id)).join('---\n');
    expect(parseRules(many, 'm.yml').rules).toHaveLength(4_000);
    const values = Array.from({ length: 40_000 }, (_, at) => `      - 'C:\\Windows\\Temp\\tool-${at}.exe'`).join('\n');
    const big = `${HEAD}detection:\n  sel:\n    Image:\n${values}\n  condition: sel\n`;
    expect(big.length).toBeGreaterThan(1_000_000);
    const { rules, problems } = parseRules(big, 'b.yml');
    expect(problems).toEqual([]);
    const matcher = compile(rules, { all: { accepts: () => true, path: (field) => [field] } });
    expect(matcher.match('all', { Image: 'c:\\windows\\temp\\TOOL-39999.exe' })).toHaveLength(1);
    expect(matcher.match('all', { Image: 'c:\\windows\\temp\\tool-40000.exe' })).toEqual([]);
  });

  it('more documents than a file may hold are left out, and that is said', () => {
    const many = Array.from({ length: 5_001 }, (_, id) => HEAD.replace('one', `r${id}`) + DETECTION).join('---\n');
    const { rules, problems } = parseRules(many, 'd.yml');
    expect(rules).toHaveLength(5_000);
    expect(problems.map(({ problem }) => problem)).toEqual(['the file has 5001 documents']);
  });

  it('a chain of a thousand correlations is checked, and a circle of a thousand found', () => {
    const chain = (last: string): string[] =>
      Array.from(
        { length: 1_000 },
        (_, at) =>
          `title: c${at}\nid: c${at}\ncorrelation:\n  type: event_count\n  rules: [${at === 999 ? last : `c${at + 1}`}]\n  timespan: 5m\n  condition:\n    gte: 5\n`,
      );
    const check = (last: string): number => {
      const { rules, correlations } = parseRules([HEAD + DETECTION, ...chain(last)].join('---\n'), 'c.yml');
      return checkSet(rules, correlations).length;
    };
    expect(check('one')).toBe(0);
    expect(check('c0')).toBe(1_000);
  });

  it('long lists and megabytes are taken in bounded time', () => {
    const list = Array.from({ length: 10_000 }, (_, number) => `      - 'value-${number}'`).join('\n');
    const long = parseRules(`${HEAD}detection:\n  sel:\n    a|contains:\n${list}\n  condition: sel\n`, 'l.yml');
    expect(long.rules).toHaveLength(1);
    expect(refused(`${HEAD}detection:\n  sel:\n    a: ${'x'.repeat(1_000_000)}\n  condition: sel\n`)).toContain(
      'characters long',
    );
    expect(refused(`title: ${'x'.repeat(5_000_000)}`)).toContain('characters');
  });

  it('keys that every object inherits stay data', () => {
    const text = `${HEAD}__proto__: { polluted: true }\nconstructor: x\ndetection:\n  __proto__:\n    a: 1\n  condition: __proto__\n`;
    const { rules, problems } = parseRules(text, 'p.yml');
    expect(problems).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(rules[0]?.custom ?? {}).sort()).toEqual(['__proto__', 'constructor']);
    expect(rules[0]?.detection.searches.has('__proto__')).toBe(true);
  });
});

describe('checkSet', () => {
  const correlation = (id: string, rules: string[], extra = ''): string =>
    `title: ${id}\nid: ${id}\ncorrelation:\n  type: event_count\n  rules: [${rules.join(', ')}]\n  group-by: [ip]\n  timespan: 5m\n  condition: { gte: 5 }\n${extra}`;
  const check = (...documents: string[]): string[] => {
    const { rules, correlations, problems } = parseRules(documents.join('\n---\n'), 's.yml');
    expect(problems).toEqual([]);
    return checkSet(rules, correlations).map(({ ruleId, problem }) => `${ruleId}: ${problem}`);
  };

  it('finds nothing in a sound set', () => {
    expect(check(HEAD + DETECTION, correlation('c', ['one']), correlation('d', ['c']))).toEqual([]);
  });

  it('finds ids that two have, references to nothing, strangers in aliases, and circles', () => {
    expect(check(HEAD + DETECTION, HEAD + DETECTION)[0]).toContain('one: the id is taken by s.yml, line 1');
    expect(check(correlation('c', ['absent']))).toEqual(['c: it refers to “absent”, which is no rule']);
    expect(check(HEAD + DETECTION, correlation('c', ['one'], '  aliases: { x: { other: y } }\n'))[0]).toContain(
      'stranger'.slice(0, 0) + 'alias “x”',
    );
    expect(check(correlation('a', ['b']), correlation('b', ['a']), correlation('s', ['s']))).toHaveLength(3);
  });

  it('tells which rules only feed a correlation', () => {
    const feeders = (extra: string): string[] => {
      const { rules, correlations } = parseRules(
        `${HEAD}${DETECTION}---\n${correlation('c', ['one'], extra)}`,
        'f.yml',
      );
      return [...feedersOnly(rules, correlations)].map(({ id }) => id);
    };
    expect(feeders('')).toEqual(['one']);
    expect(feeders('  generate: true\n')).toEqual([]);
  });
});
