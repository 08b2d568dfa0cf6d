import { defineConfig } from '@playwright/test';
import { findBrowser } from './support/browser';

const { executablePath, env } = await findBrowser();

/** Against the production build, which must be there: `npm run build` or `npm test`. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/browser',
  timeout: 60_000,
  expect: { timeout: 20_000 },
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  projects: [
    // A busy machine may fail a journey by chance; the summary names what passed only the second time.
    { name: 'journeys', testIgnore: 'isolation/**', retries: process.env.CI ? 1 : 0 },
    // A leak that shows one time in two is a leak.
    { name: 'isolation', testMatch: 'isolation/*.spec.ts', retries: 0 },
  ],
  use: {
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      env: { ...(process.env as Record<string, string>), ...env },
      // Chromium's sandbox needs rights that root in a container does not have.
      chromiumSandbox: process.geteuid?.() !== 0,
    },
  },
});
