import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '@/cli/start/ports';
import { startEmbedded } from '@/db/embedded';
import { localDatabaseUrls } from '@/db/local';
import { prepareDatabase } from '@/db/migrate';
import { expect, people, test } from './support/fixtures';
import { launch, newDataDir, root } from './support/server';

/** It looks at every table, role, function and file, in a process of its own. */
test.setTimeout(300_000);
const patience = { timeout: 60_000 };

interface Report {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly check: string;
    readonly findings: readonly { readonly problem: string }[];
  }[];
}

function doctor(dataDir: string): { readonly code: number | null; readonly report: Report } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'cli/doctor.ts'), '--json'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, DATA_DIR: dataDir } },
  );
  if (!stdout) throw new Error(`The doctor said nothing: ${stderr}`);
  return { code: status, report: JSON.parse(stdout) as Report };
}

const problems = ({ checks }: Report): string[] =>
  checks.flatMap(({ findings }) => findings.map(({ problem }) => problem));

test('the doctor passes the running product, policy and database included', ({ server }) => {
  const { code, report } = doctor(server.dataDir);
  expect(problems(report)).toEqual([]);
  expect(code).toBe(0);
  const checks = report.checks.map(({ check }) => check);
  expect(checks).toContain('The policy is on what is served');
  expect(checks).toContain('Tenant tables force row security');
});

test('the doctor finds what is broken in the running database', async ({ server }) => {
  const owner = new Client(localDatabaseUrls(server.dataDir)?.owner);
  await owner.connect();
  const breaks = [
    'alter table connections no force row level security',
    'drop policy tenant_isolation on report_rows',
    'alter table provider_calls drop constraint provider_calls_pkey',
  ];
  for (const statement of breaks) await owner.query(statement);
  const { code, report } = doctor(server.dataDir);
  for (const statement of [
    'alter table connections force row level security',
    `create policy tenant_isolation on report_rows for all to tenantry_app
       using (tenant_id = current_tenant())
       with check (tenant_id = (select current_tenant()))`,
    'alter table provider_calls add primary key (tenant_id, id)',
  ]) {
    await owner.query(statement);
  }
  await owner.end();
  expect(code).toBe(1);
  for (const table of ['connections', 'report_rows', 'provider_calls']) {
    expect(problems(report).join('\n')).toContain(table);
  }
});

const [northwind] = people.tenants;

test('a start has the doctor look, says so in a line, and keeps what it found', async ({
  server,
  visit,
}) => {
  await expect.poll(() => server.output(), { timeout: 260_000 }).toMatch(/ Doctor: \d+ /);
  expect(server.output()).toMatch(/✓ Doctor: \d+ checks, nothing found/);
  const page = await visit(people.support.email);
  await page.goto('/admin/doctor');
  await expect(page.getByText(/^All \d+ checks hold$/)).toBeVisible();
  await expect(page.getByText('the start of the product')).toBeVisible();
});

test('staff have it look again, and see what was broken since with what to do', async ({
  server,
  visit,
}) => {
  const page = await visit(people.support.email);
  await page.goto('/admin/doctor');
  const owner = new Client(localDatabaseUrls(server.dataDir)?.owner);
  await owner.connect();
  await owner.query('create policy left_open on mails for select to tenantry_app using (true)');
  try {
    await page.getByRole('button', { name: 'Check again' }).click();
    await expect(page.getByText(/^Looked again: \d+ findings?$/)).toBeVisible(patience);
    await expect(page.getByText(/^1 of \d+ checks found something$/).first()).toBeVisible();
    await expect(page.getByText('Policy left_open on mails is in no declaration')).toBeVisible();
    await expect(page.getByText('DROP POLICY left_open ON public.mails;')).toBeVisible();
    await expect(page.getByText('somebody of the staff, here')).toBeVisible();
  } finally {
    await owner.query('drop policy left_open on mails');
    await owner.end();
  }
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.getByText(/^Looked again: all \d+ hold$/)).toBeVisible(patience);
  await expect(page.getByText(/^All \d+ checks hold$/)).toBeVisible();

  // The look before is reached by keyboard, and its address is its own.
  await page.getByText('Open one of them').press('Enter');
  await page
    .getByRole('list', { name: 'Looks, newest first' })
    .getByRole('link', { name: /1 of \d+ checks found something/ })
    .first()
    .press('Enter');
  await expect(page).toHaveURL(/look=/);
  await expect(page.getByRole('note').filter({ hasText: /^A past look, of / })).toBeVisible();
  await expect(page.getByText('Policy left_open on mails is in no declaration')).toBeVisible();
  await page.getByRole('link', { name: 'Show the latest' }).click();
  await expect(page.getByText(/^All \d+ checks hold$/)).toBeVisible();
});

test('an owner sees what is checked and how it came out, and what has not run', async ({
  visit,
}) => {
  const page = await visit(northwind?.owner.email);
  await page.goto('/settings');
  await page.getByRole('link', { name: 'Trust' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Trust' })).toBeVisible();
  const checks = page.getByRole('region', { name: 'Checks of this system' });
  await expect(checks).toContainText(/\d+ of \d+ checks hold/);
  await expect(page.getByRole('region', { name: 'What is tried' })).toContainText(
    'Inside the database',
  );
  // Details are the platform's: names of tables, roles and files are nothing for a tenant.
  await expect(page.locator('main')).not.toContainText(/tenantry_app|left_open|\.ts\b/);
});

test('a production start is refused while rows could get out, and says by what', async () => {
  const [elsewhere, dataDir] = [newDataDir(), newDataDir()];
  const database = await startEmbedded({ dataDir: elsewhere });
  try {
    const secret = () => randomBytes(32).toString('base64url');
    const secrets = {
      app: secret(),
      identity: secret(),
      platform: secret(),
      engine: secret(),
      contextKey: secret(),
    };
    await prepareDatabase({ ownerUrl: database.url, secrets });
    const owner = new Client(database.url);
    await owner.connect();
    await owner.query('alter policy tenant_isolation on connections using (true)');
    await owner.end();
    const env = {
      TENANTRY_MODE: 'production',
      APP_URL: 'https://tenantry.test',
      ALLOW_LOCAL_KEY_FILE: '1',
      ALLOW_LOCAL_OBJECTS: '1',
      DATABASE_URL: database.url,
      SMTP_URL: 'smtp://mail.tenantry.test:25',
    };
    const child = launch({ dataDir, port: await freePort(), env });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(child.output()).toContain('1 way by which a tenant');
    expect(child.output()).toContain('Policy tenant_isolation on connections does not say');
    expect(child.output()).not.toContain('Tenantry is ready');
  } finally {
    await database.stop();
    for (const directory of [elsewhere, dataDir]) {
      rmSync(directory, { recursive: true, force: true });
    }
  }
});
