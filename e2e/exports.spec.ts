import { readFileSync } from 'node:fs';
import { Decrypter } from 'age-encryption';
import { strFromU8, unzipSync } from 'fflate';
import { Webhook } from 'standardwebhooks';
import { startWebhookReceiver } from '@/lib/streams/testing/receivers';
import { expect, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';

/** What an organisation takes away: everything at once, and its record as it goes on. */

const patience = { timeout: 90_000 };
test.setTimeout(240_000);

const passphrase = 'a long walk by the quiet river';

test('an owner takes everything away, encrypted, and counts it', async ({ page }) => {
  const email = newAddress('wilma');
  await signUp(page, { organisation: 'Harbour Lamps', name: 'Wilma Berg', email });
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByRole('link', { name: 'Exports', exact: true }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Passphrase, once more').fill('something else altogether');
  await page.getByRole('button', { name: 'Export everything' }).click();
  await expect(page.getByText('The passphrases differ.')).toBeVisible();
  await page.getByLabel('Passphrase, once more').fill(passphrase);
  await page.getByRole('button', { name: 'Export everything' }).click();
  const made = page.getByRole('list', { name: 'Exports' });
  await expect(made.getByText('Everything of the organisation')).toBeVisible();

  // It goes on, whoever looks.
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await expect(page).toHaveURL('/overview');
  await page.goto('/settings/exports');
  const link = made.getByRole('link', { name: 'Download' });
  await expect(link).toBeVisible(patience);
  const downloaded = page.waitForEvent('download');
  await link.click();
  const file = readFileSync(await (await downloaded).path());

  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const zip = unzipSync(await decrypter.decrypt(file));
  const text = (path: string) => strFromU8(zip[path] ?? new Uint8Array());
  const { files } = JSON.parse(text('manifest.json')) as {
    files: { path: string; records?: number }[];
  };
  for (const { path, records } of files) {
    if (records !== undefined) expect(text(path).split('\n').length - 1, path).toBe(records);
  }
  expect(text('tables/users.jsonl')).toContain(email);
  expect(text('tables/tenants.jsonl')).toContain('Harbour Lamps');
  expect(text('tables/audit_events.jsonl')).toContain('export.requested');
});

test('an owner has the record streamed to a receiver of theirs', async ({ page }) => {
  const receiver = await startWebhookReceiver();
  try {
    const person = { organisation: 'Quarry Tiles', name: 'Ines Holm', email: newAddress('ines') };
    await signUp(page, person);
    await page.goto('/settings/streams');
    await page.getByRole('button', { name: 'Add a stream' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('SIEM');
    await dialog.getByLabel('Address').fill(receiver.url);
    await dialog.getByRole('button', { name: 'Add the stream' }).click();
    await expect(dialog.getByText('This is shown once')).toBeVisible();
    const secret = (await dialog.locator('code').textContent()) ?? '';
    await dialog.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('button', { name: 'Send a test' }).click();
    await expect(page.getByText(/The test arrived, in \d+ ms/)).toBeVisible();
    const [first] = receiver.received;
    new Webhook(secret).verify(first?.body ?? '', first?.headers as Record<string, string>);

    await page.goto('/settings');
    await page.getByLabel('Name of the organisation').fill('Quarry Tiles & Sons');
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(page.getByText('The organisation has its new name.')).toBeVisible();
    const renamed = () => receiver.received.some(({ body }) => body.includes('tenant.renamed'));
    await expect.poll(renamed, patience).toBe(true);
    await page.goto('/settings/streams');
    await expect(page.getByText('Active')).toBeVisible();
  } finally {
    await receiver.stop();
  }
});
