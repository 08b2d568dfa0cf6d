import { defineConfig } from 'vitest/config';
import own from '../../vitest.config';

/** The repository's own, on a server that is there; a mutant of the database in each file's. */
export default defineConfig({
  ...own,
  test: {
    ...own.test,
    globalSetup: ['./cli/mutants/given-server.ts'],
    setupFiles: ['./cli/mutants/sabotaged.ts'],
  },
});
