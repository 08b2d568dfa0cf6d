import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { connectGoogle, discovered } from './support/connect';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import type { Google } from './support/google';
import { newAddress, signUp } from './support/people';

/** Staff asks for a connection's authority, from the first mail to the last line of the export. */

/** Two mails, each by the minute, besides the rest. */
test.setTimeout(480_000);
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

/** An organisation whose connection has lost its consent. */
async function broken(page: Page, google: Google, name: string) {
  const organisation = `${name} ${Date.now().toString(36)}`;
  const email = newAddress('ida');
  await signUp(page, { organisation, name: 'Ida Moe', email });
  await connectGoogle(page, account);
  await discovered(page);
  const connection = page.url().split('?')[0] ?? '';
  await google.revoke(account);
  await google.expire(account);
  await page.getByRole('button', { name: 'Discover again' }).click();
  await expect(page.getByRole('main').getByText('Needs reconsent').first()).toBeVisible(patience);
  return { organisation, email, connection };
}

/** Ask for what one person's Google account has lost. */
async function begin(staff: Page): Promise<void> {
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
}

test('a campaign asks for what broke, and a stranger to the product mends it by its link', async ({
  page,
  visit,
  google,
}) => {
  const { organisation, email, connection } = await broken(page, google, 'Lighthouse');
  const staff = await visit(people.support.email);
  await begin(staff);
  const row = staff.getByRole('row', { name: new RegExp(organisation) });
  await expect(row).toContainText('Waiting');
  await test.step('its own page says who asks, why and until when', async () => {
    await page.goto(connection);
    // Another campaign may ask it as well.
    const asked = page.getByRole('note').filter({ hasText: 'asks you to connect this again by' });
    await expect(asked.first()).toContainText('Google has withdrawn old consents');
  });

  const link = await mailedLink(staff, email);
  const stranger = await visit();
  await stranger.goto(link);
  await expect(stranger.getByRole('main')).toContainText(organisation);
  await expect(stranger.getByRole('main')).toContainText('Google has withdrawn old consents');
  await stranger.getByRole('button', { name: /Google Workspace/ }).click();
  await stranger.getByRole('button', { name: new RegExp(account) }).click();
  await expect(stranger.getByRole('main')).toContainText(/thank/i);

  await page.goto(connection);
  await expect(page.getByRole('main').getByText('Active', { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/asks you to connect this again/)).toHaveCount(0);
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

test('a campaign reminds those who have not answered, and asks nobody once it is stopped', async ({
  page,
  visit,
  google,
  server,
}) => {
  const { organisation, email } = await broken(page, google, 'Pier');
  const staff = await visit(people.support.email);
  await begin(staff);
  const link = await mailedLink(staff, email);
  const mails = async () => {
    const [row] = await sql<{ n: number }>(
      server,
      'select count(*)::int as n from mails where recipient = $1 and sent_at is not null',
      [email],
    );
    return row?.n ?? 0;
  };
  const before = await mails();
  await test.step('the day of the reminder comes', async () => {
    await sql(
      server,
      `update reconsent_requests r set next_mail_at = now() from tenants t
       where t.id = r.tenant_id and t.name = $1`,
      [organisation],
    );
    await expect.poll(mails, patience).toBeGreaterThan(before);
  });
  await staff.goto('/admin/reconsent');
  await staff
    .getByRole('link', { name: /Google Workspace/ })
    .first()
    .click();
  await staff.getByRole('button', { name: 'Stop', exact: true }).click();
  await staff.getByRole('alertdialog').getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(staff.getByRole('main').getByText('Stopped').first()).toBeVisible();
  const stranger = await visit();
  await expect(async () => {
    await stranger.goto(link);
    await expect(stranger.getByRole('heading', { name: 'This link was withdrawn' })).toBeVisible({
      timeout: 1_000,
    });
  }).toPass(patience);
});
