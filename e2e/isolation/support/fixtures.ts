import { test as base, expect } from '@playwright/test';
import { openPlace, type Place } from './place';

export { expect };

/** The SQL half's tests: one database of their own to a worker, filled for two tenants. */
export const test = base.extend<object, { readonly place: Place }>({
  place: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names out of the pattern
    async ({}, use) => {
      const place = await openPlace();
      await use(place);
      await place.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

/** The attack that a test makes, as the report names it. */
export interface Attack {
  /** As named in the reference of attack classes, after its kind: `sql: a partition child`. */
  readonly class: string;
  /** A plain sentence of what was tried. */
  readonly tried: string;
  /** What PostgreSQL tells all the same, said honestly; no tenant's bytes. */
  readonly told?: string;
}

/** What a test says about itself before it runs. */
export function attack({ class: name, tried, told }: Attack) {
  return {
    annotation: [
      { type: 'class', description: name },
      { type: 'tried', description: tried },
      ...(told === undefined ? [] : [{ type: 'told', description: told }]),
    ],
  };
}

/** Say how many cases this test has walked. */
export function walked(cases: number): void {
  base.info().annotations.push({ type: 'cases', description: String(cases) });
}
