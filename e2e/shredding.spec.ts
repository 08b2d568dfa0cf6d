import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { fillCode, newAddress, signUp } from './support/people';

/** What two of the staff do to one customer, side by side with the customer who sees it, or does not. */

test.setTimeout(180_000);

const [paulaName, amirName] = [people.platformAdmin.name, people.secondAdmin.name];

/** The second person approves what stands in the list by these words. */
async function approve(second: Page, words: RegExp, note: string): Promise<void> {
  await second.goto('/admin/approvals');
  await second.getByRole('link', { name: words }).first().click();
  await second.getByLabel('Note').fill(note);
  await fillCode(second);
  await second.getByRole('button', { name: 'Approve' }).click();
  await expect(second.getByText(`Approved by`)).toBeVisible();
}

test('a note, an export across tenants and the end of its keys: by two persons, on record', async ({
  page: customer,
  visit,
  server,
}) => {
  const organisation = `Lime Kiln ${Date.now().toString(36)}`;
  await signUp(customer, { organisation, name: 'Lea Brandt', email: newAddress('lea') });
  const [tenant] = await sql<{ id: string }>(server, 'select id from tenants where name = $1', [
    organisation,
  ]);
  const place = `/admin/tenants/${tenant?.id}`;
  const [paula, amir] = [
    await visit(people.platformAdmin.email),
    await visit(people.secondAdmin.email),
  ];

  await test.step('staff tell one another of it, and nobody else', async () => {
    const note = 'Pays late each spring; be patient.';
    await paula.goto(`${place}/notes`);
    await paula.getByLabel('New note').fill(note);
    await paula.getByRole('button', { name: 'Add note' }).click();
    await expect(paula.getByRole('list', { name: 'Notes' })).toContainText(note);
    await amir.goto(`${place}/notes`);
    await expect(amir.getByRole('list', { name: 'Notes' })).toContainText(paulaName);
  });

  await test.step('one asks for an export across tenants, another approves, it is given once', async () => {
    await paula.goto(`/admin/audit?tenant=${tenant?.id}`);
    await paula.getByRole('button', { name: 'Export across tenants' }).click();
    await paula.getByRole('dialog').getByLabel('Why').fill('The auditor asks for its beginning');
    await paula.getByRole('button', { name: 'Ask for approval' }).click();
    await expect(paula).toHaveURL(/\/admin\/approvals\/[0-9a-f-]{36}$/);
    await approve(amir, /audit record/i, 'The auditor wrote to both of us');
    await paula.goto(paula.url());
    const arriving = paula.waitForEvent('download');
    await paula.getByRole('button', { name: 'Download' }).click();
    const csv = readFileSync(await (await arriving).path(), 'utf8');
    const lines = csv.trim().split(/\r?\n/).slice(1);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toContain(tenant?.id);
    await expect(paula.getByText(/events? exported\./).first()).toBeVisible();
    await expect(paula.getByRole('button', { name: 'Download' })).toHaveCount(0);
  });

  await test.step('its keys are destroyed once its name was typed and another approved', async () => {
    await paula.goto(`${place}/lifecycle`);
    await paula.getByRole('link', { name: 'Ask for it' }).click();
    const send = paula.getByRole('button', { name: 'Ask for approval' });
    await paula.getByLabel('Why').fill('They asked us in writing');
    await paula.getByLabel(`Type ${organisation} to confirm`).fill('Lime Kiln');
    await expect(send).toBeDisabled();
    await paula.getByLabel(`Type ${organisation} to confirm`).fill(organisation);
    await send.click();
    await expect(paula).toHaveURL(/\/admin\/approvals\/[0-9a-f-]{36}$/);
    await expect(paula.getByRole('button', { name: 'Approve' })).toHaveCount(0);
    await approve(amir, new RegExp(organisation), 'I have seen their letter');
    await expect(amir.getByText(/1 key destroyed/).first()).toBeVisible();
  });

  await test.step('the customer sees who approved it, and what was asked, on their own record', async () => {
    await customer.goto('/audit');
    const record = customer.getByRole('table').getByRole('row');
    for (const done of ['Approved', 'Keys of the organisation destroyed']) {
      const row = record.filter({ hasText: done }).first();
      await expect(row, done).toContainText(amirName);
    }
    const taken = record.filter({ hasText: 'Audit exported' }).first();
    await expect(taken).toContainText(paulaName);
    await expect(customer.getByRole('main')).not.toContainText('Pays late');
  });

  await test.step('a platform admin sees what both looked at', async () => {
    await paula.goto(`/admin/looks?tenant=${tenant?.id}`);
    const looks = paula.getByRole('table', { name: 'What staff looked at' }).getByRole('row');
    for (const [who, did] of [
      [paulaName, 'Wrote a note'],
      [amirName, 'Read notes'],
      [paulaName, 'Asked for approval'],
      [amirName, 'Approved'],
    ] as const) {
      await expect(looks.filter({ hasText: who }).filter({ hasText: did }).first()).toBeVisible();
    }
  });
});
