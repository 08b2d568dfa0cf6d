import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { connectGoogle } from './support/connect';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { fillCode, newAddress, signUp } from './support/people';
import { root } from './support/server';

/** The end of an organisation: asked for, undone, asked for again, gone; with staff looking on. */

test.setTimeout(480_000);

/** Nobody else's in these tests: giving its grant back ends it for good. */
const account = 'victor@northwind.example';

/** Milliseconds: the deletion is looked at every minute, and waits until nothing can come in. */
const patiently = { timeout: 300_000 };

async function enrol(page: Page): Promise<void> {
  await page.goto('/account');
  await page.getByRole('button', { name: 'Set up a second factor' }).click();
  await fillCode(page);
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('Recovery codes left')).toBeVisible();
}

async function ask(page: Page, organisation: string): Promise<void> {
  await page.goto('/settings/deletion');
  await page.getByLabel(`Type ${organisation} to confirm`).fill(organisation);
  await fillCode(page);
  await page.getByRole('button', { name: `Delete ${organisation}` }).click();
  await expect(page.getByRole('heading', { name: 'The deletion was asked for' })).toBeVisible();
}

test('an owner asks, undoes, asks again: then it is gone, with a certificate', async ({
  page,
  visit,
  server,
  expectErrors,
}) => {
  expectErrors(/40[0-9]/);
  const organisation = `Harbour ${Date.now().toString(36)}`;
  await signUp(page, { organisation, name: 'Ida Moe', email: newAddress('ida') });
  await connectGoogle(page, account);
  await enrol(page);

  // Another name is not enough.
  await page.goto('/settings/deletion');
  await page.getByLabel(`Type ${organisation} to confirm`).fill('Harbour');
  await fillCode(page);
  await page.getByRole('button', { name: `Delete ${organisation}` }).click();
  await expect(
    page.getByRole('alert').filter({ hasText: `Type ${organisation} to confirm` }),
  ).toBeVisible();

  await ask(page, organisation);
  await page.goto('/overview');
  await expect(page.getByRole('status').filter({ hasText: 'is to be deleted on' })).toBeVisible();

  const staff = await visit(people.platformAdmin.email);
  await staff.goto('/admin/deletions?state=grace');
  await staff.getByRole('link', { name: organisation }).click();
  await expect(staff.getByRole('main')).toContainText('Waiting for its time of grace to end');

  await page.goto('/settings/deletion');
  await page.getByRole('button', { name: 'Undo the deletion' }).click();
  await expect(page.getByRole('heading', { name: 'Delete the organisation' })).toBeVisible();
  await staff.reload();
  await expect(staff.getByRole('main')).toContainText('Nothing is deleted');
  await page.goto('/audit');
  await expect(page.getByRole('main')).toContainText('Deletion of the organisation undone');

  // The second time its grace is over at once.
  const [other] = people.tenants;
  const theirs = () =>
    sql(
      server,
      `select md5(string_agg(a::text, '' order by a.id)) as automations
         from automations a join tenants t on t.id = a.tenant_id where t.name = $1`,
      [other?.name],
    );
  const before = await theirs();
  await ask(page, organisation);
  const [deletion] = await sql<{ id: string; tenantId: string }>(
    server,
    `update tenant_deletions set grace_until = now(), told_at = now()
      where tenant_name = $1 and ended_at is null returning id, tenant_id as "tenantId"`,
    [organisation],
  );
  // Not by its page: each look of staff leaves a row that names the tenant, and is erased as well.
  const through = async () => {
    const [row] = await sql<{ through: boolean }>(
      server,
      'select finished_at is not null as through from tenant_deletions where id = $1',
      [deletion?.id],
    );
    return row?.through;
  };
  await expect.poll(through, patiently).toBe(true);
  await staff.goto(`/admin/deletions/${deletion?.id}`);
  await expect(staff.getByRole('main')).toContainText('A tenant that is gone');
  await expect(staff.getByRole('main')).toContainText('Revoked');
  await expect(staff.getByRole('region', { name: 'Audit record' })).toContainText(
    /Signed for to its end\. Before it was erased, all of its [\d,]+ events were signed for/,
  );

  const arriving = staff.waitForEvent('download');
  await staff.getByRole('link', { name: 'Certificate' }).click();
  const file = await (await arriving).path();
  expect(readFileSync(file, 'utf8')).toContain(deletion?.tenantId);
  const tool = ['--import', 'tsx', 'cli/tenantry.ts', 'deletion', 'verify', file];
  const said = execFileSync(process.execPath, tool, { cwd: root, encoding: 'utf8' });
  expect(said).toContain('The certificate holds');
  expect(said).toContain('Signed for to its end.');
  expect(said).not.toMatch(/ATTENTION|NOT WHOLE/);

  // Nobody gets in, nothing is left, and the neighbour has what they had.
  await page.goto('/overview');
  await expect(page).toHaveURL(/\/sign-in/);
  const left = await sql<{ n: number }>(
    server,
    'select count(*)::int as n from audit_events where tenant_id = $1',
    [deletion?.tenantId],
  );
  expect(left).toEqual([{ n: 0 }]);
  // Nor who asked for the one that was undone; and staff's own record goes on telling of the rest.
  const named = await sql<{ n: number }>(
    server,
    `select count(*)::int as n from tenant_deletions
      where tenant_id = $1 and num_nonnulls(tenant_name, asked_name, asked_email, ended_name) > 0`,
    [deletion?.tenantId],
  );
  expect(named).toEqual([{ n: 0 }]);
  await staff.goto('/admin/looks');
  const looks = staff.getByRole('table', { name: 'What staff looked at' });
  await expect(looks.getByRole('row', { name: /Opened a deletion/ }).first()).toBeVisible();
  expect(await theirs()).toEqual(before);
  const neighbour = await visit(other?.owner.email);
  await neighbour.goto('/automations');
  await expect(neighbour.getByRole('heading', { level: 1 })).toHaveText('Automations');
});

