import type { Page } from '@playwright/test';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { furnish } from './support/tenant';

/** Staff follow an id through the console, and the customer the same things in their workspace. */

test.setTimeout(240_000);
const [northwind] = people.tenants;
const owner = northwind?.owner.email ?? '';
const name = northwind?.name ?? '';
const reason = 'It has waited for an hour and keeps nothing but the queue busy.';

/** Type into the palette and open what it finds first of this name. */
async function find(page: Page, typed: string, option: RegExp): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Go to' }).fill(typed);
  const found = page.getByRole('option', { name: option }).first();
  await expect(found).toBeVisible();
  for (let at = 0; at < 20 && (await found.getAttribute('aria-selected')) !== 'true'; at += 1) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Go to' })).toBeHidden();
}

const waiting = `
insert into runs (tenant_id, id, created_at, automation_id, connection_id, trigger, parameters)
select tenant_id, $2, now() - interval '1 hour', automation_id, connection_id, 'manual', parameters
  from runs where id = $1`;

test('staff follow a person to their request, run and calls, and stop a run that is stuck', async ({
  visit,
  server,
  expectErrors,
}) => {
  const customer = await visit(owner);
  const ids = await furnish(customer, server, { name, owner });
  const stuck = crypto.randomUUID();
  await sql(server, waiting, [ids.run, stuck]);

  const staff = await visit(people.support.email);
  const main = staff.getByRole('main');
  await staff.goto('/admin/tenants');
  await find(staff, name.slice(0, 5), new RegExp(`${name}.*Tenant`));
  await expect(staff).toHaveURL(new RegExp(`/admin/tenants/${ids.tenant}`));

  // Person → request → run → call → event.
  await find(staff, owner, new RegExp(owner));
  await expect(staff).toHaveURL(`/admin/people/${ids.person}`);
  await expect(main.getByRole('table', { name: 'Organisations' })).toContainText(name);
  await staff.goto(`/admin/requests/${ids.request}`);
  await main
    .getByRole('table', { name: 'Runs' })
    .getByRole('link', { name: /Files shared outside/ })
    .click();
  await expect(staff).toHaveURL(`/admin/runs/${ids.run}`);
  await expect(
    main.getByRole('list', { name: 'Steps' }).getByRole('listitem').first(),
  ).toBeVisible();
  await expect(main.getByRole('table', { name: 'Provider calls' })).toContainText('GET');
  await expect(main.getByRole('table', { name: 'On record' })).toContainText('Run asked for');
  // What the tenant calls its automation stays there.
  await expect(main).not.toContainText('Shared outside');

  // Stuck, and stopped with a reason.
  await staff.goto('/admin/runs?stuck=yes');
  await expect(main.getByRole('table')).toContainText(stuck.slice(-12));
  await find(staff, stuck, /Run of/);
  await expect(staff).toHaveURL(`/admin/runs/${stuck}`);
  await expect(main).toContainText('Stuck');
  await staff.getByRole('button', { name: 'Cancel run' }).click();
  const dialog = staff.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: 'Cancel run' }).click();
  await expect(main.getByText('Cancelled', { exact: true }).first()).toBeVisible();

  await staff.goto('/admin/engine');
  await expect(main).toContainText('Processes at work');
  await expect(main.getByRole('table', { name: 'Functions' })).toBeVisible();
  expectErrors(/404/);
  await staff.goto('/admin/requests/nobody-asked-for-this');
  await expect(staff.getByRole('heading', { level: 1 })).toContainText(/not found|nothing/i);

  // The customer reads who did it and why.
  await customer.goto(`/audit?run=${stuck}`);
  await customer.getByRole('link', { name: 'Run cancelled' }).click();
  const sheet = customer.getByRole('dialog');
  await expect(sheet).toContainText('Support');
  await expect(sheet).toContainText(reason);
  await customer.keyboard.press('Escape');
  await expect(sheet).toBeHidden();

  // A pasted request leads to what it led to, and that back to the run.
  await find(customer, ids.request, /^Request/);
  await expect(customer).toHaveURL(`/audit?request=${ids.request}`);
  const trace = customer.getByText('What this request led to');
  await expect(trace).toBeVisible();
  await customer.getByRole('main').getByRole('link', { name: 'Shared outside' }).first().click();
  await expect(customer).toHaveURL(`/runs/${ids.run}`);

  const looks = async () => {
    const rows = await sql<{ action: string }>(
      server,
      `select distinct l.action from staff_access_logs l join users u on u.id = l.user_id
        where u.email = $1`,
      [people.support.email],
    );
    return rows.map(({ action }) => action);
  };
  await expect
    .poll(looks)
    .toEqual(
      expect.arrayContaining(['palette.searched', 'person.opened', 'request.opened', 'run.opened']),
    );
});
