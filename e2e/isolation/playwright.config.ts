import { defineConfig } from '@playwright/test';
export default defineConfig({
  testDir: '.',
  testMatch: 'sql-*.spec.ts',
  outputDir: '../../test-results/isolation',
  workers: 2,
  timeout: 60_000,
  reporter: 'list',
});
