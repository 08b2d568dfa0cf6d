import { writeFileSync } from 'node:fs';
import type { APIRequestContext, Page } from '@playwright/test';
import { serviceAccountKey } from '@/emulators/testing/google';
import { discovered } from './support/connect';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { Google } from './support/google';
import { signIn } from './support/people';
import { collectSecrets, type Secret } from './support/secrets/collect';
import { dumpOf, logsOf, whereFound } from './support/secrets/scan';
import { startServer, type TestServer } from './support/server';

/**
 * Every secret there is, as it really is (opened with the installation's own keys), is looked for
 * everywhere that somebody may look: logs, a dump of the database with its jobs and reports, pages.
 */
test.setTimeout(600_000);

const owner = people.tenants[1]?.owner.email ?? '';
const authSecret = `canary-${crypto.randomUUID()}-auth`;
const metricsToken = `canary-${crypto.randomUUID()}-metrics`;
let server: TestServer;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const env = { LOG_LEVEL: 'trace', AUTH_SECRET: authSecret, METRICS_TOKEN: metricsToken };
  server = await startServer({ env });
});
test.afterAll(async () => {
  await server?.stop();
});

const tokenCalls = async (google: Google) => (await google.requests(owner, '/token')).length;

/** What is connected for the whole organisation: who is asked for, and what is pressed there. */
const organisations = [
  { provider: 'Slack', whom: 'The workspace', press: [/Allow in Fabrikam/] },
  {
    provider: 'Microsoft 365',
    whom: 'The whole organisation',
    press: [/omar@fabrikam\.example/, /omar@fabrikam\.example/],
  },
] as const;

async function begin(page: Page, provider: string, whom: string) {
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: provider }).check();
  await dialog.getByRole('radio', { name: whom }).check();
  return dialog;
}

const onConnection = (page: Page) =>
  expect(page).toHaveURL(/\/connections\/[0-9a-f-]{36}/, { timeout: 60_000 });

/**
 * Connect whole organisations, by tokens that rotate, by our own client and by a key file, and ask
 * an administrator for one more. @returns the secret part of the link that they would be sent
 */
async function connectOrganisations(page: Page, google: Google, keyFile: string): Promise<string> {
  for (const { provider, whom, press } of organisations) {
    const dialog = await begin(page, provider, whom);
    await dialog.getByRole('button', { name: `Go on to ${provider}` }).click();
    for (const name of press) await page.getByRole('button', { name }).click();
    await onConnection(page);
    await discovered(page);
  }
  const key = await begin(page, 'Google Workspace', 'The whole organisation');
  writeFileSync(keyFile, await serviceAccountKey(google, 'northwind.example'));
  await key.getByLabel('Key file').setInputFiles(keyFile);
  await key.getByLabel('Administrator', { exact: true }).fill('olivia@northwind.example');
  await key.getByRole('button', { name: 'Check the key and connect' }).click();
  await onConnection(page);
  await discovered(page);
  const asking = await begin(page, 'Google Workspace', 'One person');
  await asking.getByRole('button', { name: 'Somebody else has to allow it' }).click();
  await asking.getByLabel('Their address').fill('it@tailspin.example');
  await asking.getByRole('button', { name: 'Make the link' }).click();
  const link = (await asking.locator('code').textContent()) ?? '';
  return link.split('/').at(-1) ?? '';
}

/** Make the credential old, and have it refreshed by a discovery. */
async function refresh(page: Page, google: Google): Promise<void> {
  const before = await tokenCalls(google);
  await sql(server, "update credentials set access_expires_at = now() - interval '1 minute'");
  await page.reload();
  await page.getByRole('button', { name: 'Discover again' }).click();
  await expect.poll(() => tokenCalls(google), { timeout: 60_000 }).toBeGreaterThan(before);
}

/**
 * Have an old credential used once more, if the page lets one; where the connection stands then. The
 * button goes as soon as the refusal is known, also between a look and a press.
 */
async function stateAfterTrying(page: Page): Promise<string | undefined> {
  await sql(server, "update credentials set access_expires_at = now() - interval '1 minute'");
  await page.reload();
  const again = page.getByRole('button', { name: 'Discover again' });
  if (await again.isVisible()) await again.click({ timeout: 5_000 }).catch(() => {});
  const [row] = await sql<{ state: string }>(
    server,
    "select state from connections where provider = 'google' and authority = 'delegated' and account_email is not null",
  );
  return row?.state;
}

