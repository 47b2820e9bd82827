/** How a run ended, in the terms of its last line. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The suites of which something was skipped, by name. */
  readonly skippedSuites: readonly string[];
}

/** What is read of vitest's JSON report; the rest of it is of no interest here. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly ancestorTitles: readonly string[];
    }[];
  }[];
}

/**
 * Counts a vitest report. A file that failed as a whole (it could not be loaded, a hook failed) counts as one failure, so
 * that no run is green by having run nothing.
 */
export function tallyVitest(report: VitestReport): Tally {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const skippedSuites = new Set<string>();
  for (const file of report.testResults) {
    const failedBefore = failed;
    for (const { status, title, ancestorTitles } of file.assertionResults) {
      if (status === 'passed') passed += 1;
      else if (status === 'failed') failed += 1;
      else {
        skipped += 1;
        skippedSuites.add(ancestorTitles[0] || title);
      }
    }
    if (file.status === 'failed' && failed === failedBefore) failed += 1;
  }
  return { passed, failed, skipped, skippedSuites: [...skippedSuites].sort() };
}

/** The last line of a run. */
export function lastLine({ passed, failed, skipped }: Omit<Tally, 'skippedSuites'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
