import { test as base, expect, type Page } from '@playwright/test';
import { demoPassword, demoSupport, demoTenants } from '@/cli/start/demo';
import { startServer, type TestServer } from './server';

export { expect };

interface Fixtures {
  /** Let errors of this kind pass: the test provokes them. */
  readonly expectErrors: (pattern: RegExp) => void;
}

interface WorkerFixtures {
  /** The running product, one to a worker. */
  readonly server: TestServer;
}

/** People that every fresh server knows. */
export const people = { tenants: demoTenants, support: demoSupport, password: demoPassword };

/** Report each breach of the policy as an error on the console, with what was refused and where. */
function reportViolations(): void {
  document.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
    // biome-ignore lint/suspicious/noConsole: the console is what the test watches
    console.error(
      `CSP violation: ${effectiveDirective} ${blockedURI} at ${sourceFile}:${lineNumber}`,
    );
  });
}

/**
 * A test against the running production build, which fails on any error on the console of any of its
 * pages and on any breach of the content security policy.
 */
export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names out of the pattern
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 150_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  expectErrors: [
    async ({ context }, use) => {
      const errors: string[] = [];
      const expected: RegExp[] = [];
      const watch = (page: Page) => {
        page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`));
        page.on('console', (message) => {
          if (message.type() === 'error') errors.push(`${page.url()}: ${message.text()}`);
        });
      };
      await context.addInitScript(reportViolations);
      context.on('page', watch);
      await use((pattern) => expected.push(pattern));
      const surprises = errors.filter((error) => !expected.some((known) => known.test(error)));
      expect(surprises, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],
});
