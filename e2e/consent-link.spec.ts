import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { answerConsent } from '@/emulators/testing';
import { serviceAccountKey } from '@/emulators/testing/google';
import { connectGoogle, discovered } from './support/connect';
import { sql } from './support/database';
import { alive, expect, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';
import { StandIn } from './support/stand-in';

/** Consent by somebody who has no account here: the administrator's link, from both ends. */

test.setTimeout(240_000);
const patience = { timeout: 90_000 };
const account = 'leo@tailspin.example';
const main = (page: Page) => page.getByRole('main');

async function newcomer(page: Page, organisation: string): Promise<void> {
  await signUp(page, { organisation, name: 'Kim Doe', email: newAddress('kim') });
}

/** Ask for a connection by the dialog. @returns the address of the link, as it is shown once */
async function ask(page: Page, provider: string, whom: string): Promise<string> {
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: provider }).check();
  await dialog.getByRole('radio', { name: whom }).check();
  await dialog.getByRole('button', { name: 'Somebody else has to allow it' }).click();
  await dialog.getByLabel('Their address').fill('it@tailspin.example');
  await dialog.getByLabel('A word to them').fill('As we said on Monday.');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const address = (await dialog.locator('code').textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
  return address;
}

test('the administrator connects the whole organisation by a link', async ({ page, visit }) => {
  await newcomer(page, 'Asks Nicely');
  const link = await ask(page, 'Microsoft 365', 'The whole organisation');
  await expect(main(page).getByText('Awaiting admin')).toBeVisible();
  await main(page).getByRole('link', { name: 'Microsoft 365' }).click();
  await expect(main(page).getByText('Waiting for it@tailspin.example')).toBeVisible();
  await expect(main(page).getByText('It has not been opened yet.')).toBeVisible();

  const admin = await visit();
  await test.step('who sees what is asked for, by whom and why', async () => {
    await admin.goto(link);
    await expect(
      admin.getByRole('heading', { name: 'Asks Nicely asks you to connect Microsoft 365' }),
    ).toBeVisible();
    await expect(main(admin).getByText('As we said on Monday.')).toBeVisible();
    await expect(main(admin).getByRole('listitem').first()).toBeVisible();
  });
  await test.step('and allows it in their own browser, without an account', async () => {
    await admin.getByRole('button', { name: 'Go on to Microsoft 365' }).click();
    await admin.getByRole('button', { name: /omar@fabrikam\.example/ }).click();
    await admin.getByRole('button', { name: /omar@fabrikam\.example/ }).click();
    await expect(admin.getByRole('heading', { name: 'Thank you, it is connected' })).toBeVisible(
      patience,
    );
    await admin.goto(link);
    await expect(admin.getByRole('heading', { name: 'This link has been used' })).toBeVisible();
  });
  await page.reload();
  await expect(main(page).getByText('Active', { exact: true }).first()).toBeVisible(patience);
});

