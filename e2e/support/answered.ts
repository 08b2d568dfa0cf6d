import type { Page } from '@playwright/test';

/**
 * Press something that calls a server action, and wait until the server has done it. For forms that
 * look the same before and after: what was typed stays in its fields.
 */
export async function answered(page: Page, act: () => Promise<unknown>): Promise<void> {
  const response = page.waitForResponse(
    (one) => one.request().method() === 'POST' && 'next-action' in one.request().headers(),
  );
  await act();
  await (await response).finished();
}
