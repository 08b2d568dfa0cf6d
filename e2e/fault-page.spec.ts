import type { Page } from '@playwright/test';
import { discovered, findsOut } from './support/connect';
import { expect, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';

/** A person of the demo breaks a provider on its page, and sees what becomes of a connection. */

test.setTimeout(240_000);
const patience = { timeout: 90_000 };
const account = 'priya@northwind.example';
const main = (page: Page) => page.getByRole('main');

/** The page on which the stand-in can be broken, by the link above every page. */
async function openFaultPage(page: Page, provider: string): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Break one and watch' }).click();
  const faults = await opened;
  await faults.getByRole('link', { name: provider }).click();
  await expect(faults.getByRole('heading', { level: 1 })).toHaveText(`Break ${provider}`);
  return faults;
}

test('a connection is broken and brought back', async ({ page }) => {
  await signUp(page, { organisation: 'Breaks Things', name: 'Kim Doe', email: newAddress('kim') });
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Microsoft 365' }).check();
  await dialog.getByRole('radio', { name: 'One person' }).check();
  await dialog.getByRole('button', { name: 'Go on to Microsoft 365' }).click();
  await page.getByRole('button', { name: account }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(account);
  await discovered(page);

  const faults = await openFaultPage(page, 'Microsoft 365');
  const row = faults.locator('.account').filter({ hasText: account });
  await test.step('its owner takes the consent back', async () => {
    await expect(faults.getByText('GET /v1.0/me').first()).toBeVisible();
    await row.getByRole('button', { name: 'Take back the consent' }).click();
    await expect(row).toHaveCount(0);
  });
  await test.step('the product finds out, and says so', async () => {
    await findsOut(page, 'Needs reconsent');
  });
  await test.step('and one button brings it back', async () => {
    const before = page.url().replace(/\?.*/, '');
    await main(page).getByRole('button', { name: 'Connect again' }).click();
    await page.getByRole('button', { name: account }).click();
    await expect(main(page).getByText('Active', { exact: true }).first()).toBeVisible(patience);
    expect(page.url().replace(/\?.*/, '')).toBe(before);
    await expect(row).toHaveCount(1);
  });
});

test('the page sets and clears faults, and fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await signUp(page, { organisation: 'Small Screen', name: 'Kim Doe', email: newAddress('kim') });
  const faults = await openFaultPage(page, 'Slack');
  await faults.setViewportSize({ width: 360, height: 800 });
  // For nobody else in this run: other tests use the same stand-in.
  await faults.getByLabel('For').selectOption({ index: 1 });
  await faults.getByLabel('How often').selectOption('once');
  await faults.getByRole('button', { name: /^Slow/ }).click();
  const wrong = faults.locator('#faults');
  await expect(wrong.getByText('Strikes: 0 of 1')).toBeVisible();
  const width = await faults.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(360);
  await wrong.getByRole('button', { name: 'Clear all faults' }).click();
  await expect(wrong.getByText('Everything answers as it should.')).toBeVisible();
});
