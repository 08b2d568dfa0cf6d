import type { Page } from '@playwright/test';
import { callAction } from './support/actions';
import { connectGoogle } from './support/connect';
import { expect, people, test } from './support/fixtures';
import { fillCode, newAddress, signUp } from './support/people';
import { tells } from './support/told';

/** Staff look into an organisation: what they see, and what its people see of them. */

test.setTimeout(180_000);

const { name: staffName } = people.support;

/** A new organisation, its owner’s page, and the console’s page on support in it. */
async function helped(page: Page, staff: Page, who: string) {
  const organisation = `${who} ${Date.now().toString(36)}`;
  await signUp(page, { organisation, name: `${who} Moe`, email: newAddress(who.toLowerCase()) });
  await staff.goto(`/admin/tenants?q=${encodeURIComponent(organisation)}`);
  await staff.getByRole('link', { name: organisation }).first().click();
  await expect(staff).toHaveURL(/\/admin\/tenants\/[0-9a-f-]{36}/);
  const desk = `${new URL(staff.url()).pathname.split('/').slice(0, 4).join('/')}/support`;
  await staff.goto(desk);
  return { organisation, desk };
}

const banner = (page: Page) => page.getByRole('region', { name: 'Support session' });

async function lookIn(staff: Page, reason: string): Promise<void> {
  await staff.getByLabel('Reason').fill(reason);
  await staff.getByRole('button', { name: 'Look in for 30 minutes' }).click();
  await expect(staff).toHaveURL('/overview');
}

