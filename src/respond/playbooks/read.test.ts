import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readPlaybook } from './read.ts';
import { manual, rawPlaybook, stepId } from './testing/make-playbook.ts';

const START = stepId('start', 1);
const ACT = stepId('action', 2);
const END = stepId('end', 9);
const raw = rawPlaybook({
  [START]: { type: 'start', on_completion: ACT },
  [ACT]: manual('look', { on_completion: END }),
  [END]: { type: 'end' },
});

describe('reading a playbook', () => {
  test('takes JSON and YAML for the same, and keeps what it does not know', () => {
    const text = JSON.stringify({ ...raw, x_other: { kept: [1, 'two'] } }, undefined, 2);
    const json = readPlaybook(text);
    expect(json.problems).toEqual([]);
    expect(json.playbook).toMatchObject({ x_other: { kept: [1, 'two'] } });
    expect(readPlaybook(`# a comment makes it YAML\n${text}`).playbook).toEqual(json.playbook);
  });

  test('says which step is wrong, and where in it', () => {
    const text = JSON.stringify({ ...raw, workflow: { [START]: { type: 'start', delay: 'soon' } } });
    expect(readPlaybook(text).problems).toMatchObject([{ severity: 'invalid', step: START }]);
    expect(readPlaybook(text).problems[0]?.problem).toMatch(/^delay: /);
  });

  test('refuses another version, and steps of no known type', () => {
    expect(readPlaybook(JSON.stringify({ ...raw, spec_version: 'cacao-1.0' })).problems[0]?.problem).toMatch(
      /^spec_version/,
    );
    const odd = { ...raw, workflow: { [stepId('action', 1)]: { type: 'rm' } } };
    expect(readPlaybook(JSON.stringify(odd)).playbook).toBeUndefined();
  });

  test.each([
    ['a megabyte and more', `{"type":"${'x'.repeat(1_100_000)}"}`, 'larger than'],
    ['a thousand levels of JSON', `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`, 'nested deeper'],
    ['a thousand levels of YAML', `a: ${'['.repeat(1_000)}`, 'nested deeper'],
    ['a thousand levels in one line of YAML', `${'- '.repeat(1_000)}a`, 'nested deeper'],
    ['aliases that blow up', `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]`, 'aliases'],
    ['two members of one name', 'type: playbook\ntype: other', 'line 2'],
    ['a prototype', 'type: playbook\nconstructor: {}', 'constructor'],
    ['no object', '- a\n- b', 'no object'],
    ['nothing', '', 'no object'],
  ])('refuses %s', (_what, text, problem) => {
    const read = readPlaybook(text);
    expect(read.playbook).toBeUndefined();
    expect(read.problems[0]?.problem).toContain(problem);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('refuses five hundred and one steps', () => {
    const steps = Object.fromEntries(
      Array.from({ length: 501 }, (_, place) => [stepId('end', place), { type: 'end' }]),
    );
    expect(readPlaybook(JSON.stringify({ ...raw, workflow: steps })).problems[0]?.problem).toContain('more than 500');
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => Array.isArray(readPlaybook(text).problems)));
  });
});
