import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { serviceAccountKey } from '@/emulators/testing/google';
import { atRest, discovered, findsOut } from './support/connect';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';
import type { TestServer } from './support/server';
import { StandIn } from './support/stand-in';

/** Each way in which a connection breaks, as its people see it, and how it comes back. */

test.setTimeout(240_000);
const patience = { timeout: 90_000 };
const main = (page: Page) => page.getByRole('main');

interface Connecting {
  readonly provider: 'Google Workspace' | 'Microsoft 365' | 'Slack';
  readonly whom: 'One person' | 'The whole organisation' | 'The workspace';
  /** What is pressed on the provider's pages, in their order. */
  readonly press: readonly RegExp[];
}

const ownMailbox = (account: string): Connecting => ({
  provider: 'Microsoft 365',
  whom: 'One person',
  press: [new RegExp(account)],
});

async function give(page: Page, press: readonly RegExp[]): Promise<void> {
  for (const name of press) await page.getByRole('button', { name }).click();
}

/** An organisation of its own with one connection. @returns the path of the connection's page */
async function connected(page: Page, connecting: Connecting): Promise<string> {
  const { provider, whom, press } = connecting;
  await signUp(page, {
    organisation: `Breaks ${crypto.randomUUID().slice(0, 8)}`,
    name: 'Kim Doe',
    email: newAddress('kim'),
  });
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: provider }).check();
  await dialog.getByRole('radio', { name: whom }).check();
  await dialog.getByRole('button', { name: `Go on to ${provider}` }).click();
  await give(page, press);
  await expect(page).toHaveURL(/\/connections\/[0-9a-f-]{36}/, patience);
  await discovered(page);
  return new URL(page.url()).pathname;
}

/** What is kept of an access token's time is up: the next call fetches another. Opens its page. */
async function runOut(page: Page, server: TestServer, path: string): Promise<void> {
  await sql(
    server,
    `update credentials set access_expires_at = now() - interval '1 minute'
     where connection_id = $1`,
    [path.split('/').at(-1)],
  );
  // Until the page is alive a press is lost.
  await page.goto(path, { waitUntil: 'networkidle' });
}

const stands = (page: Page, badge: string) =>
  expect(main(page).getByText(badge, { exact: true }).first()).toBeVisible(patience);

test('a rule of Microsoft’s administrator blocks it, and consent brings it back', async ({
  page,
  server,
}) => {
  const account = 'grace@northwind.example';
  const connecting = ownMailbox(account);
  const path = await connected(page, connecting);
  const microsoft = new StandIn(server, 'microsoft');
  await microsoft.preset('conditional_access', account);
  await runOut(page, server, path);
  await findsOut(page, 'Blocked by policy');
  await microsoft.clearFaults();
  await page.getByRole('button', { name: 'Connect again' }).click();
  await give(page, connecting.press);
  await stands(page, 'Active');
  expect(new URL(page.url()).pathname).toBe(path);
});

test('a permission that was taken from the application is named, and asked for again', async ({
  page,
  server,
}) => {
  const connecting: Connecting = {
    provider: 'Microsoft 365',
    whom: 'The whole organisation',
    press: [/omar@fabrikam\.example/, /omar@fabrikam\.example/],
  };
  const path = await connected(page, connecting);
  const microsoft = new StandIn(server, 'microsoft');
  await microsoft.act('remove_permission', 'fabrikam.example', 'Calendars.ReadWrite');
  await runOut(page, server, path);
  await findsOut(page, 'Needs more access');
  await page.getByRole('button', { name: 'Connect again' }).click();
  await give(page, connecting.press);
  await stands(page, 'Active');
});

test('a secret of ours that has expired is no fault of the customer’s, and staff hear of it', async ({
  page,
  server,
  visit,
}) => {
  const account = 'grace@northwind.example';
  const path = await connected(page, ownMailbox(account));
  const microsoft = new StandIn(server, 'microsoft');
  await microsoft.preset('app_secret', account);
  // Said once, although the connection is told as answering badly because of it.
  const notice = main(page).getByText('Microsoft 365 does not let Tenantry in at the moment', {
    exact: true,
  });
  await runOut(page, server, path);
  await page.getByRole('button', { name: 'Discover again' }).click();
  await expect(async () => {
    await page.goto(path);
    await expect(notice).toBeVisible({ timeout: 1_000 });
  }).toPass(patience);
  await expect(page.getByRole('button', { name: 'Connect again' })).toHaveCount(0);
  const staff = await visit(people.support.email);
  await staff.goto('/admin/alerts');
  await expect(
    main(staff)
      .getByText(/Microsoft 365/)
      .first(),
  ).toBeVisible(patience);
  await microsoft.clearFaults();
  await expect(async () => {
    await page.goto(path);
    const again = page.getByRole('button', { name: 'Discover again' });
    if (await again.isEnabled()) await again.click();
    await expect(notice).toHaveCount(0, { timeout: 1_000 });
  }).toPass(patience);
});

test('a scope that Slack’s administrator took away is named, and allowed again', async ({
  page,
  server,
}) => {
  const connecting: Connecting = {
    provider: 'Slack',
    whom: 'The workspace',
    press: [/Allow in Fabrikam/],
  };
  const path = await connected(page, connecting);
  const slack = new StandIn(server, 'slack');
  await slack.act('narrow', 'fabrikam', 'channels:read');
  await findsOut(page, 'Needs more access');
  await page.getByRole('button', { name: 'Connect again' }).click();
  await give(page, connecting.press);
  await stands(page, 'Active');
  // What was allowed again is looked at now; only what comes after that is to be blocked.
  await atRest(server, path);
  await slack.preset('blocked', 'fabrikam');
  await page.goto(path, { waitUntil: 'networkidle' });
  await findsOut(page, 'Blocked by policy');
  await slack.clearFaults();
  await page.getByRole('button', { name: 'Connect again' }).click();
  await give(page, connecting.press);
  await stands(page, 'Active');
});

test('a service account whose key was replaced comes back by the new key', async ({
  page,
  google,
  server,
}, info) => {
  const domain = 'northwind.example';
  const file = info.outputPath('key.json');
  const giveKey = async () => {
    writeFileSync(file, await serviceAccountKey(google, domain));
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Key file').setInputFiles(file);
    await dialog.getByLabel('Administrator', { exact: true }).fill(`olivia@${domain}`);
    await dialog.getByRole('button', { name: 'Check the key and connect' }).click();
  };
  await signUp(page, { organisation: 'New Locks', name: 'Kim Doe', email: newAddress('kim') });
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Google Workspace' }).check();
  await dialog.getByRole('radio', { name: 'The whole organisation' }).check();
  await giveKey();
  await expect(page).toHaveURL(/\/connections\/[0-9a-f-]{36}/, patience);
  await discovered(page);
  const path = new URL(page.url()).pathname;
  await google.act('new_key', domain);
  await runOut(page, server, path);
  await findsOut(page, 'Needs reconsent');
  await page.getByRole('button', { name: 'Connect again' }).click();
  await giveKey();
  await stands(page, 'Active');
  expect(new URL(page.url()).pathname).toBe(path);
});
