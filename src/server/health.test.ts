import { expect, it } from 'vitest';
import { troublesOf } from './health.ts';

const WELL = {
  intake: {},
  isDetectionRunning: true,
  lake: { state: () => 'ready' as const, problem: () => undefined },
  evidenceProblem: undefined,
};
const problem = { file: 'own.yml', line: 3, problem: 'Bad indentation:\n\n  a:\n ^', suggestion: 'Indent it' };

it('rule files that are well are no trouble', () => {
  expect(troublesOf({ ...WELL, ruleProblems: { problems: [], problemCount: 0 } })).toEqual([]);
});

it('a problem in a rule file is one line in each language, with its place and what to write', () => {
  const [trouble] = troublesOf({ ...WELL, ruleProblems: { problems: [problem], problemCount: 7 } });
  const lines = trouble?.subject.split('\n') ?? [];
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/7.*own\.yml:3: Bad indentation: a: \^\. Indent it/);
});

it('a problem as long as its file does not fill the page', () => {
  const long = { ...problem, problem: 'x'.repeat(100_000) };
  const [trouble] = troublesOf({ ...WELL, ruleProblems: { problems: [long], problemCount: 1 } });
  expect(trouble?.subject.length).toBeLessThan(1_200);
});
