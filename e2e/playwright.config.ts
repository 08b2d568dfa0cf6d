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
