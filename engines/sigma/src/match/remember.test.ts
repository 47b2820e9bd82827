import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, parseRules } from '../index.ts';
import { makeMemory } from './remember.ts';

const PARTS = ['sqlmap', 'Nikto', '/2.1', '.php', 'Union Select', '../', 'ς', 'Mozilla/5.0 (X11)', 'é'];
const { rules } = parseRules(
  [
    "agent|contains: ['sqlmap', 'nikto']",
    "agent|contains: '../'",
    "agent|re: 'union\\s+select'\n    agent|contains: 'php'",
    "agent|endswith: ['.php', 'σ']",
    "agent|contains: 'mozilla'\n  not:\n    agent|startswith: 'mozilla'",
    "agent|cased|contains: 'Union'",
  ]
    .map((search, at) => {
      const condition = search.includes('not:') ? 's and not not' : 's';
      return `title: r${at}\nid: r${at}\nlogsource: { product: p }\ndetection:\n  s:\n    ${search}\n  condition: ${condition}`;
    })
    .join('\n---\n'),
  'remember.yml',
);
const ROUTES = { all: { accepts: () => true, path: (field: string) => [field] } };

describe('memory of values', () => {
  it('changes no answer, however often a value comes', () => {
    const value = fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' '));
    const order = fc.tuple(fc.array(value, { minLength: 1, maxLength: 5 }), fc.array(fc.nat(), { maxLength: 60 }));
    fc.assert(
      fc.property(order, ([values, picks]) => {
        const matcher = compile(rules, ROUTES);
        const events = values.map((agent) => ({ agent }));
        const fresh = events.map((event) => compile(rules, ROUTES).match('all', event));
        for (const pick of picks) {
          const at = pick % events.length;
          expect(matcher.match('all', events[at] as object)).toEqual(fresh[at]);
        }
      }),
    );
  });

  it('keeps what came twice, and not what came once', () => {
    const memory = makeMemory();
    const agent = 'Mozilla/5.0 (X11; Linux x86_64)';
    expect(memory.find(agent)).toBe(undefined);
    expect(memory.isWorthKeeping(agent)).toBe(false);
    expect(memory.isWorthKeeping(agent)).toBe(true);
    memory.keep(agent, agent.toLowerCase(), [3, 1, 3]);
    expect(memory.find(agent)).toEqual({ folded: agent.toLowerCase(), clues: [3, 1] });
    expect(memory.find(`${agent} `)).toBe(undefined);
  });

  it('rests where values are new each time, and holds a bounded number', () => {
    const memory = makeMemory();
    const valueAt = (at: number): string => `/item/${at}/of/${at}`;
    for (let at = 0; at < 600; at++) memory.find(valueAt(at));
    expect(memory.isWorthKeeping(valueAt(0))).toBe(false);
    const crowded = makeMemory();
    for (let at = 0; at < 3_000; at++) crowded.keep(valueAt(at), valueAt(at), []);
    let held = 0;
    for (let at = 0; at < 3_000; at++) if (crowded.find(valueAt(2_999 - at)) !== undefined) held += 1;
    expect(held).toBeLessThanOrEqual(1_024);
    expect(held).toBeGreaterThan(0);
  });

  it('never takes in a long value', () => {
    const memory = makeMemory();
    const long = 'a'.repeat(257);
    expect([memory.isWorthKeeping(long), memory.isWorthKeeping(long)]).toEqual([false, false]);
  });
});
