import { describe, expect, it } from 'vitest';

import { lastLine, tallyVitest } from './test-report.ts';

const assertion = (status: string, suite: string) => ({
  status,
  title: 'a test',
  ancestorTitles: suite ? [suite, 'inner'] : [],
});

describe('the count of a test run', () => {
  it('counts what passed, failed and was skipped, and names the suites that were skipped', () => {
    const tally = tallyVitest({
      testResults: [
        {
          name: 'a',
          status: 'passed',
          assertionResults: [assertion('passed', 's'), assertion('pending', 'needs root')],
        },
        {
          name: 'b',
          status: 'failed',
          assertionResults: [assertion('failed', 's'), assertion('skipped', 'needs root')],
        },
        { name: 'c', status: 'passed', assertionResults: [assertion('todo', '')] },
      ],
    });
    expect(tally).toEqual({ passed: 1, failed: 1, skipped: 3, skippedSuites: ['a test', 'needs root'] });
    expect(lastLine(tally)).toBe('1 passed, 1 failed, 3 skipped');
  });

  it('counts a file that could not be loaded as a failure, not as nothing', () => {
    const tally = tallyVitest({ testResults: [{ name: 'broken', status: 'failed', assertionResults: [] }] });
    expect(lastLine(tally)).toBe('0 passed, 1 failed');
  });

  it('does not speak of skipped tests when there are none', () => {
    expect(lastLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  });
});
