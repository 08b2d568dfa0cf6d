import type { Page } from '@playwright/test';
import { callAction } from './support/actions';
import { answered } from './support/answered';
import { connectGoogle, discovered } from './support/connect';
import { expect, people, test } from './support/fixtures';
import { newAddress, ownPassword } from './support/people';

/** Staff and a customer side by side: made ready, bounded, held, and let go on. */

test.setTimeout(600_000);
/** Mails, runs and discoveries take seconds; a slow machine may take minutes. */
const patience = { timeout: 120_000 };
// Nobody else's: what is archived in one journey is not there for the next.
const account = 'vera@fabrikam.example';
const modify = '/gmail/v1/users/me/messages/*/modify';
const actions = 'app/(tenant)/automations/actions.ts';

/** The link in the mail to this address, as staff reads it in the outbox of a demo. */
async function mailed(staff: Page, to: string, subject: RegExp): Promise<Page> {
  const row = staff.getByRole('row', { name: new RegExp(to) }).filter({ hasText: subject });
  await expect(async () => {
    await staff.goto('/admin/outbox');
    await expect(row.first()).toBeVisible();
  }).toPass(patience);
  await row.first().getByRole('link').first().click();
  await expect(staff.getByRole('heading', { level: 1 })).toHaveText(subject);
  return staff;
}

const newsletters = (connectionId: string, name: string) => ({
  name,
  connectionId,
  parameters: { label: 'Held', olderThanDays: '7', limit: '30' },
  trigger: { type: 'manual' },
  template: 'archive-newsletters',
});

