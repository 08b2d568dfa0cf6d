import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';
import { root } from './support/server';

/** The record that the customer verifies without taking our word for it. */

const patience = { timeout: 90_000 };
test.setTimeout(240_000);

const run = promisify(execFile);
const tenantry = (args: readonly string[], env: Record<string, string> = {}) =>
  run('node', ['--import', 'tsx', 'cli/tenantry.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });

test('an owner sees how far the record is verified, and proves one event elsewhere', async ({
  page,
  server,
}) => {
  const person = { organisation: 'Proof Bakery', name: 'Petra Lund', email: newAddress('petra') };
  await signUp(page, person);
  const verified = page.getByRole('region', { name: 'Verification' });
  await expect(async () => {
    await page.goto('/audit');
    await expect(verified).toContainText('signed for', { timeout: 2_000 });
  }).toPass(patience);

  await page.getByRole('link', { name: 'Organisation created' }).first().click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('Proven', { exact: true })).toBeVisible(patience);
  const downloaded = page.waitForEvent('download');
  await drawer.getByRole('link', { name: 'Proof' }).click();
  const file = await (await downloaded).path();

  const note = await page.request.get('/api/audit/checkpoint');
  const tenant = /\/tenants\/(\S+)/.exec(await note.text())?.[1] ?? '';
  const key = await tenantry(['audit', 'key', '--tenant', tenant], { DATA_DIR: server.dataDir });
  const verdict = await tenantry(['audit', 'verify', file, '--key', key.stdout.trim()]);
  expect(verdict.stdout).toContain('1 event of this file: in that record');
  expect(verdict.stdout).toContain('Not proven:');
});
