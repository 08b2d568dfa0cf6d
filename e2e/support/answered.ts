import { expect, type Page } from '@playwright/test';

/**
 * Press a button that calls a server action, and wait until its answer is on the page. For forms that
 * look the same before and after: what was typed stays in its fields. The button is busy until then;
 * the browser's word that an answer has ended does not always come.
 */
export async function answered(page: Page, act: () => Promise<unknown>): Promise<void> {
  const response = page.waitForResponse(
    (one) => one.request().method() === 'POST' && 'next-action' in one.request().headers(),
  );
  await act();
  await response;
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}