test('a customer is made ready, bounded, suspended and resumed', async ({
  visit,
  google,
  expectErrors,
}) => {
  // The owner's page stays open while the organisation is suspended, and asks for news now and then.
  expectErrors(/401/);
  const name = `Lantern ${Date.now().toString(36)}`;
  const email = newAddress('lena');
  const staff = await visit(people.platformAdmin.email);

  const tenant = await test.step('staff makes the organisation and invites its owner', async () => {
    await staff.goto('/admin/tenants/new');
    await staff.getByLabel('Name of the organisation').fill(name);
    await staff.getByLabel('Mail address of its first owner').fill(email);
    await staff.getByRole('button', { name: 'Create and invite' }).click();
    await expect(staff).toHaveURL(/\/admin\/tenants\/[0-9a-f-]{36}$/);
    const steps = staff.getByRole('list', { name: 'On the way in' }).getByRole('listitem');
    await expect(steps).toHaveCount(5);
    await expect(steps.first().getByRole('img', { name: 'Done' })).toBeVisible();
    return staff.url();
  });

  const owner = await visit();
  await test.step('the owner joins by the mail and connects an account', async () => {
    const mail = await mailed(staff, email, new RegExp(`invites you to ${name}`));
    const link = await mail.getByRole('link', { name: /\/invitations\// }).textContent();
    await owner.goto(link ?? '');
    await owner.getByLabel('Your name').fill('Lena Ortiz');
    await owner.getByLabel('Choose a password').fill(ownPassword);
    await owner.getByRole('button', { name: 'Join' }).click();
    await expect(owner).toHaveURL('/overview');
    await connectGoogle(owner, account);
    await discovered(owner);
    await staff.goto(tenant);
    const done = staff.getByRole('list', { name: 'On the way in' }).getByRole('img');
    await expect(done).toHaveCount(4);
  });
  const connectionId = owner.url().match(/connections\/([0-9a-f-]{36})/)?.[1] ?? '';

  const automationId = await test.step('a limit refuses one automation too many', async () => {
    await staff.goto(`${tenant}/limits`);
    await staff.getByRole('textbox', { name: /^Automations/ }).fill('1');
    await staff.getByLabel('Reason').fill('A small plan');
    await answered(staff, () => staff.getByRole('button', { name: 'Change limits' }).click());
    await expect(staff.getByRole('textbox', { name: /^Automations/ })).toHaveValue('1');
    const first = await callAction(
      owner.request,
      `${actions}#create`,
      newsletters(connectionId, 'First'),
    );
    const second = await callAction(
      owner.request,
      `${actions}#create`,
      newsletters(connectionId, 'Second'),
    );
    expect(second.result).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining('may have 1 automation') },
    });
    return first.redirect?.split('/').at(-1) ?? '';
  });

  const before = (await google.changes(account)).length;
  const changes = async () => (await google.changes(account)).length - before;
  const key = crypto.randomUUID();
  await test.step('a suspension stops the run in its middle, and the owner is told why', async () => {
    await google.fault({ account, path: modify, delay: 4_000 });
    const started = { automationId, dryRun: false, key };
    expect((await callAction(owner.request, `${actions}#start`, started)).result).toMatchObject({
      ok: true,
    });
    await expect.poll(changes, patience).toBeGreaterThan(1);
    await staff.goto(tenant);
    await staff.getByRole('button', { name: 'Suspend', exact: true }).click();
    const dialog = staff.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('The bill was not paid');
    await dialog.getByLabel('Notice to its people').fill('Please pay the bill of October.');
    await dialog.getByLabel(/to confirm$/).fill(name);
    await dialog.getByRole('button', { name: 'Suspend now' }).click();
    await expect(dialog).toBeHidden();
    await expect(staff.getByText('Suspended by Paula Lindqvist')).toBeVisible();
    expect((await owner.request.get('/api/audit')).status()).toBe(401);
    await owner.goto('/overview');
    await expect(owner.getByText(`${name} is suspended`)).toBeVisible();
    await expect(owner.getByText('Please pay the bill of October.')).toBeVisible();
    await mailed(staff, email, new RegExp(`${name} is suspended`));
    await google.clearFaults();
  });

  await test.step('resumed, the run goes on where it was, and nothing is done twice', async () => {
    const held = await changes();
    await staff.goto(`${tenant}/runs`);
    await expect(staff.getByRole('row', { name: /Running/ })).toBeVisible();
    await staff.goto(tenant);
    await staff.getByRole('button', { name: 'Resume', exact: true }).click();
    const dialog = staff.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('It was paid');
    await dialog.getByRole('button', { name: 'Resume now' }).click();
    await expect(dialog).toBeHidden();
    await owner.goto('/overview');
    await expect(owner).toHaveURL('/overview');
    const state = async () => (await (await owner.request.get(`/api/runs/${key}`)).json()).state;
    // What is held asks again after pauses that double: for about as long as it was held.
    await expect.poll(state, { timeout: 300_000 }).toBe('succeeded');
    expect(await changes()).toBeGreaterThan(held);
    const paths = (await google.changes(account))
      .map(({ path }) => path)
      .filter((path) => path.endsWith('/modify'));
    expect(new Set(paths).size).toBe(paths.length);
  });

  await test.step('what staff did is on the customer’s own record', async () => {
    await owner.goto('/audit');
    const rows = owner.getByRole('table').getByRole('row').filter({ hasText: 'Paula Lindqvist' });
    for (const done of [
      'Organisation created',
      'Member invited',
      'Limits changed',
      'Organisation suspended',
      'Organisation resumed',
    ]) {
      await expect(rows.filter({ hasText: done }).first(), done).toBeVisible();
    }
  });

  await test.step('staff finds it again by a saved view, and exports the list', async () => {
    await staff.goto(`/admin/tenants?q=${encodeURIComponent(name)}&sort=name`);
    await expect(staff.getByRole('row', { name: new RegExp(name) })).toBeVisible();
    await staff.getByRole('button', { name: 'Save view' }).click();
    await staff.getByRole('dialog').getByLabel('Name').fill(`Of ${name}`);
    await staff.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    const view = staff.getByRole('navigation', { name: 'Saved views' }).getByRole('link');
    await expect(view.filter({ hasText: `Of ${name}` })).toHaveAttribute('aria-current', 'page');
    const id = new URL(staff.url()).searchParams.get('view');
    await staff.goto(`/admin/tenants?view=${id}`);
    await expect(staff).toHaveURL(/sort=name/);
    const download = staff.waitForEvent('download');
    await staff.getByRole('link', { name: 'Export this list' }).click();
    const csv = await (await download).createReadStream();
    const lines = Buffer.concat(await csv.toArray())
      .toString('utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(name);
  });
});
