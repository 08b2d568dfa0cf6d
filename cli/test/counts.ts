import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Where each failure is and the first line of what it says, as far as the report tells. */
  readonly failures: readonly string[];
  /** What passed only when it was tried again, and what it said the first time. */
  readonly again: readonly string[];
}

export const none: Counts = { passed: 0, failed: 0, failures: [], again: [] };

export const add = (one: Counts, other: Counts): Counts => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  failures: [...one.failures, ...other.failures],
  again: [...one.again, ...other.again],
});

const unwritten: Counts = { ...none, failed: 1, failures: ['The runner wrote no report.'] };

function readJson<Schema extends z.ZodType>(schema: Schema, file: string) {
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** One line, without the colours of a terminal. */
const said = (place: string, message = '') =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  `${place}: ${message.replace(/\u001b\[[0-9;]*m/g, '').split('\n', 1)[0]}`;

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** Of Vitest's JSON report. A file that could not even be loaded counts as one failure. */
export function vitestCounts(file: string): Counts {
  const report = readJson(vitestReport, file);
  if (!report) return unwritten;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failures = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => said(`${name} › ${fullName}`, failureMessages?.[0])),
  );
  return {
    ...none,
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    failures: [...failures, ...unloaded.map(({ name, message }) => said(name, message))],
  };
}

const errors = z.array(z.object({ message: z.string().optional() }));

const playwrightSuite = z.object({
  specs: z.array(
    z.object({
      title: z.string(),
      file: z.string(),
      tests: z.array(
        z.object({
          status: z.string(),
          results: z.array(z.object({ errors: errors.default([]) })),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(playwrightSuite).default([]);
  },
});
type PlaywrightSuite = z.infer<typeof playwrightSuite>;

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors,
  suites: z.array(playwrightSuite).default([]),
});

/** The tests of one status, each with the first line of the first thing it said. */
function those(status: string, { specs, suites }: PlaywrightSuite): readonly string[] {
  const own = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter((one) => one.status === status)
      .map(({ results }) =>
        said(`${file} › ${title}`, results.flatMap((result) => result.errors)[0]?.message),
      ),
  );
  return [...own, ...suites.flatMap((suite) => those(status, suite))];
}

/** Of Playwright's JSON report; a test that passed at a second try has passed, and is named. */
export function playwrightCounts(file: string): Counts {
  const report = readJson(playwrightReport, file);
  if (!report) return unwritten;
  const { expected, unexpected, flaky } = report.stats;
  return {
    passed: expected + flaky,
    failed: unexpected + report.errors.length,
    failures: [
      ...report.suites.flatMap((suite) => those('unexpected', suite)),
      ...report.errors.map(({ message }) => said('outside of the tests', message)),
    ],
    again: report.suites.flatMap((suite) => those('flaky', suite)),
  };
}
