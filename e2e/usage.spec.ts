import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { callAction } from './support/actions';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { furnish } from './support/tenant';
import { tells } from './support/told';

test.setTimeout(240_000);

const [northwind] = people.tenants;

/** Keep a picture on a phone and on a desk, light and dark. */
async function keep(page: Page, name: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  for (const [width, height] of [
    [1440, 900],
    [360, 760],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      const path = join(directory, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('what an organisation used, and what follows from too much', async ({ visit, server }) => {
  const owner = await visit(northwind?.owner.email);
  const ids = await furnish(owner, server, {
    name: northwind?.name ?? '',
    owner: northwind?.owner.email ?? '',
  });
  await owner.goto('/usage');
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Usage');
  const runs = owner.getByRole('figure', { name: 'Runs', exact: true });
  await expect(runs).toContainText(/[1-9]\d* in all/);
  await runs.getByText('Show as a table').click();
  await expect(runs.getByRole('table', { name: 'Runs' }).getByRole('row')).toHaveCount(169);
  await keep(owner, 'usage');

  await owner.goto('/usage?period=24h&kind=providerCalls');
  await expect(owner.getByRole('figure')).toHaveCount(1);
  await expect(owner.getByRole('figure', { name: 'Provider calls' })).toBeVisible();
  const download = owner.waitForEvent('download');
  await owner.getByRole('link', { name: 'Export CSV' }).click();
  const csv = await (await download).createReadStream();
  const text = Buffer.concat(await csv.toArray()).toString('utf8');
  expect(text.split('\n')[0]).toContain('at,runs,steps,provider_calls,changes_made');
  expect(text.trim().split('\n')).toHaveLength(25);

  // One more run than there may be: the owner is told, and the next is refused in words.
  const [before] = await sql<{ runs: number }>(
    server,
    `select count(*)::int as runs from runs where tenant_id = $1 and created_at >= date_trunc('month', now(), 'UTC')`,
    [ids.tenant],
  );
  const most = before?.runs ?? 0;
  await sql(
    server,
    `insert into tenant_limits (tenant_id, id, runs_per_month) values ($1, gen_random_uuid(), $2)
     on conflict (tenant_id) do update set runs_per_month = excluded.runs_per_month`,
    [ids.tenant, most],
  );
  const start = () =>
    callAction(owner.request, 'app/(tenant)/automations/actions.ts#start', {
      automationId: ids.automation,
      dryRun: true,
      key: crypto.randomUUID(),
    });
  expect((await start()).result).toMatchObject({
    ok: false,
    error: { code: 'conflict', message: expect.stringContaining('are used up') },
  });
  await owner.goto('/overview');
  await expect(owner.getByText(`Runs a month: ${most} of ${most} used`)).toBeVisible();
  await owner.goto('/audit?action=run.refused');
  await expect(owner.getByRole('table').getByRole('row')).not.toHaveCount(0);

  // Staff look, on record, and choose that runs go on; the customer sees who did so.
  const staff = await visit(people.platformAdmin.email);
  await staff.goto('/admin');
  await expect(staff.getByRole('heading', { level: 1 })).toHaveText('Overview');
  await expect(staff.getByRole('figure', { name: 'Queue depth' })).toBeVisible();
  await keep(staff, 'console-overview');
  await staff.goto(`/admin/tenants/${ids.tenant}/usage`);
  await expect(staff.getByRole('heading', { level: 1 })).toContainText(/^Northwind.*: usage$/);
  await keep(staff, 'console-usage');
  await staff.getByRole('radio', { name: /Only tell/ }).check();
  await tells(staff, 'In force from now on', () =>
    staff.getByRole('button', { name: 'Save' }).click(),
  );
  expect((await start()).result).toMatchObject({ ok: true });
  await owner.goto('/audit?action=limits.action_set');
  await expect(owner.getByRole('table').getByRole('row').nth(1)).toContainText(
    'Set what happens when the runs are used up',
  );
  await sql(server, 'delete from tenant_limits where tenant_id = $1', [ids.tenant]);
});