test('two of the staff have an organisation deleted; its owner reads who and why, and undoes it', async ({
  page,
  visit,
  server,
}) => {
  const organisation = `Quay ${Date.now().toString(36)}`;
  await signUp(page, { organisation, name: 'Nora Quist', email: newAddress('nora') });
  const [tenant] = await sql<{ id: string }>(server, 'select id from tenants where name = $1', [
    organisation,
  ]);
  const { platformAdmin, secondAdmin } = people;

  const paula = await visit(platformAdmin.email);
  await paula.goto(`/admin/tenants/${tenant?.id}/lifecycle`);
  const send = paula.getByRole('button', { name: 'Ask for approval' });
  await paula.getByLabel('Reason').fill('Their contract has ended');
  await paula.getByLabel(`Type ${organisation} to confirm`).fill('Quay');
  await expect(send).toBeDisabled();
  await paula.getByLabel(`Type ${organisation} to confirm`).fill(organisation);
  await send.click();
  await expect(paula.getByText('Another platform admin is asked to approve it.')).toBeVisible();
  await page.goto('/overview');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(organisation);
  await expect(page.getByText('is to be deleted on')).toHaveCount(0);

  const amir = await visit(secondAdmin.email);
  await amir.goto('/admin/approvals');
  await amir.getByRole('link', { name: new RegExp(organisation) }).click();
  await amir.getByLabel('Note').fill('I have seen the contract');
  await fillCode(amir);
  await amir.getByRole('button', { name: 'Approve' }).click();
  await expect(amir.getByText(/Its time of grace ends on/).first()).toBeVisible();

  await page.goto('/overview');
  const notice = page.getByRole('status').filter({ hasText: 'is to be deleted on' });
  await expect(notice).toContainText(`${platformAdmin.name} of Tenantry`);
  const record = page.getByRole('table').getByRole('row');
  await expect(async () => {
    await page.goto('/audit');
    const asked = record.filter({ hasText: 'Deletion of the organisation asked for' });
    await expect(asked.first()).toContainText(platformAdmin.name, { timeout: 5_000 });
    const approved = record.filter({ hasText: 'Approved' });
    await expect(approved.first()).toContainText(secondAdmin.name, { timeout: 5_000 });
  }).toPass(patiently);

  await page.goto('/settings/deletion');
  await page.getByRole('button', { name: 'Undo the deletion' }).click();
  await expect(page.getByRole('heading', { name: 'Delete the organisation' })).toBeVisible();
  await amir.goto(`/admin/tenants/${tenant?.id}/lifecycle`);
  await expect(amir.getByRole('main')).toContainText('Stopped');
});