/** Everything that can be got by following links from here. */
async function pagesFrom(request: APIRequestContext, start: string): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  const waiting = [start];
  while (waiting.length > 0 && pages.size < 120) {
    const path = waiting.shift() as string;
    if (pages.has(path)) continue;
    const response = await request.get(`${server.url}${path}`);
    const text = await response.text();
    pages.set(path, text);
    for (const [, link = ''] of text.matchAll(/href="(\/[^"#]*)"/g)) {
      if (!/^\/(?:_next|api\/auth)|sign-out/.test(link))
        waiting.push(link.replaceAll('&amp;', '&'));
    }
  }
  return pages;
}

test('no secret shows in a log, a dump, a job or a page', async ({ browser }, info) => {
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  const google = new Google(server);
  await signIn(page, owner);
  const secrets: Secret[] = [];
  const link = await connectOrganisations(page, google, info.outputPath('key.json'));
  secrets.push({ kind: 'consent link', value: link }, ...(await collectSecrets(server)));
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  await page.getByRole('radio', { name: 'Google Workspace' }).check();
  await page.getByRole('button', { name: 'Go on to Google Workspace' }).click();
  await expect(page.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
  // The verifier of a consent is there until the consent is.
  secrets.push(...(await collectSecrets(server)));
  await page.getByRole('button', { name: new RegExp(owner) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(owner);
  await discovered(page);
  secrets.push(...(await collectSecrets(server)));

  await refresh(page, google);
  await discovered(page);
  secrets.push(...(await collectSecrets(server)));

  // A provider in trouble, which quotes in its refusal what it was sent.
  const quoted = secrets.filter(({ kind }) => kind === 'refresh token' || kind === 'access token');
  const told = quoted.map(({ value }) => `Bearer ${value} refresh_token=${value}`).join(' ');
  await google.fault(
    { path: '/token', status: 500, body: { error: 'internal', error_description: told }, times: 2 },
    { path: '/drive/*', status: 403, body: { error: { code: 403, message: told } }, times: 2 },
    { path: '/gmail/*', status: 400, body: told, times: 2 },
  );
  await refresh(page, google);
  await expect
    .poll(async () => (await google.fired()).reduce((sum, count) => sum + count, 0), {
      timeout: 60_000,
    })
    .toBeGreaterThan(1);
  await google.clearFaults();
  await google.fault({
    path: '/token',
    status: 400,
    body: { error: 'invalid_grant', error_description: told },
  });
  await expect.poll(() => stateAfterTrying(page), { timeout: 90_000 }).toBe('needs_reconsent');

  for (const { name, value } of await context.cookies()) {
    if (/session/i.test(name)) secrets.push({ kind: `cookie ${name}`, value });
  }
  secrets.push({ kind: 'AUTH_SECRET', value: authSecret });
  secrets.push({ kind: 'METRICS_TOKEN', value: metricsToken });
  const kinds = new Set(secrets.map(({ kind }) => kind.replace(/ .*session.*/, '')));
  expect([...kinds].toSorted()).toEqual(
    expect.arrayContaining([
      'AUTH_SECRET',
      'access token',
      'client secret',
      'client secret of Microsoft',
      'client secret of Slack',
      'consent link',
      'cookie',
      'key encryption key',
      'refresh token',
      'second factor',
      'service account key',
      'signing secret',
      'tenant key',
      'verifier',
    ]),
  );

  const support = await browser.newContext({ baseURL: server.url });
  const staffPage = await support.newPage();
  await signIn(staffPage, people.support.email);
  const places = new Map<string, string>([
    ['what the server said', server.output()],
    ...logsOf(server),
    ...(await dumpOf(server)),
    ...(await pagesFrom(page.request, '/overview')),
    ...(await pagesFrom(staffPage.request, '/admin')),
  ]);
  // The outbox of a demo is where its mails arrive: the link is to be there, and only there.
  const outbox = [...places].filter(([place]) => place.startsWith('/admin/outbox'));
  expect(outbox.some(([, text]) => text.includes(link))).toBe(true);
  for (const [place, text] of outbox) places.set(place, text.replaceAll(link, ''));
  // The scan sees: what is no secret is found where it is known to be.
  const all = [...places.values()].join('\n');
  for (const known of [owner, 'Serving', 'credentials', '"sealed"', 'Support']) {
    expect(all.includes(known), `the scan finds ${known}`).toBe(true);
  }
  expect(whereFound([{ kind: 'an address', value: owner }], places)).not.toEqual([]);
  expect(whereFound(secrets, places)).toEqual([]);
  await context.close();
  await support.close();
});
