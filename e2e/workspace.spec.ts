import { connectGoogle } from './support/connect';
import { expect, people, test } from './support/fixtures';
import { newAddress, ownPassword, signOut, signUp } from './support/people';
import { ended } from './support/runs';

/** What people do from day to day, each on its own. */

/** Runs and mails take seconds; a slow machine may take two minutes. */
const patience = { timeout: 120_000 };
test.setTimeout(420_000);

test('a schedule shows its next five times and follows every change', async ({ visit }) => {
  const page = await visit(people.tenants[0]?.owner.email);
  await connectGoogle(page, 'olivia@northwind.example');
  await page.goto('/automations/new/morning-agenda');
  await page.getByLabel('Send it to').fill('olivia@northwind.example');
  await page.getByRole('radio', { name: /On a schedule/ }).check();
  const times = page.getByRole('list', { name: 'Next five times' }).getByRole('listitem');
  await expect(times).toHaveCount(5);
  await page.getByLabel('How often').selectOption('Every week');
  await page.getByLabel('On', { exact: true }).selectOption('Sunday');
  await page.getByLabel('At', { exact: true }).fill('08:15');
  const zone = page.getByRole('combobox', { name: 'Time zone' }).last();
  await zone.fill('Tokyo');
  await page.getByRole('option', { name: /Tokyo/ }).click();
  await expect(times).toHaveCount(5);
  for (const time of await times.all()) await expect(time).toHaveText(/^Sun, .*08:15/);
  await page.getByRole('button', { name: 'Create automation' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Morning agenda by mail');
  await expect(page.getByText('(Asia/Tokyo)')).toBeVisible();
  await expect(times).toHaveCount(5);
  await page.getByRole('switch', { name: /Switched on/ }).uncheck();
  await expect(page.getByRole('main').getByText('Off', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run now' })).toBeDisabled();
});

test('a run is cancelled in its middle, and run again to its end', async ({ visit, google }) => {
  const page = await visit(people.tenants[0]?.owner.email);
  const mailbox = 'olivia@northwind.example';
  await connectGoogle(page, mailbox);
  await page.goto('/automations/new/archive-newsletters');
  await page.getByLabel('Label', { exact: true }).fill('Stopped');
  await page.getByLabel('Look through at most').fill('80');
  await page.getByRole('button', { name: 'Create automation' }).click();
  // It is in its middle for two minutes, if nobody stops it.
  await google.fault({ account: mailbox, path: '*/modify', delay: 1_500 });
  await page.getByRole('button', { name: 'Run now' }).click();
  await expect(page.getByRole('link', { name: /Label and archive.*Running/ }).first()).toBeVisible(
    patience,
  );
  await expect
    .poll(async () => (await google.mail(mailbox, 'label:stopped')).length, patience)
    .toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('This run was cancelled')).toBeVisible(patience);
  const done = (await google.mail(mailbox, 'label:stopped')).length;
  const rest = (await google.mail(mailbox, 'in:inbox older_than:7d')).length;
  expect(rest).toBeGreaterThan(0);
  await google.clearFaults();
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(page.getByText('an earlier run')).toBeVisible(patience);
  expect(await ended(page)).toBe('Succeeded');
  expect((await google.mail(mailbox, 'label:stopped')).length).toBeGreaterThan(done);
});

test('a viewer is invited by mail, joins, and can look but change nothing', async ({
  page,
  visit,
}) => {
  const invited = newAddress('noor');
  await test.step('the owner invites', async () => {
    await signUp(page, {
      organisation: 'Quayside Tea',
      name: 'Bea Lind',
      email: newAddress('bea'),
    });
    await page.getByRole('link', { name: 'Members' }).click();
    await page.getByRole('button', { name: 'Invite member' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Email').fill(invited);
    await dialog.getByRole('radio', { name: /^Viewer/ }).check();
    await dialog.getByRole('button', { name: 'Send invitation' }).click();
    await expect(dialog.getByText('This link is shown only now')).toBeVisible();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('row', { name: new RegExp(invited) })).toContainText('Invited');
  });

  const link = await test.step('the mail lies in the outbox', async () => {
    const support = await visit(people.support.email);
    await expect(async () => {
      await support.goto('/admin/outbox');
      await expect(support.getByRole('row', { name: new RegExp(invited) })).toBeVisible();
    }).toPass(patience);
    await support
      .getByRole('row', { name: new RegExp(invited) })
      .getByRole('link')
      .click();
    await expect(support.getByRole('heading', { level: 1 })).toContainText(
      'invites you to Quayside Tea',
    );
    return support
      .getByRole('main')
      .getByRole('link', { name: /\/invitations\// })
      .textContent();
  });

  const guest = await visit();
  await test.step('the person joins as somebody new', async () => {
    await guest.goto(link ?? '');
    await expect(guest.getByRole('heading', { level: 1 })).toHaveText('Join Quayside Tea');
    await guest.getByLabel('Your name').fill('Noor Haddad');
    await guest.getByLabel('Choose a password').fill(ownPassword);
    await guest.getByRole('button', { name: 'Join' }).click();
    await expect(guest).toHaveURL('/overview');
  });

  await test.step('nothing that changes anything is offered', async () => {
    const places = guest.getByRole('navigation').getByRole('link');
    await expect(places).toHaveText([
      'Overview',
      'Connections',
      'Resources',
      'Automations',
      'Runs',
      'Reports',
      'Members',
    ]);
    for (const place of ['overview', 'connections', 'automations', 'runs', 'reports', 'members']) {
      await guest.goto(`/${place}`);
      await expect(guest.getByRole('heading', { level: 1 })).toBeVisible();
      const offered = guest.getByRole('main').getByRole('button', {
        name: /connect|discover|run now|run again|remove|invite|manage|create|save|cancel/i,
      });
      await expect(offered, place).toHaveCount(0);
    }
  });

  await test.step('what is addressed all the same is refused', async () => {
    for (const place of ['/settings', '/audit', '/automations/new/archive-newsletters']) {
      const answer = await guest.request.get(place);
      expect(answer.status(), place).toBe(403);
    }
    expect((await guest.request.get('/api/exports')).status()).toBe(403);
  });
});

test('a person works in two organisations, and signs out', async ({ page }) => {
  await signUp(page, { organisation: 'First Light', name: 'Cleo Park', email: newAddress('cleo') });
  await page.getByRole('button', { name: /^Organisation: First Light/ }).click();
  await page.getByRole('menuitem', { name: 'Create organisation' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Second Wind');
  await page.getByRole('button', { name: 'Create organisation' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Second Wind');
  await page.getByRole('button', { name: /^Organisation: Second Wind/ }).click();
  await page.getByRole('menuitem', { name: /First Light/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to First Light');
  await signOut(page);
  await page.goto('/overview');
  await expect(page).toHaveURL('/sign-in?next=%2Foverview');
});

test('a support person sees how tenants fare, and the record across them', async ({ visit }) => {
  const page = await visit(people.support.email);
  await page.goto('/admin/tenants');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tenants');
  await page.getByRole('searchbox').fill('North');
  await expect(page).toHaveURL(/q=North/);
  await page.getByRole('link', { name: 'Northwind Traders' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Northwind Traders');
  await page.getByRole('main').getByRole('link', { name: 'People' }).click();
  await expect(page).toHaveURL(/\/people$/);
  const tenant = new URL(page.url()).pathname.split('/').at(-2);
  const members = page.getByRole('table', { name: 'Members' });
  await expect(members.getByRole('row', { name: /Olivia Marsh.*Owner/ })).toBeVisible();
  await page.goto(`/admin/audit?tenant=${tenant}`);
  const events = page.getByRole('table', { name: 'Audit events of all tenants' });
  await expect(events.getByRole('row', { name: /Northwind Traders/ }).first()).toBeVisible();
  await expect(events.getByRole('row', { name: /Fabrikam/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Remove filter Tenant id' }).click();
  await expect(page).toHaveURL('/admin/audit');
  await expect(
    page.getByRole('main').getByRole('button', { name: /delete|edit|remove/i }),
  ).toHaveCount(0);
});

test('a dialog that a menu opened gives the focus back to the menu', async ({ visit }) => {
  const page = await visit(people.tenants[0]?.owner.email);
  await page.goto('/members');
  const menu = page.getByRole('row', { name: /victor@/ }).getByRole('button', { name: /^Manage / });
  for (const name of ['Change role', 'Remove']) {
    await menu.click();
    await page.getByRole('menuitem', { name }).click();
    await expect(page.getByRole(/Remove/.test(name) ? 'alertdialog' : 'dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(menu).toBeFocused();
  }
});
