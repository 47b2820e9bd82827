import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCheckCase } from '../src/posture/check-cases.ts';
import { createCheckSet } from '../src/posture/checks/index.ts';
import { readChecks } from '../src/posture/content.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { checks, problems } = readChecks([here('checks')]);
const controls = new Set(
  (parse(readFileSync(here('frameworks/controls.yml'), 'utf8')) as readonly { id: string }[]).map(({ id }) => id),
);
/** `CHECKS=oss-` runs the cases of those whose id begins so. */
const chosen = checks.filter(({ id }) => id.startsWith(process.env.CHECKS ?? ''));

describe('the checks that ship', () => {
  test('are read without a problem, and can be made ready', () => {
    expect(problems).toEqual([]);
    expect(() => createCheckSet(checks)).not.toThrow();
    expect(checks.length).toBeGreaterThan(0);
  });

  test.each(checks.map((check) => [check.id, check] as const))('%s says all that its reader needs', (_id, check) => {
    for (const text of [check.title, check.why, check.fix]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(text.en).not.toMatch(/\p{Script=Han}/u);
    }
    for (const control of check.controls) expect(controls).toContain(control);
    const verdicts = new Set(check.cases.flatMap((one) => Object.values(one.expect)));
    expect(verdicts).toContain('pass');
    expect(verdicts).toContain('fail');
  });
});

describe.each(chosen.map((check) => [check.id, check] as const))('%s', (_id, check) => {
  test.each(check.cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    expect(await runCheckCase(check, one)).toEqual([]);
  });
});
