import { expect, type Page } from '@playwright/test';

/** Discoveries take seconds; a slow machine may take a minute. */
const patience = { timeout: 60_000 };

/**
 * Connect a Google account on the provider's page; ends on the connection. One that is connected
 * already is only opened.
 */
export async function connectGoogle(page: Page, account: string): Promise<void> {
  await page.goto('/connections');
  const known = page.getByRole('link', { name: account });
  const connect = page.getByRole('button', { name: 'Connect an account' });
  await expect(connect).toBeVisible();
  if (await known.isVisible()) {
    await known.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(account);
    return;
  }
  await connect.click();
  await page.getByRole('radio', { name: 'Google Workspace' }).check();
  await page.getByRole('button', { name: 'Go on to Google Workspace' }).click();
  await expect(page.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
  await page.getByRole('button', { name: new RegExp(account) }).click();
  await expect(page).toHaveURL(/\/connections\/[0-9a-f-]{36}/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(account);
}

/** Wait until the discovery of the connection on this page is through. */
export async function discovered(page: Page): Promise<void> {
  const card = page.getByRole('region', { name: 'Discovery' });
  await expect(card.getByText('Succeeded', { exact: true })).toBeVisible(patience);
}
