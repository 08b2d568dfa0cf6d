import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { tids } from '@/emulators/microsoft/testing';
import { serviceAccountKey } from '@/emulators/testing/google';
import { consentOutcomes } from '@/lib/connections/contract';
import { atRest, connectGoogle, discovered } from './support/connect';
import { sql } from './support/database';
import { expect, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';

/** Every way to connect: one person's account, or the whole organisation, at each provider. */

test.setTimeout(240_000);
const patience = { timeout: 90_000 };

const main = (page: Page) => page.getByRole('main');
const told = (page: Page, outcome: keyof typeof consentOutcomes) =>
  main(page).getByText(consentOutcomes[outcome].message);

async function newcomer(page: Page, organisation: string): Promise<void> {
  await signUp(page, { organisation, name: 'Kim Doe', email: newAddress('kim') });
}

/** Choose in the dialog; what is not offered as a choice is chosen already. */
async function choose(page: Page, provider: string, whom: string): Promise<void> {
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: provider }).check();
  await dialog.getByRole('radio', { name: whom }).check();
}

const goOn = (page: Page, provider: string) =>
  page
    .getByRole('dialog')
    .getByRole('button', { name: `Go on to ${provider}` })
    .click();

const connected = (page: Page) =>
  expect(main(page).getByText('Active', { exact: true }).first()).toBeVisible(patience);

test('one person’s Microsoft 365', async ({ page }) => {
  await newcomer(page, 'Own Mailbox');
  await choose(page, 'Microsoft 365', 'One person');
  await goOn(page, 'Microsoft 365');
  await page.getByRole('button', { name: /victor@northwind\.example/ }).click();
  await expect(told(page, 'connected')).toBeVisible(patience);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('victor@northwind.example');
  await connected(page);
  await discovered(page);
});

test('Microsoft 365 of a whole organisation, which its administrator proves', async ({ page }) => {
  await newcomer(page, 'All of Northwind');
  await choose(page, 'Microsoft 365', 'The whole organisation');
  await goOn(page, 'Microsoft 365');
  await page.getByRole('button', { name: /olivia@northwind\.example/ }).click();
  await test.step('consent alone proves nothing: a sign-in follows', async () => {
    await expect(page).toHaveURL(/\/oauth2\/v2\.0\/authorize/);
    await page.getByRole('button', { name: /olivia@northwind\.example/ }).click();
  });
  await expect(told(page, 'connected')).toBeVisible(patience);
  await connected(page);
  await discovered(page);
  await test.step('a second time it is the same connection', async () => {
    const before = new URL(page.url()).pathname;
    await choose(page, 'Microsoft 365', 'The whole organisation');
    await goOn(page, 'Microsoft 365');
    await page.getByRole('button', { name: /olivia@northwind\.example/ }).click();
    await page.getByRole('button', { name: /olivia@northwind\.example/ }).click();
    await expect(page).toHaveURL(new RegExp(before), patience);
  });
});

test('Microsoft 365 of an organisation whose administrator says no', async ({ page }) => {
  await newcomer(page, 'Not Today');
  await choose(page, 'Microsoft 365', 'The whole organisation');
  await goOn(page, 'Microsoft 365');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(main(page).getByText('Awaiting consent').first()).toBeVisible();
  await expect(told(page, 'denied')).toBeVisible();
});

test('Microsoft 365 that another organisation is brought for is refused', async ({
  page,
  server,
}) => {
  await newcomer(page, 'Two Houses');
  await choose(page, 'Microsoft 365', 'The whole organisation');
  await goOn(page, 'Microsoft 365');
  await page.getByRole('button', { name: /olivia@northwind\.example/ }).click();
  await page.getByRole('button', { name: /olivia@northwind\.example/ }).click();
  await expect(told(page, 'connected')).toBeVisible(patience);
  const { pathname } = new URL(page.url());
  // A discovery that is going on still would say how the connection stands.
  await atRest(server, pathname);
  await sql(server, `update connections set state = 'needs_reconsent' where id = $1`, [
    pathname.split('/').at(-1),
  ]);
  await page.goto(pathname);
  await page.getByRole('button', { name: 'Connect again' }).click();
  await expect(page).toHaveURL(/adminconsent/);
  // The directory in the answer's address is what somebody wrote there.
  const state = new URL(page.url()).searchParams.get('state') ?? '';
  const forged = new URLSearchParams({ admin_consent: 'True', tenant: tids.fabrikam, state });
  await page.goto(`/api/connections/microsoft/callback?${forged}`);
  await expect(told(page, 'other_organisation')).toBeVisible();
  await expect(main(page).getByText('Needs reconsent').first()).toBeVisible();
});

