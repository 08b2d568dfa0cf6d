import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    include: ['{app,cli,components,db,emulators,lib,bench}/**/*.test.{ts,tsx}'],
    globalSetup: ['./db/testing/global-setup.ts'],
    // Far beyond what any takes: they are there to end what hangs, not to measure.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What a test waits for comes in its own time; its default of a second is that of a quiet machine.
    expect: { poll: { timeout: 90_000 } },
    // It imports `next/server` as only a bundler finds it.
    server: { deps: { inline: ['next-auth'] } },
    pool: 'forks',
    maxWorkers: 2,
  },
});
