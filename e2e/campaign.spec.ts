import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { connectGoogle, discovered } from './support/connect';
import { expect, people, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';

/** Staff asks for a connection's authority, from the first mail to the last line of the export. */

test.setTimeout(240_000);
/** Mails go out by the minute; a slow machine may take two. */
const patience = { timeout: 150_000 };
const account = 'mika@tailspin.example';

/** The link in the mail that somebody got, as staff reads it in the outbox of a demo. */
async function mailedLink(staff: Page, email: string): Promise<string> {
  const mail = staff.getByRole('link', { name: /^Please connect/ });
  await expect(async () => {
    await staff.goto('/admin/outbox');
    await staff
      .getByRole('row', { name: new RegExp(email) })
      .filter({ has: mail })
      .first()
      .getByRole('link')
      .first()
      .click();
  }).toPass(patience);
  const link = await staff.getByRole('link', { name: /\/reconsent\// }).getAttribute('href');
  if (!link) throw new Error('the mail has no link');
  return link;
}

test('a campaign asks for what broke, and a stranger to the product mends it by its link', async ({
  page,
  visit,
  google,
}) => {
  const organisation = `Lighthouse ${Date.now().toString(36)}`;
  const email = newAddress('ida');
  await signUp(page, { organisation, name: 'Ida Moe', email });
  await connectGoogle(page, account);
  await discovered(page);
  const connection = page.url().split('?')[0] ?? '';
  await google.revoke(account);
  await google.expire(account);
  await page.getByRole('button', { name: 'Discover again' }).click();
  await expect(page.getByRole('main').getByText('Needs reconsent').first()).toBeVisible(patience);

  const staff = await visit(people.support.email);
  await staff.goto('/admin/reconsent/new');
  await staff.getByRole('radio', { name: 'Google Workspace: one person’s account' }).check();
  await expect(
    staff
      .getByRole('status')
      .filter({ hasText: /\d+ connections? of \d+ tenants? would be asked/ }),
  ).toBeVisible();
  await staff.getByLabel('Message').fill('Google has withdrawn old consents. Please give it anew.');
  await staff.getByRole('button', { name: 'Start the campaign' }).click();
  await expect(staff.getByRole('heading', { level: 1 })).toHaveText(/Google Workspace/);
  const row = staff.getByRole('row', { name: new RegExp(organisation) });
  await expect(row).toContainText('Waiting');

  const link = await mailedLink(staff, email);
  const stranger = await visit();
  await stranger.goto(link);
  await expect(stranger.getByRole('main')).toContainText(organisation);
  await expect(stranger.getByRole('main')).toContainText('Google has withdrawn old consents');
  await stranger.getByRole('button', { name: /Google Workspace/ }).click();
  await stranger.getByRole('button', { name: new RegExp(account) }).click();
  await expect(stranger.getByRole('main')).toContainText(/thank/i);

  await page.goto(connection);
  await expect(page.getByRole('main').getByText('Active').first()).toBeVisible();
  await staff.goBack();
  await staff.goto('/admin/reconsent');
  await staff
    .getByRole('link', { name: /Google Workspace/ })
    .first()
    .click();
  await expect(row).toContainText('Done');
  const [download] = await Promise.all([
    staff.waitForEvent('download'),
    staff.getByRole('link', { name: 'Export CSV' }).click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toContain(organisation);
});
