import { existsSync, readFileSync } from 'node:fs';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export const none: Counts = { passed: 0, failed: 0 };

export const add = (one: Counts, other: Counts): Counts => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
});

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Of Vitest's JSON report. A file that could not even be loaded counts as one failure. */
export function vitestCounts(file: string): Counts {
  const report = readJson(file) as
    | {
        numPassedTests: number;
        numFailedTests: number;
        testResults: readonly { status: string; assertionResults: readonly unknown[] }[];
      }
    | undefined;
  if (!report) return { passed: 0, failed: 1 };
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

/** Of Playwright's JSON report; a test that passed at a second try has passed. */
export function playwrightCounts(file: string): Counts {
  const report = readJson(file) as
    | {
        stats: { expected: number; unexpected: number; flaky: number };
        errors: readonly unknown[];
      }
    | undefined;
  if (!report) return { passed: 0, failed: 1 };
  const { expected, unexpected, flaky } = report.stats;
  return { passed: expected + flaky, failed: unexpected + report.errors.length };
}
