import { expect, type Page } from '@playwright/test';

/** Runs take seconds; a slow machine may take a minute. */
const patience = { timeout: 60_000 };

/** Wait until the run on this page is over, and say how it ended. */
export async function ended(page: Page): Promise<string> {
  await expect(page.getByRole('button', { name: /^(Dry run|Run) again$/ })).toBeVisible(patience);
  const states = page.getByRole('main').getByText(/^(Succeeded|Failed|Cancelled)$/);
  return (await states.first().textContent()) ?? '';
}
