import { isDeepStrictEqual, parseArgs } from 'node:util';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { compile, parseRules, type SigmaRule } from '../src/index.ts';
import { type Literal, stands } from '../src/match/literals.ts';
import { scanOf } from '../src/match/scan.ts';
import { parsePattern, patternTest } from '../src/parse/pattern.ts';
import { readPlainYaml } from '../src/parse/plain-yaml.ts';
import { compileRegex } from '../src/regex/index.ts';
import { anyDetection, anyEvent, letters, plain } from './arbitraries.ts';
import { FLAT, ruleOf } from './one-rule.ts';
import { pattern, subject } from './patterns.ts';
import { referenceMatch, wild } from './reference.ts';
import { wholeYaml } from './whole-yaml.ts';
import { yamlText } from './yaml-texts.ts';

/**
 * `node engines/sigma/test/fuzz.ts [--seconds 20] [--seed N]`: holds the parser, wildcards, regular expressions, scans and the
 * matcher to the slow reference with ever new inputs, seed after seed, until the time is over. Exit 1, with the seed and the
 * smallest input, when one of them answers otherwise or throws.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, seed: { type: 'string', default: String(Date.now() % 1e9) } },
});
const endMs = performance.now() + Number(values.seconds) * 1_000;

const rule = anyDetection.map((detection) =>
  stringify({ title: 'T', id: 't', logsource: { product: 'p' }, detection }, { lineWidth: 0 }),
);
/** Rules with a piece cut out, doubled or put elsewhere. */
const damaged = fc
  .tuple(rule, fc.nat(300), fc.nat(300), fc.string({ maxLength: 4 }))
  .map(([text, from, to, put]) => text.slice(0, from) + put + text.slice(to));
const literals = fc.array(
  fc.record<Literal>({
    place: fc.constantFrom('whole', 'start', 'end', 'anywhere'),
    text: fc.string({ unit: fc.constantFrom('a', 'b', '.', 'é', '望'), minLength: 1, maxLength: 9 }),
  }),
  { maxLength: 60 },
);

const TARGETS: Readonly<Record<string, fc.IProperty<unknown[]>>> = {
  'no text makes the parser throw': fc.property(fc.oneof(yamlText, damaged, fc.string()), (text) => {
    parseRules(text, 'fuzz.yml', { placeholders: { x: ['y'] } });
  }) as fc.IProperty<unknown[]>,
  'plain YAML is YAML': fc.property(yamlText, (text) => {
    const read = readPlainYaml(text);
    return (
      read === undefined ||
      isDeepStrictEqual(
        read.filter(({ data }) => data !== null),
        wholeYaml(text),
      )
    );
  }) as fc.IProperty<unknown[]>,
  wildcards: fc.property(letters, plain, (value, text) => {
    const parsed = parsePattern(value);
    return patternTest(parsed)(text) === wild(parsed, text);
  }) as fc.IProperty<unknown[]>,
  'regular expressions': fc.property(pattern, subject, fc.boolean(), fc.boolean(), (source, text, i, m) => {
    const expected = new RegExp(source, `${i ? 'i' : ''}${m ? 'm' : ''}`).test(text);
    return compileRegex(source, { i, m, s: false }).test(text) === expected;
  }) as fc.IProperty<unknown[]>,
  scans: fc.property(
    literals,
    fc.string({ unit: fc.constantFrom('a', 'b', '.', 'é', '望'), maxLength: 40 }),
    (some, value) => {
      const found = new Set<number>();
      scanOf(some)(value, (index) => found.add(index));
      return some.every((literal, index) => found.has(index) === stands(literal, value));
    },
  ) as fc.IProperty<unknown[]>,
  'the matcher': fc.property(fc.array(anyDetection, { minLength: 1, maxLength: 10 }), anyEvent, (detections, event) => {
    const rules = detections.map((one, at): SigmaRule => ({ ...ruleOf(one), id: `rule-${at}` }));
    const expected = rules.filter((one) => referenceMatch(one, event)).map(({ id }) => id);
    return isDeepStrictEqual(
      compile(rules, FLAT)
        .match('flat', event)
        .map(({ id }) => id),
      expected,
    );
  }) as fc.IProperty<unknown[]>,
};

let inputs = 0;
for (let seed = Number(values.seed); performance.now() < endMs && process.exitCode === undefined; seed++)
  for (const [name, property] of Object.entries(TARGETS)) {
    const found = fc.check(property, {
      seed,
      numRuns: 500,
      interruptAfterTimeLimit: endMs - performance.now() + 1_000,
    });
    inputs += found.numRuns;
    if (found.counterexample === null) continue;
    console.error(
      `${name}, seed ${found.seed}, path ${found.counterexamplePath}: ${JSON.stringify(found.counterexample)}`,
    );
    console.error(found.errorInstance);
    process.exitCode = 1;
  }
console.log(`${inputs} inputs, seeds from ${values.seed}`);
