import { test as base, expect } from '../fixtures';
import { type Cast, makeCast } from './cast';

export { expect };

/** What a test of the isolation suite says of itself, for the report. */
export interface Said {
  /** An attack class as `security.md` names it: `app: a foreign id`. */
  readonly attack: string;
  readonly cases: number;
  /** What was tried, as a plain sentence. */
  readonly tried: string;
}

interface Fixtures {
  /** Tell the report what this test walked. */
  readonly report: (said: Said) => void;
  /** No answer to the attacker's people held a text of the victim's: asked after each test. */
  readonly noLeak: undefined;
}

/** A test of the isolation suite: two tenants with one of everything, on one running product. */
export const test = base.extend<Fixtures, { readonly cast: Cast }>({
  cast: [
    async ({ server }, use) => {
      const cast = await makeCast(server);
      await use(cast);
      await cast.pool.end();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names out of the pattern
  report: async ({}, use, info) =>
    use(({ attack, cases, tried }) => {
      info.annotations.push(
        { type: 'class', description: attack },
        { type: 'cases', description: String(cases) },
        { type: 'tried', description: tried },
      );
    }),
  noLeak: [
    async ({ cast }, use) => {
      await use(undefined);
      expect(cast.watch.leaks.splice(0), 'texts of another tenant in answers').toEqual([]);
    },
    { auto: true },
  ],
});