test('staff look in with a reason, read only and in sight, until the owner ends it', async ({
  page,
  visit,
  expectErrors,
}) => {
  expectErrors(/403/);
  const staff = await visit(people.support.email);
  const { organisation, desk } = await helped(page, staff, 'Ida');
  await staff.getByLabel('Ticket').fill('T-4711');
  await lookIn(staff, 'The connection does not come up');

  // On every page, and in every tab.
  const other = await staff.context().newPage();
  await other.goto('/members');
  for (const one of [staff, other]) {
    await expect(banner(one)).toContainText(organisation);
    await expect(banner(one)).toContainText('look only. The connection does not come up (T-4711)');
    // Half an hour, less what this test has taken until now.
    await expect(banner(one)).toContainText(/(30:00|2[5-9]:\d\d) left/);
  }
  await expect(other.getByRole('main')).toContainText('Ida Moe');
  await other.close();

  // It shows how things stand, and neither what they hold nor a way to change them.
  await staff.getByRole('link', { name: 'Connections' }).first().click();
  await expect(staff.getByRole('heading', { level: 1 })).toHaveText('Connections');
  await expect(banner(staff)).toBeVisible();
  await expect(staff.getByRole('button', { name: /Connect/ })).toHaveCount(0);
  await expect(staff.getByRole('link', { name: 'Reports' })).toHaveCount(0);
  await staff.goto('/reports');
  await expect(staff.getByRole('heading', { level: 1 })).toHaveText(/not|may/i);

  // Its people see it while it happens, and afterwards on their record.
  await page.goto('/overview');
  const notice = page.getByRole('status').filter({ hasText: 'Support is looking' });
  await expect(notice).toContainText(staffName);
  await expect(notice).toContainText('The connection does not come up (T-4711)');
  await page.goto('/audit?action=support.viewed');
  const record = page.getByRole('main');
  await expect(record).toContainText(staffName);
  for (const seen of ['/overview', '/members', '/connections']) {
    await expect(record.getByText(seen, { exact: true }).first()).toBeVisible();
  }
  await expect(record.getByText('/reports', { exact: true })).toHaveCount(0);
  await page.goto('/access-log');
  await expect(page.getByRole('main')).toContainText(staffName);

  await page.goto('/overview');
  await notice.getByRole('button', { name: 'End now' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button', { name: 'End now' }).click();
  // It stays until it is done; what lies behind it is hidden from roles as long.
  await expect(dialog).toBeHidden();
  await expect(notice).toHaveCount(0);
  await staff.goto('/overview');
  await expect(staff).toHaveURL(desk);
  await expect(staff.getByRole('status')).toContainText('Ended by the organisation');
  await staff.getByRole('button', { name: 'Leave it' }).click();
  await expect(staff.getByRole('button', { name: 'Leave it' })).toHaveCount(0);
  await page.goto('/settings/support');
  await expect(page.getByRole('row', { name: /The connection does not come up/ })).toContainText(
    'Ended by the organisation: Ida Moe',
  );
});

test('an organisation that wants to be asked is asked, and an owner lets one session begin', async ({
  page,
  visit,
}) => {
  const staff = await visit(people.support.email);
  const { organisation, desk } = await helped(page, staff, 'Nils');
  await page.goto('/settings/support');
  await page.getByRole('radio', { name: /Only after an owner approves/ }).check();
  await tells(page, 'Saved. It holds from now on.', () =>
    page.getByRole('button', { name: 'Save', exact: true }).click(),
  );

  await staff.goto(desk);
  await expect(staff.getByRole('button', { name: /Look in/ })).toHaveCount(0);
  await staff.getByLabel('Reason').fill('A run fails each night');
  await staff.getByRole('button', { name: 'Ask the owners' }).click();
  await expect(staff.getByRole('row', { name: /A run fails each night/ })).toContainText('Waiting');

  await page.goto('/overview');
  const question = page.getByRole('status').filter({ hasText: 'asks to look into' });
  await expect(question).toContainText('A run fails each night');
  await question.getByRole('link', { name: 'Answer' }).click();
  const approve = page.getByRole('button', { name: 'Approve one session' });
  await expect(approve).toBeVisible();
  await tells(page, 'Answered.', () => approve.click());

  await staff.goto(desk);
  await expect(staff.getByRole('row', { name: /A run fails each night/ })).toContainText(
    'Approved by Nils Moe',
  );
  await lookIn(staff, 'To look at the failing run');
  await expect(banner(staff)).toContainText(organisation);
  await banner(staff).getByRole('button', { name: 'Stop' }).click();
  await expect(staff).toHaveURL(desk);
  // One yes, one session.
  await expect(staff.getByRole('button', { name: 'Ask the owners' })).toBeVisible();
  await page.goto('/audit');
  for (const what of [
    'Support asked to look',
    'Support allowed to look',
    'Support stopped looking',
  ]) {
    await expect(page.getByRole('main').getByText(what).first()).toBeVisible();
  }
});

test('with a second person’s approval a session mends, under the name of the staff', async ({
  page,
  visit,
}) => {
  const staff = await visit(people.support.email);
  const { desk } = await helped(page, staff, 'Maud');
  await connectGoogle(page, 'olivia@northwind.example');
  const connectionId = page.url().match(/connections\/([0-9a-f-]{36})/)?.[1];
  const made = await callAction(page.request, 'app/(tenant)/automations/actions.ts#create', {
    ...{ name: 'Amok', connectionId, template: 'archive-newsletters' },
    parameters: { label: 'Amok', olderThanDays: '7', limit: '30' },
    trigger: { type: 'manual' },
  });
  await staff.goto(desk);
  await lookIn(staff, 'An automation runs amok');
  await banner(staff).getByRole('link', { name: 'Console' }).click();
  await staff.getByLabel('What do you want to mend?').fill('Switch it off until it is changed');
  await tells(staff, 'Asked. Somebody else of the staff decides.', () =>
    staff.getByRole('button', { name: 'Ask for approval' }).click(),
  );

  const second = await visit(people.platformAdmin.email);
  await second.goto('/admin/approvals');
  await second
    .getByRole('link', { name: /support session make changes/ })
    .first()
    .click();
  await second.getByLabel('Note').fill('Looked at the runs with Sam');
  await fillCode(second);
  await second.getByRole('button', { name: 'Approve' }).click();
  await expect(second.getByRole('main')).toContainText('may mend until the session ends');

  await staff.goto('/automations');
  await expect(banner(staff)).toContainText('look and mend');
  await expect(staff.getByRole('link', { name: 'New automation' })).toHaveCount(0);
  await staff.goto(made.redirect ?? '');
  const on = staff.getByRole('switch', { name: 'Switched on' });
  await expect(on).toBeChecked();
  await on.click();
  // It shows at once what it is to be, and is locked until that is so.
  await expect(on).not.toBeChecked();
  await expect(on).toBeEnabled();
  await expect(on).not.toBeChecked();
  await page.goto('/audit');
  const changed = page.getByRole('row').filter({ hasText: 'Automation switched off' });
  await expect(changed.first()).toContainText(staffName);
  for (const what of ['Support asked to mend', 'Support allowed to mend']) {
    await expect(page.getByRole('main').getByText(what).first()).toBeVisible();
  }
  await page.goto('/overview');
  await expect(page.getByRole('status').filter({ hasText: 'Support is looking' })).toContainText(
    'It may mend some things',
  );
});