test('where only administrators allow apps, one does so by a link, and people connect', async ({
  page,
  visit,
  server,
}) => {
  const microsoft = new StandIn(server, 'microsoft');
  await microsoft.act('close_to_apps', 'fabrikam.example');
  await newcomer(page, 'Has To Ask');
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  const choice = page.getByRole('dialog');
  await choice.getByRole('radio', { name: 'Microsoft 365' }).check();
  await choice.getByRole('radio', { name: 'One person' }).check();
  await choice.getByRole('button', { name: 'Go on to Microsoft 365' }).click();
  await page.getByRole('button', { name: /vera@fabrikam\.example/ }).click();
  await page.getByRole('button', { name: /Return to the application/ }).click();
  await expect(main(page).getByText(/Only an administrator of your organisation/)).toBeVisible();
  await alive(page);
  await page.getByRole('button', { name: 'Ask the administrator' }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(
    dialog.getByRole('radio', { name: /An administrator of your Microsoft 365/ }),
  ).toBeChecked();
  await dialog.getByLabel('Their address').fill('omar@fabrikam.example');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = (await dialog.locator('code').textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
  const admin = await visit();
  await admin.goto(link);
  await expect(
    admin.getByRole('heading', { name: 'Has To Ask asks you to allow Tenantry in Microsoft 365' }),
  ).toBeVisible();
  await admin.getByRole('button', { name: 'Go on to Microsoft 365' }).click();
  await admin.getByRole('button', { name: /omar@fabrikam\.example/ }).click();
  await expect(admin.getByRole('heading', { name: 'Thank you, it is allowed' })).toBeVisible(
    patience,
  );
  await page.goto(new URL(page.url()).pathname);
  await expect(main(page).getByText('omar@fabrikam.example has allowed it.')).toBeVisible();
  await page.getByRole('button', { name: 'Give consent' }).click();
  await page.getByRole('button', { name: /vera@fabrikam\.example/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('vera@fabrikam.example');
  await microsoft.act('open_to_apps', 'fabrikam.example');
  await expect(main(page).getByText('Active', { exact: true }).first()).toBeVisible(patience);
});

test('a link is for one browser and one use, and can be withdrawn', async ({
  page,
  visit,
  server,
}) => {
  await newcomer(page, 'Second Guesses');
  const link = await ask(page, 'Google Workspace', 'One person');
  const [admin, other] = [await visit(), await visit()];
  await admin.goto(link);
  await admin.getByRole('button', { name: 'Go on to Google Workspace' }).click();
  await expect(admin.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
  const callback = (await answerConsent(admin.url(), { email: account })).href;
  await test.step('another browser cannot bring its answer', async () => {
    await other.goto(callback);
    await expect(other.getByRole('heading', { name: 'This was not begun here' })).toBeVisible();
  });
  await test.step('a denied consent leaves it open', async () => {
    await admin.getByRole('button', { name: 'Cancel' }).click();
    await expect(main(admin).getByRole('alert')).toContainText('Consent was not given');
  });
  await test.step('withdrawn it says so, and so does one that has expired', async () => {
    await main(page).getByRole('link', { name: 'Google Workspace' }).click();
    await expect(main(page).getByRole('button', { name: 'Withdraw the link' })).toBeVisible();
    await alive(page);
    await main(page).getByRole('button', { name: 'Withdraw the link' }).click();
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
    // Until it is withdrawn the dialog is open, and what lies behind it is out of sight.
    await expect(page.getByRole('alertdialog')).toHaveCount(0);
    await expect(main(page).getByText('Waiting for it@tailspin.example')).toHaveCount(0);
    await other.goto(link);
    await expect(other.getByRole('heading', { name: 'This link was withdrawn' })).toBeVisible();
    await sql(
      server,
      `update consent_links l set revoked_at = null, expires_at = now() - interval '1 second'
       from tenants t where t.id = l.tenant_id and t.name = 'Second Guesses'`,
    );
    await other.goto(link);
    await expect(other.getByRole('heading', { name: 'This link has expired' })).toBeVisible();
  });
  await test.step('one that never was looks like one of somebody else', async () => {
    await other.goto(`/reconsent/${'A'.repeat(43)}`);
    await expect(other.getByRole('heading', { name: 'This link was not found' })).toBeVisible();
  });
});

test('a broken connection names what waits, and its owner brings it back by a link', async ({
  page,
  visit,
  google,
}) => {
  await newcomer(page, 'Comes Back');
  await connectGoogle(page, account);
  const { pathname } = new URL(page.url());
  await discovered(page);
  await page.goto('/automations/new/external-files');
  await page.getByRole('button', { name: 'Create automation' }).click();
  await expect(page).toHaveURL(/\/automations\/[0-9a-f-]{36}/, patience);
  await google.revoke(account);
  await page.goto(pathname);
  await page.getByRole('button', { name: 'Discover again' }).click();
  await expect(main(page).getByText('Needs reconsent')).toBeVisible(patience);
  await expect(main(page).getByText(/One automation waits since then/)).toBeVisible();
  await page.getByRole('button', { name: 'Ask its owner' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Their address').fill(account);
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = (await dialog.locator('code').textContent()) ?? '';
  const owner = await visit();
  await owner.goto(link);
  await expect(owner.getByRole('heading', { level: 1 })).toContainText(account);
  await owner.getByRole('button', { name: 'Go on to Google Workspace' }).click();
  await test.step('another account is refused', async () => {
    await expect(owner.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
    const address = new URL(owner.url());
    address.searchParams.delete('login_hint');
    const back = await answerConsent(address.href, { email: 'olivia@northwind.example' });
    await owner.goto(back.href);
    await expect(main(owner).getByRole('alert')).toContainText('another account');
    await owner.getByRole('button', { name: 'Go on to Google Workspace' }).click();
  });
  await owner.getByRole('button', { name: new RegExp(account) }).click();
  await expect(owner.getByRole('heading', { name: 'Thank you, it is connected' })).toBeVisible(
    patience,
  );
  await page.goto(pathname);
  await expect(main(page).getByText('Active', { exact: true }).first()).toBeVisible(patience);
});

test('a workspace of Slack, and Google’s key, are given by a link as well', async ({
  page,
  visit,
  google,
}, info) => {
  await newcomer(page, 'Hands Over');
  const admin = await visit();
  const thanks = admin.getByRole('heading', { name: 'Thank you, it is connected' });
  await test.step('Slack, by whoever looks after the workspace', async () => {
    await admin.goto(await ask(page, 'Slack', 'The workspace'));
    await admin.getByRole('button', { name: 'Go on to Slack' }).click();
    await admin.getByRole('button', { name: /Allow in Fabrikam/ }).click();
    await expect(thanks).toBeVisible(patience);
  });
  await test.step('a service account’s key, which its sender never sees again', async () => {
    await admin.goto(await ask(page, 'Google Workspace', 'The whole organisation'));
    const file = info.outputPath('key.json');
    writeFileSync(file, await serviceAccountKey(google, 'northwind.example'));
    await admin.getByLabel('Key file').setInputFiles(file);
    await admin.getByLabel('Administrator', { exact: true }).fill('olivia@northwind.example');
    await admin.getByRole('button', { name: 'Check the key and connect' }).click();
    await expect(thanks).toBeVisible(patience);
    expect(await admin.content()).not.toContain('PRIVATE KEY');
  });
  await page.goto('/connections');
  await expect(main(page).getByText('Active', { exact: true })).toHaveCount(2, patience);
});
