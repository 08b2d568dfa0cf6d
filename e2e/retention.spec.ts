import { answered } from './support/answered';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';

/** How long things are kept: staff say it for one organisation, the night's purge goes by it. */

test.setTimeout(120_000);

test('staff shorten how long logs are kept: owners are told, and after a week what is older is gone by night', async ({
  page,
  visit,
  server,
}) => {
  const organisation = `Kept Short ${Date.now().toString(36)}`;
  const email = newAddress('kim');
  await signUp(page, { organisation, name: 'Kim Hale', email });
  const [tenant] = await sql<{ id: string }>(server, 'select id from tenants where name = $1', [
    organisation,
  ]);
  for (const days of [40, 41, 5]) {
    await sql(
      server,
      `insert into tenant_access_logs
         (tenant_id, id, created_at, minute, last_seen_at, method, path, reason, request_id)
       select $1, gen_random_uuid(), at, date_trunc('minute', at), at, 'GET', '/of-' || $2::int, 'not_found', 'r'
         from (select now() - make_interval(days => $2) as at) t`,
      [tenant?.id, days],
    );
  }
  await page.goto('/access-log');
  for (const days of [40, 41, 5]) await expect(page.getByText(`GET /of-${days}`)).toBeVisible();

  const staff = await visit(people.platformAdmin.email);
  await staff.goto(`/admin/tenants/${tenant?.id}/limits`);
  await staff.getByRole('textbox', { name: /^Logs are kept/ }).fill('30');
  await staff.getByLabel('Reason').fill('Their policy says a month');
  await answered(staff, () => staff.getByRole('button', { name: 'Change limits' }).click());
  await expect(staff.getByRole('textbox', { name: /^Logs are kept/ })).toHaveValue('30');
  await page.goto('/settings/deletion');
  const kept = page.getByRole('row', { name: /Refused accesses/ });
  await expect(kept).toContainText('90 days');
  await expect(kept).toContainText(/30 days from .+ UTC/);
  await staff.goto(`/admin/tenants/${tenant?.id}/lifecycle`);
  await expect(staff.getByRole('row', { name: /Refused accesses/ })).toContainText('30 days from');
  await expect(async () => {
    await staff.goto('/admin/outbox');
    const told = staff.getByRole('row', { name: `${organisation}: older data is deleted from` });
    await expect(told).toContainText(email, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });

  // The week of notice is over.
  await sql(server, `update tenant_limits set kept_longer = '[]' where tenant_id = $1`, [
    tenant?.id,
  ]);
  await page.reload();
  await expect(kept).toContainText('30 days');
  await expect(kept).not.toContainText('from');
  await sql(
    server,
    `update engine.crons set next_at = now() where function_id like '%retention-purge'`,
  );
  await expect(async () => {
    await page.reload();
    // What was deleted then, and within 90 days.
    await expect(kept.getByRole('cell', { name: '2', exact: true })).toHaveCount(2, {
      timeout: 2_000,
    });
  }).toPass({ timeout: 60_000 });
  await staff.goto(`/admin/tenants/${tenant?.id}/lifecycle`);
  await expect(staff.getByRole('row', { name: /Refused accesses/ })).toContainText('30 days');

  await page.goto('/access-log');
  await expect(page.getByText('GET /of-5')).toBeVisible();
  await expect(page.getByText(/GET \/of-4/)).toHaveCount(0);
  await page.goto('/audit');
  const record = page.getByRole('table').getByRole('row');
  const changed = record.filter({ hasText: 'Limits changed' });
  await expect(changed).toContainText(people.platformAdmin.name);
  await expect(record.filter({ hasText: 'Owners told how long things are kept' })).toHaveCount(1);
  await expect(record.filter({ hasText: 'What is kept no longer was deleted' })).toHaveCount(1);
});
