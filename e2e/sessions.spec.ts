import type { Page } from '@playwright/test';
import { Client } from 'pg';
import { localDatabaseUrls } from '@/db/local';
import { expect, people, test } from './support/fixtures';
import { essenceOf } from './support/isolation/ask';
import { newAddress, ownPassword, signIn, signUp } from './support/people';
import type { TestServer } from './support/server';

/** What a token says holds only as long as the database says so too: asked on every request. */

/** Change something behind the product's back, as its operator does. */
async function sql(server: TestServer, text: string, values: unknown[] = []) {
  const client = new Client(localDatabaseUrls(server.dataDir)?.owner);
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

interface Signed {
  readonly page: Page;
  readonly email: string;
  readonly organisation: string;
}

/** A new organisation with its owner, signed in. */
async function newcomer(page: Page, organisation: string): Promise<Signed> {
  const email = newAddress('jo');
  await signUp(page, { organisation, name: 'Jo Miller', email });
  return { page, email, organisation };
}

test.describe('a session that was fine a moment ago', () => {
  // A page that stays open asks for news now and then, and is told 401 as well.
  test.beforeEach(({ expectErrors }) => expectErrors(/40[134]/));

  test('is out at once when the member was removed', async ({ page, server }) => {
    const { email } = await newcomer(page, 'Removed Ltd');
    await sql(
      server,
      'delete from memberships using users where users.id = user_id and email = $1',
      [email],
    );
    const route = await page.request.get('/api/audit', { maxRedirects: 0 });
    expect(route.status()).toBe(401);
    const id = route.headers()['x-request-id'] ?? '';
    await expect
      .poll(() => sql(server, 'select reason from tenant_access_logs where request_id = $1', [id]))
      .toEqual([{ reason: 'not_member' }]);
    await page.goto('/members?x=1');
    await expect(page).toHaveURL(/\/sign-in\/organisation/);
    await expect(page.getByText('You are no longer a member there')).toBeVisible();
  });

  test('is out at once when the organisation was suspended, and back after', async ({
    page,
    server,
  }) => {
    const { organisation } = await newcomer(page, `Suspended ${Date.now()}`);
    const become = (state: string) =>
      sql(server, 'update tenants set state = $1 where name = $2', [state, organisation]);
    await become('suspended');
    expect((await page.request.get('/api/audit')).status()).toBe(401);
    await page.goto('/overview');
    await expect(page.getByText(`${organisation} is suspended`)).toBeVisible();
    await become('active');
    await page.goto('/overview');
    await expect(page).toHaveURL('/overview');
  });

  test('has its new role at once', async ({ page, server }) => {
    const { email } = await newcomer(page, 'Demoted Ltd');
    expect((await page.goto('/settings'))?.status()).toBe(200);
    await sql(
      server,
      `update memberships set role = 'viewer' from users where users.id = user_id and email = $1`,
      [email],
    );
    expect((await page.goto('/settings'))?.status()).toBe(403);
    await expect(page.getByText('Your role does not allow this')).toBeVisible();
    await page.goto('/members');
    await expect(page.getByRole('button', { name: 'Invite member' })).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Settings' })).toHaveCount(0);
  });

  test('is over when the person’s sessions were ended', async ({ page, server }) => {
    const { email } = await newcomer(page, 'Ended Ltd');
    await sql(server, 'update users set session_version = session_version + 1 where email = $1', [
      email,
    ]);
    await page.goto('/audit?outcome=success');
    await expect(page).toHaveURL('/sign-in?next=%2Faudit%3Foutcome%3Dsuccess');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(ownPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL('/audit?outcome=success');
  });

  test('is nothing with a letter of its token changed', async ({ page, context }) => {
    await newcomer(page, 'Tampered Ltd');
    const cookie = (await context.cookies()).find(({ name }) => name.endsWith('tenantry.session'));
    const value = cookie?.value.replace(/.(?=.{30}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
    await context.addCookies([{ ...cookie, value } as Parameters<typeof context.addCookies>[0][0]]);
    await page.goto('/overview');
    await expect(page).toHaveURL(/\/sign-in\?next=/);
  });
});

test('a foreign tenant in a header is a page that does not exist, and on record', async ({
  page,
  server,
  expectErrors,
}) => {
  expectErrors(/404/);
  await newcomer(page, 'Header Ltd');
  const [other] = await sql(server, `select id from tenants where name = 'Fabrikam'`);
  await page.setExtraHTTPHeaders({ 'x-tenant-id': other.id });
  expect((await page.goto('/members'))?.status()).toBe(404);
  // On a busy machine the answer may be ahead of the record.
  const rows = () =>
    sql(
      server,
      `select reason, details from tenant_access_logs join tenants t on t.id = tenant_id
       where t.name = 'Header Ltd' and path = '/members'`,
    );
  await expect.poll(rows).toContainEqual({
    reason: 'tenant_header_mismatch',
    details: { claimed: other.id },
  });
});

test('no address given leads to another site after signing in', async ({ page }) => {
  const [first] = people.tenants;
  await page.goto('/sign-in?next=//evil.example/');
  await page.getByLabel('Email').fill(first?.owner.email ?? '');
  await page.getByLabel('Password', { exact: true }).fill(people.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/overview');
});

test.describe('the support console', () => {
  /** Everything of an answer but what differs between any two. */
  async function answer(page: Page, path: string, name: string, init: RequestInit = {}) {
    const response = await page.request.fetch(path, {
      maxRedirects: 0,
      method: init.method ?? 'GET',
      headers: init.headers as Record<string, string>,
    });
    // An asked-for path is quoted in the page's own data, nowhere else.
    const quoted = (await response.text())
      .replaceAll(`"${name}"`, '"…"')
      .replaceAll(`"${name}\\"`, '"…\\"');
    const headers = response.headers();
    const requestId = headers['x-request-id'] ?? '';
    const told = { status: response.status(), headers, body: quoted, requestId };
    return essenceOf({ ...told, ms: 0, at: Date.now() });
  }

  const pairs = [
    ['/admin', '/adnin'],
    [
      '/admin/tenants/01a1ff5a-ead3-7358-ae6d-926c5459c863',
      '/adnin/tenants/01a1ff5a-ead3-7358-ae6d-926c5459c863',
    ],
    ['/admin/audit?action=run.finished', '/adnin/audit?action=run.finished'],
    ['/api/admin/tenants', '/api/adnin/tenants'],
  ] as const;

  for (const who of ['nobody', 'an owner'] as const) {
    test(`is to ${who} what any address is where nothing is`, async ({ visit }) => {
      const page = await visit(who === 'nobody' ? undefined : people.tenants[0]?.owner.email);
      for (const [hidden, absent] of pairs) {
        for (const init of [{}, { method: 'POST' }, { headers: { rsc: '1' } }]) {
          const there = await answer(page, hidden, 'admin', init);
          expect(there.status).toBe(404);
          expect(there, `${hidden} ${JSON.stringify(init)}`).toEqual(
            await answer(page, absent, 'adnin', init),
          );
        }
      }
    });
  }

  test('opens for staff, until they are no staff any more', async ({
    page,
    server,
    expectErrors,
  }) => {
    expectErrors(/404/);
    await signIn(page, people.support.email);
    expect((await page.goto('/admin'))?.status()).toBe(200);
    const [row] = await sql(
      server,
      `delete from staff s using users u where u.id = s.user_id and u.email = $1
       returning s.user_id, s.role`,
      [people.support.email],
    );
    try {
      expect((await page.goto('/admin'))?.status()).toBe(404);
    } finally {
      await sql(server, 'insert into staff (user_id, role) values ($1, $2)', [
        row.user_id,
        row.role,
      ]);
    }
  });
});
