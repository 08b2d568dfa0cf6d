import { startBucketServer } from '@/lib/objects/testing/bucket-server';
import { testCertificate } from '@/lib/streams/testing/certificate';
import { startSyslogReceiver } from '@/lib/streams/testing/receivers';
import { expect, people, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';
import { tells } from './support/told';

/** A record that goes to a collector by syslog over TLS, and to a bucket; staff see when it does not. */

const patience = { timeout: 60_000 };
test.setTimeout(180_000);

test('events go to syslog and to a bucket, and staff are led to the one that fails', async ({
  page,
  visit,
}) => {
  const [collector, bucket] = [await startSyslogReceiver(), await startBucketServer()];
  const organisation = `Slate Roofs ${Date.now().toString(36)}`;
  const dialog = page.getByRole('dialog');
  const add = async (kind: RegExp, name: string, fields: Readonly<Record<string, string>>) => {
    await page.getByRole('button', { name: 'Add a stream' }).click();
    await dialog.getByRole('radio', { name: kind }).check();
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    for (const [label, value] of Object.entries(fields)) {
      // The kinds are called like fields of theirs.
      const field = dialog.getByLabel(label).and(dialog.locator(':not([type=radio])'));
      await field.fill(value);
    }
    await dialog.getByRole('button', { name: 'Add the stream' }).click();
    await expect(dialog).toBeHidden();
    const item = page.getByRole('listitem').filter({ hasText: name });
    const send = item.getByRole('button', { name: 'Send a test' });
    await expect(send).toBeVisible();
    await tells(page, /The test arrived, in \d+ ms/, () => send.click());
    return item;
  };
  const rename = async (name: string) => {
    await page.goto('/settings');
    await page.getByLabel('Name of the organisation').fill(name);
    await tells(page, 'The organisation has its new name.', () =>
      page.getByRole('button', { name: 'Save name' }).click(),
    );
  };
  try {
    await signUp(page, { organisation, name: 'Una Voss', email: newAddress('una') });
    await page.goto('/settings/streams');
    const syslog = await add(/^Syslog/, 'Collector', {
      Server: '127.0.0.1',
      Port: String(collector.port),
      'Certificate of its authority': testCertificate,
    });
    expect(collector.messages[0]).toMatch(/^<\d+>1 \S+ \S+ tenantry \S+ stream\.tested /);
    await add(/^Bucket/, 'Cold store', {
      Bucket: 'logs',
      Folder: 'tenantry/audit',
      Server: bucket.endpoint,
      'Access key id': bucket.accessKeyId,
      'Secret access key': bucket.secretAccessKey,
    });

    await rename(`${organisation} Ltd`);
    const arrived = () => collector.messages.some((message) => message.includes('tenant.renamed'));
    await expect.poll(arrived, patience).toBe(true);
    const files = () =>
      [...bucket.objects].filter(([, { body }]) => body.includes('tenant.renamed'));
    await expect.poll(() => files().length, patience).toBe(1);
    expect(files()[0]?.[0]).toMatch(/^logs\/tenantry\/audit\//);

    // The collector goes away: what waits is kept, and staff are led to it.
    await collector.stop();
    await rename(organisation);
    await page.goto('/settings/streams');
    await expect(syslog.getByText('Nobody listens there.')).toBeVisible(patience);
    const staff = await visit(people.support.email);
    await staff.goto('/admin');
    const need = staff.getByRole('region', { name: 'Needs a person' }).getByRole('listitem');
    await need.getByRole('link', { name: 'Failing streams' }).click();
    await expect(staff).toHaveURL('/admin/streams?state=failing');
    const row = staff.getByRole('row', { name: new RegExp(organisation) });
    await expect(row).toContainText('Syslog');
    await expect(row).toContainText('Nobody listens there.');
    await expect(staff.getByRole('main')).not.toContainText('127.0.0.1');
    await row.getByRole('link', { name: organisation }).click();
    await expect(staff.getByRole('heading', { level: 1 })).toHaveText(organisation);
  } finally {
    await collector.stop();
    await bucket.stop();
  }
});
