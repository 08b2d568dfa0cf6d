import { expect, type Page } from '@playwright/test';
import { sql } from './database';
import type { TestServer } from './server';

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

/**
 * Wait until nobody looks at what this connection has: what is done to its row from outside stays,
 * and a fault that is set now strikes nobody else. @param path of its page
 */
export async function atRest(server: TestServer, path: string): Promise<void> {
  const going = async () => {
    const statement = `select id from discoveries
                        where connection_id = $1 and state in ('queued', 'running')`;
    return (await sql(server, statement, [path.split('/').at(-1)])).length;
  };
  await expect.poll(going, patience).toBe(0);
}

/**
 * Have the connection on this page used, and wait until the page says how it stands then. What looks
 * after connections by the minute, or a word of its provider, may have found out before the press.
 */
export async function findsOut(page: Page, state: string): Promise<void> {
  const found = page.getByRole('main').getByText(state, { exact: true });
  const again = page.getByRole('button', { name: 'Discover again' });
  await found.or(again).first().click();
  await expect(found.first()).toBeVisible({ timeout: 90_000 });
}

/** Wait until the discovery of the connection on this page is through. */
export async function discovered(page: Page): Promise<void> {
  const card = page.getByRole('region', { name: 'Discovery' });
  await expect(card.getByText('Succeeded', { exact: true })).toBeVisible(patience);
}
