import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';

/** What the isolation suite runs: `sql`, `http`, `given`, or both halves when nothing is said. */
const part = process.env.ISOLATION_PART ?? 'all';

const files: Readonly<Record<string, RegExp>> = {
  sql: /\/sql-[^/]*\.spec\.ts$/,
  http: /\/http-[^/]*\.spec\.ts$/,
  given: /\/sql-given\.spec\.ts$/,
  all: /\/(?:sql|http)-[^/]*\.spec\.ts$/,
};

/** The SQL half needs no browser, nor looks for one. */
const { use } =
  part === 'sql' || part === 'given'
    ? ({} as PlaywrightTestConfig)
    : ((await import('../playwright.config')).default as PlaywrightTestConfig);

export default defineConfig({
  testDir: '.',
  testMatch: files[part] ?? files.all,
  outputDir: '../../test-results/isolation',
  timeout: 60_000,
  expect: { timeout: 20_000 },
  // Roles belong to a server as a whole: on one that is given, one database at a time.
  workers: process.env.ISOLATION_SERVER ? 1 : 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['./report/reporter.ts']],
  ...(use && { use }),
});