test('a Slack workspace, and one permission more when it is needed', async ({ page, server }) => {
  await newcomer(page, 'Many Channels');
  await choose(page, 'Slack', 'The workspace');
  await goOn(page, 'Slack');
  await page.getByRole('button', { name: /Allow in Northwind/ }).click();
  await expect(told(page, 'connected')).toBeVisible(patience);
  await connected(page);
  await discovered(page);
  const { pathname } = new URL(page.url());
  await test.step('exactly that is asked for, and the rest stays', async () => {
    await page.goto(`${pathname}?allow=channels:manage`);
    await main(page)
      .getByRole('button', { name: /^Allow “Open and archive public channels/ })
      .first()
      .click();
    await page.getByRole('button', { name: /Allow in Northwind/ }).click();
    await expect(page).toHaveURL(new RegExp(pathname), patience);
    const [row] = await sql<{ scopes: string[] }>(
      server,
      'select scopes from connections where id = $1',
      [pathname.split('/').at(-1)],
    );
    expect(row?.scopes).toEqual(['channels:manage', 'channels:read', 'chat:write', 'users:read']);
  });
  await test.step('another workspace is refused', async () => {
    await atRest(server, pathname);
    await sql(server, `update connections set state = 'needs_reconsent' where id = $1`, [
      pathname.split('/').at(-1),
    ]);
    await page.goto(pathname);
    await page.getByRole('button', { name: 'Connect again' }).click();
    await page.getByRole('button', { name: /Allow in Fabrikam/ }).click();
    await expect(told(page, 'other_organisation')).toBeVisible();
  });
});

test('Google Workspace of a whole organisation, by its own service account', async ({
  page,
  google,
}, info) => {
  await newcomer(page, 'Keys in Hand');
  await choose(page, 'Google Workspace', 'The whole organisation');
  const dialog = page.getByRole('dialog');
  const wrong = info.outputPath('wrong.json');
  writeFileSync(wrong, '{"installed":{}}');
  await dialog.getByLabel('Key file').setInputFiles(wrong);
  await dialog.getByLabel('Administrator', { exact: true }).fill('olivia@northwind.example');
  await dialog.getByRole('button', { name: 'Check the key and connect' }).click();
  await expect(dialog.getByText(/OAuth client/)).toBeVisible();
  const right = info.outputPath('key.json');
  writeFileSync(right, await serviceAccountKey(google, 'northwind.example'));
  await dialog.getByLabel('Key file').setInputFiles(right);
  await dialog.getByRole('button', { name: 'Check the key and connect' }).click();
  await expect(page).toHaveURL(/\/connections\/[0-9a-f-]{36}/, patience);
  await connected(page);
  await discovered(page);
  expect(await page.content()).not.toContain('PRIVATE KEY');
});

test('an automation that needs one thing more leads to allowing exactly that', async ({ page }) => {
  const account = 'leo@tailspin.example';
  await newcomer(page, 'One Thing More');
  await connectGoogle(page, account);
  await discovered(page);
  const { pathname } = new URL(page.url());
  await page.goto('/automations/new/focus-block');
  await page.getByLabel('Connection', { exact: true }).selectOption({ index: 1 });
  await expect(main(page).getByText(/was not allowed all that is needed/)).toBeVisible();
  await main(page).getByRole('link', { name: 'Allow it' }).click();
  await expect(page).toHaveURL(new RegExp(`${pathname}\\?allow=`));
  const allow = main(page).getByRole('button', { name: 'Allow “Add events to calendars”' });
  await allow.first().click();
  await page.getByRole('button', { name: new RegExp(account) }).click();
  await expect(told(page, 'connected')).toBeVisible(patience);
  await expect(allow).toHaveCount(0);
  await page.goto('/automations/new/focus-block');
  await page.getByLabel('Connection', { exact: true }).selectOption({ index: 1 });
  await expect(main(page).getByText(/was not allowed all that is needed/)).toHaveCount(0);
});
