import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_FOLDER } from '#server/content.ts';
import { measureRules } from './rules-bench.ts';

describe('rules bench', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rules-bench-'));
    mkdirSync(join(folder, 'rules'));
    mkdirSync(join(folder, 'regression_data'));
    writeFileSync(
      join(folder, 'rules', 'a.yml'),
      'title: A\nid: a\nlogsource:\n  product: windows\ndetection:\n  s:\n    a: 1\n  condition: s\n',
    );
    writeFileSync(join(folder, 'regression_data', 'a.json'), '{"a":1}\n{"a":2}\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('measures events beside the rules, and the bundled rules on lines', () => {
    const rates = measureRules([join(folder, 'rules')], [], CONTENT_FOLDER, 5);
    expect(Object.keys(rates)).toEqual([
      'eventsPerSecond',
      'unroutedEventsPerSecond',
      'linesPerSecond',
      'trafficLinesPerSecond',
    ]);
    for (const rate of Object.values(rates)) expect(rate).toBeGreaterThan(100);
  });

  it('says what is missing instead of measuring nothing', () => {
    expect(() => measureRules([join(folder, 'regression_data')], [], CONTENT_FOLDER, 5)).toThrow('no rule');
    expect(() => measureRules([join(folder, 'rules')], [join(folder, 'absent')], CONTENT_FOLDER, 5)).toThrow(
      '--events',
    );
  });
});
