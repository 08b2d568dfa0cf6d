import type { APIResponse } from '@playwright/test';
import { builtActions, callAction } from './support/actions';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { furnish } from './support/tenant';

/** What the server answers to requests that are wrong, forged or from elsewhere. */

test.setTimeout(240_000);

const [ours, theirs] = people.tenants;
const olivia = ours?.owner.email ?? '';
const victor = ours?.viewer.email ?? '';
const omar = theirs?.owner.email ?? '';

test.describe('a claim in a header', () => {
  test('to be another tenant is refused, and support sees it', async ({ visit, server }) => {
    const { request } = await visit(olivia);
    const [other] = await sql<{ id: string }>(server, 'select id from tenants where name = $1', [
      theirs?.name,
    ]);
    const response = await request.get('/api/runs', {
      headers: { 'x-tenant-id': other?.id ?? '' },
    });
    expect(response.status()).toBe(404);
    const requestId = response.headers()['x-request-id'] ?? '';
    expect(await response.json()).toMatchObject({ code: 'not_found', request_id: requestId });
    const support = await visit(people.support.email);
    await support.goto(`/admin/tenants?q=${ours?.name.split(' ')[0]}`);
    await support.getByRole('link', { name: ours?.name }).click();
    await expect(support.getByRole('heading', { level: 1 })).toHaveText(ours?.name ?? '');
    const denials = support.getByRole('table', { name: 'Last refusals' });
    const row = denials.getByRole('row', { name: new RegExp(requestId) });
    // On a busy machine the answer may be ahead of the record.
    await expect(async () => {
      await support.goto(support.url());
      await expect(row).toHaveCount(1, { timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
    await expect(row).toContainText('Named another’s id in X-Tenant-ID');
  });

  test('to be one’s own tenant changes nothing', async ({ visit, server }) => {
    const { request } = await visit(olivia);
    const [own] = await sql<{ id: string }>(server, 'select id from tenants where name = $1', [
      ours?.name,
    ]);
    const response = await request.get('/api/runs', { headers: { 'x-tenant-id': own?.id ?? '' } });
    expect(response.status()).toBe(200);
  });

  test('to be let past what stands before the routes is not believed', async ({ visit }) => {
    const { request } = await visit();
    const headers = { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' };
    expect((await request.get('/api/runs', { headers })).status()).toBe(401);
    expect((await request.get('/admin', { headers })).status()).toBe(404);
  });
});

test.describe('what cannot be used', () => {
  /** RFC 9457, with the request's id in body and header. */
  async function expectProblem(response: APIResponse, status: number, code: string) {
    expect(response.status()).toBe(status);
    const headers = response.headers();
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers['cache-control']).toContain('no-store');
    expect(await response.json()).toMatchObject({
      type: expect.stringMatching(/^https:\/\/.+/),
      title: expect.stringMatching(/.+/),
      status,
      detail: expect.stringMatching(/.+/),
      code,
      request_id: headers['x-request-id'],
    });
  }

  test('a cursor that is not ours is named as such, on every list', async ({ visit, server }) => {
    const other = await visit(omar);
    const ids = await furnish(other, server, { name: theirs?.name ?? '', owner: omar });
    const lists = [
      '/api/access-log',
      '/api/audit',
      '/api/automations',
      `/api/connections/${ids.connection}/calls`,
      '/api/reports',
      `/api/reports/${ids.report}/rows`,
      '/api/resources',
      '/api/runs',
    ];
    for (const list of lists) {
      for (const cursor of ['nonsense', Buffer.from('["x"]').toString('base64url')]) {
        const response = await other.request.get(`${list}?cursor=${cursor}`);
        await test.step(`${list} ${cursor}`, () => expectProblem(response, 400, 'invalid_input'));
      }
    }
    const support = await visit(people.support.email);
    for (const list of [
      '/api/admin/access-log',
      '/api/admin/alerts',
      '/api/admin/audit',
      '/api/admin/tenants',
    ]) {
      const response = await support.request.get(`${list}?cursor=nonsense`);
      await test.step(list, () => expectProblem(response, 400, 'invalid_input'));
    }
  });

  test('a request id of the caller’s own is kept, one that could not be is replaced', async ({
    request,
  }) => {
    const ask = async (id: string) =>
      (await request.get('/api/runs', { headers: { 'x-request-id': id } })).headers()[
        'x-request-id'
      ];
    expect(await ask('caller-0001')).toBe('caller-0001');
    expect(await ask('no "quotes" <here>')).not.toContain('quotes');
    expect(await ask('x'.repeat(5_000))).toMatch(/^[\w-]{1,100}$/);
  });

  test('a body that is too large is refused before it is read', async ({ request, visit }) => {
    const form = await request.post('/api/auth/callback/credentials', {
      data: `email=${'a'.repeat(64 * 1024)}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await expectProblem(form, 413, 'too_large');
    const member = await visit(olivia);
    const name = 'app/(tenant)/settings/actions.ts#renameOrganisation';
    const answer = await callAction(member.request, name, { name: 'a'.repeat(300 * 1024) });
    expect(answer.status).toBe(413);
    expect(answer.result).toBeUndefined();
    await member.goto('/settings');
    await expect(member.getByLabel('Name of the organisation')).toHaveValue(ours?.name ?? '');
  });

  test('a malformed body changes nothing and gives nothing away', async ({ visit }) => {
    const member = await visit(olivia);
    const rename = builtActions().find(({ name }) => name.endsWith('#renameOrganisation'));
    for (const data of ['{"name":', '[{"name":', '', '["$F1"]', '["$@9"]', '[{"__proto__":1}]']) {
      const response = await member.request.post('/settings', {
        data,
        headers: {
          accept: 'text/x-component',
          'content-type': 'text/plain;charset=UTF-8',
          'next-action': rename?.id ?? '',
        },
      });
      expect(await response.text(), data).not.toMatch(/ at .*\.(js|ts):\d+|node_modules/);
    }
    await member.goto('/settings');
    await expect(member.getByLabel('Name of the organisation')).toHaveValue(ours?.name ?? '');
  });

  test('an action or a method that does not exist is not there', async ({ request }) => {
    const action = await request.post('/settings', {
      data: '[]',
      headers: { accept: 'text/x-component', 'next-action': `7f${'0'.repeat(40)}` },
    });
    // The framework's word for a page that is older than the server.
    expect(action.status()).toBe(409);
    expect((await request.delete('/api/runs')).status()).toBe(405);
    const jobs = await request.put('/api/inngest', { data: {} });
    expect(jobs.status()).toBe(404);
  });
});

test.describe('a request from another site', () => {
  test('does not carry out an action', async ({ visit }) => {
    const member = await visit(olivia);
    const name = 'app/(tenant)/settings/actions.ts#renameOrganisation';
    const answer = await callAction(
      member.request,
      name,
      { name: 'Taken over' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    );
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.result?.ok).not.toBe(true);
    await member.goto('/settings');
    await expect(member.getByLabel('Name of the organisation')).toHaveValue(ours?.name ?? '');
  });

  test('does not reach an endpoint that changes something', async ({ request }) => {
    const response = await request.post('/api/auth/signout', {
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      form: {},
    });
    expect(response.status()).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'forbidden' });
  });

  test('sees no cookie of ours that scripts or other sites could use', async ({ visit }) => {
    const member = await visit(victor);
    const cookies = await member.context().cookies();
    const session = cookies.find(({ name }) => name === 'tenantry.session');
    // `Secure` and `__Host-` come with https.
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', secure: false });
    for (const cookie of cookies.filter(({ name }) => name.startsWith('tenantry.'))) {
      expect(cookie, cookie.name).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    }
    await member.goto('/overview');
    expect(await member.evaluate(() => document.cookie)).not.toContain('tenantry.session');
  });
});

test('every kind of answer carries the headers that protect it', async ({ visit }) => {
  const { request } = await visit(olivia);
  for (const path of ['/', '/sign-in', '/overview', '/nothing-here', '/api/runs', '/api/nothing']) {
    const headers = (await request.get(path)).headers();
    expect(headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-request-id': expect.stringMatching(/^[\w-]+$/),
    });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy, path).toMatch(/script-src 'self' 'nonce-[\w+/=]+' 'strict-dynamic'(;|$)/);
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).not.toMatch(/unsafe-(inline|eval)/);
    expect(headers, path).not.toHaveProperty('x-powered-by');
    expect(headers, path).not.toHaveProperty('server');
  }
  for (const path of ['/overview', '/members', '/api/runs']) {
    expect((await request.get(path)).headers()['cache-control'], path).toMatch(/no-store/);
  }
});
