import {
  type BrowserContext,
  test as base,
  type ConsoleMessage,
  expect,
  type Page,
} from '@playwright/test';
import { journeyDirectory } from '@/db/testing/plans/journey';
import { Google } from './google';
import { people, signIn } from './people';
import { root, startServer, type TestServer } from './server';

export { expect, people };

type Sessions = Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>;

interface Fixtures {
  /** Let errors of this kind pass: the test provokes them. */
  readonly expectErrors: (pattern: RegExp) => void;
  /** Watch a browser context of one's own making as closely as the first. */
  readonly watch: (context: BrowserContext) => Promise<void>;
  /** A page in a browser of its own, signed in as this person of the demo, or as nobody. */
  readonly visit: (email?: string) => Promise<Page>;
  /** The stand-in for Google; it fails no more once the test is over. */
  readonly google: Google;
}

interface WorkerFixtures {
  /** The running product, one to a worker. */
  readonly server: TestServer;
  /** Cookies of those who have signed in, by address. */
  readonly sessions: Sessions;
}

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

/** Whether what was delivered reacts: React marks each element that it has taken over. */
const wired = () =>
  !document.querySelector('script[src*="/_next/"]') ||
  [...document.querySelectorAll('button')].every((button) =>
    Object.keys(button).some((key) => key.startsWith('__reactProps')),
  );

/** Wait until a page that was opened by a provider's, or anew, reacts to what is pressed there. */
export const alive = async (page: Page): Promise<void> => void (await page.waitForFunction(wired));

/**
 * Have whoever opens a page by its address see it as a person does, who takes a moment to read: a
 * press that comes before the page reacts is lost.
 */
function openAsAPersonDoes(page: Page): void {
  const goto = page.goto.bind(page);
  page.goto = async (url, options) => {
    const response = await goto(url, options);
    if (options?.waitUntil === undefined) await alive(page);
    return response;
  };
}

/** Characters of what the product said, at most, that stand beside a failed test. */
const longestTale = 20_000;

interface Surprises {
  readonly errors: string[];
  readonly expected: RegExp[];
}

/**
 * A test against the running production build, which fails on any error on the console of any of its
 * pages and on any breach of the content security policy.
 */
export const test = base.extend<
  Fixtures & { readonly surprises: Surprises; readonly tale: undefined },
  WorkerFixtures
>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names out of the pattern
    async ({}, use) => {
      // What it asks of the database is looked at afterwards: see db/testing/plans.
      const server = await startServer({ env: { QUERY_JOURNEY: journeyDirectory(root) } });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names out of the pattern
  sessions: [async ({}, use) => use(new Map()), { scope: 'worker' }],
  baseURL: async ({ server }, use) => use(server.url),
  surprises: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names out of the pattern
    async ({}, use) => {
      const seen: Surprises = { errors: [], expected: [] };
      await use(seen);
      const { errors, expected } = seen;
      const left = errors.filter((error) => !expected.some((known) => known.test(error)));
      expect(left, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],
  // What went wrong inside is said by the product alone, and its log is gone with it.
  tale: [
    async ({ server }, use, info) => {
      const before = server.output().length;
      await use(undefined);
      if (info.status === info.expectedStatus) return;
      const failures = server
        .output()
        .slice(before)
        .split(/\n(?=\S)/)
        .filter((entry) => /\b(?:ERROR|FATAL)\b|"level":"(?:error|fatal)"/.test(entry));
      const tale = failures.join('\n').slice(-longestTale);
      process.stdout.write(`What the product said meanwhile in “${info.title}”:\n${tale}\n`);
    },
    { auto: true },
  ],
  expectErrors: async ({ surprises }, use) => use((pattern) => surprises.expected.push(pattern)),
  watch: async ({ surprises: { errors } }, use) =>
    use(async (context) => {
      const note = (page: Page | null, text: string) => errors.push(`${page?.url()}: ${text}`);
      context.on('page', openAsAPersonDoes);
      await context.addInitScript(reportViolations);
      context.on('console', (message: ConsoleMessage) => {
        if (message.type() === 'error') note(message.page(), message.text());
      });
      context.on('weberror', (error) => note(error.page(), error.error().message));
    }),
  context: async ({ context, watch }, use) => {
    await watch(context);
    await use(context);
  },
  visit: async ({ browser, server, sessions, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (email) => {
      const storageState = email === undefined ? undefined : sessions.get(email);
      const context = await browser.newContext({
        baseURL: server.url,
        ...(storageState && { storageState }),
      });
      opened.push(context);
      await watch(context);
      const page = await context.newPage();
      if (email !== undefined && !storageState) {
        await signIn(page, email);
        sessions.set(email, await context.storageState());
      }
      return page;
    });
    for (const context of opened) await context.close();
  },
  google: async ({ server }, use) => {
    const google = new Google(server);
    await use(google);
    await google.clearFaults();
  },
});
