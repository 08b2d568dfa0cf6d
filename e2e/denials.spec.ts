import type { Page } from '@playwright/test';
import { callAction } from './support/actions';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';
import type { TestServer } from './support/server';

/** What a refusal leaves behind: on the record, in the console, in the mail of staff. */

test.setTimeout(240_000);

const [ours, theirs] = people.tenants;
const olivia = ours?.owner.email ?? '';
const omar = theirs?.owner.email ?? '';
const victor = ours?.viewer.email ?? '';

interface Denial {
  readonly reason: string;
  readonly method: string;
  readonly path: string;
  readonly actor_email: string | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly request_id: string;
  readonly times: number;
  readonly details: Record<string, unknown>;
}

const denials = (server: TestServer, requestId: string) =>
  sql<Denial>(
    server,
    'select * from tenant_access_logs where $1 in (request_id, last_request_id)',
    [requestId],
  );

/** Somebody new who owns an organisation of their own, so that other tests' alerts are not theirs. */
async function newcomer(page: Page, name: string): Promise<string> {
  const email = newAddress(name.toLowerCase());
  await signUp(page, { organisation: `${name} & Daughters`, name, email });
  return email;
}

test.describe('the support console', () => {
  test('asked for by a customer is answered like nothing, and that is on record', async ({
    visit,
    server,
  }) => {
    const { request } = await visit(victor);
    for (const place of ['/admin', '/admin/alerts', '/api/admin/audit', '/%61dmin/tenants/1']) {
      const asked = await request.get(place, { maxRedirects: 0 });
      const nothing = await request.get(place.replace(/admin|%61dmin/, 'nadir'));
      expect(asked.status(), place).toBe(404);
      expect(Object.keys(asked.headers()).sort(), place).toEqual(
        Object.keys(nothing.headers()).sort(),
      );
      const id = asked.headers()['x-request-id'] ?? '';
      await expect
        .poll(() => denials(server, id), { message: place })
        .toMatchObject([
          {
            reason: 'not_staff',
            method: 'GET',
            actor_email: victor,
            ip_address: expect.stringMatching(/[.:]/),
            user_agent: expect.stringMatching(/.+/),
          },
        ]);
    }
  });

  test('asked for by nobody leaves nothing on anybody’s record', async ({ visit, server }) => {
    const { request } = await visit();
    const asked = await request.get('/admin/alerts');
    const { request: known } = await visit(victor);
    const after = (await known.get('/admin/alerts')).headers()['x-request-id'] ?? '';
    await expect.poll(() => denials(server, after)).toHaveLength(1);
    expect(await denials(server, asked.headers()['x-request-id'] ?? '')).toEqual([]);
  });
});

test.describe('a denial', () => {
  test('of an action says which, and the ids that were asked for', async ({ visit, server }) => {
    const { request } = await visit(victor);
    const runId = crypto.randomUUID();
    const { result } = await callAction(request, 'app/(tenant)/runs/actions.ts#cancel', { runId });
    const id = result?.ok === false ? result.error.requestId : '';
    await expect
      .poll(() => denials(server, id))
      .toMatchObject([
        {
          reason: 'forbidden',
          method: 'ACTION',
          path: 'runs.cancel',
          details: { action: 'runs.cancel', asked: { runId }, permission: 'runs:mend' },
        },
      ]);
  });

  test('of somebody who enters an organisation that is not theirs is on their own’s record', async ({
    visit,
    server,
  }) => {
    const { request } = await visit(olivia);
    const [other] = await sql<{ id: string }>(server, 'select id from tenants where name = $1', [
      theirs?.name,
    ]);
    const { result } = await callAction(
      request,
      'app/(site)/sign-in/actions.ts#enterOrganisation',
      { tenantId: other?.id, next: '/overview' },
    );
    const id = result?.ok === false ? result.error.requestId : '';
    await expect
      .poll(() => denials(server, id))
      .toMatchObject([
        {
          reason: 'not_found',
          path: 'sign-in.enterOrganisation',
          actor_email: olivia,
          details: { asked: { tenantId: other?.id } },
        },
      ]);
  });

  test('tells apart an id of ours from one that its caller chose', async ({ visit, server }) => {
    const { request } = await visit(victor);
    const address = `/api/runs/${crypto.randomUUID()}`;
    const chosen = `chosen-${Date.now()}`;
    await request.get(address, {
      headers: { 'x-request-id': chosen, 'x-request-id-given': '0' },
    });
    await expect
      .poll(() => denials(server, chosen))
      .toMatchObject([{ details: { requestIdBy: 'caller' } }]);
    const own = (await request.get(address, { headers: { 'x-request-id-given': '1' } })).headers();
    const left = () => denials(server, own['x-request-id'] ?? '');
    await expect.poll(left).toHaveLength(1);
    const [denial] = await left();
    expect(denial?.details).not.toHaveProperty('requestIdBy');
  });
});

test.describe('the owner of an organisation', () => {
  test('sees who was refused what and why, filters, and asks for more', async ({
    page,
    server,
  }) => {
    await newcomer(page, 'Petra');
    for (let n = 0; n < 60; n += 1) {
      await page.request.get(`/api/runs/00000000-0000-7000-8000-0000000001${10 + n}`);
    }
    await page.goto('/overview');
    await page.getByRole('link', { name: 'Refused access' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Refused access');
    const table = page.getByRole('table', { name: 'Refused access' });
    await expect(table.getByRole('row')).toHaveCount(51);
    await page.getByRole('button', { name: /more/i }).last().click();
    await expect(table.getByRole('row')).toHaveCount(61);
    await expect(table).toContainText('Asked for something that is not there, or not theirs');
    await table.getByRole('button', { name: 'Show everything about it' }).first().click();
    const sheet = page.getByRole('dialog', { name: 'Refused access' });
    await expect(sheet).toContainText('Request id');
    await sheet.getByRole('link', { name: 'Same request' }).click();
    await expect(page).toHaveURL(/\/access-log\?request=/);
    await expect(table.getByRole('row')).toHaveCount(2);
    await page.goto('/access-log?reason=forged_job');
    await expect(page.getByText('Nothing on record matches these filters')).toBeVisible();
    const count = async () => {
      const [row] = await sql<{ n: number }>(
        server,
        `select count(*)::int as n from tenant_access_logs l join tenants t on t.id = l.tenant_id
         where t.name = 'Petra & Daughters'`,
      );
      return row?.n;
    };
    await expect.poll(count).toBe(60);
  });

  test('sees nothing of another’s, whatever is asked', async ({ visit, server }) => {
    const { request: other } = await visit(omar);
    const secret = `/api/runs/${crypto.randomUUID()}`;
    const refused = (await other.get(secret)).headers()['x-request-id'] ?? '';
    await expect.poll(() => denials(server, refused)).toHaveLength(1);
    const { request } = await visit(olivia);
    const seen = await request.get(`/api/access-log?request=${refused}`);
    expect(await seen.json()).toEqual({ items: [], nextCursor: null });
  });
});

test.describe('an alert', () => {
  test('reaches staff in the console and by mail within a minute, and is closed with a note', async ({
    page,
    visit,
    server,
  }) => {
    const email = await newcomer(page, 'Trudy');
    const [other] = await sql<{ id: string }>(server, 'select id from tenants where name = $1', [
      ours?.name,
    ]);
    // A sign-in may have to wait for the next code, which is no part of the minute.
    const support = await visit(people.support.email);
    for (let n = 0; n < 3; n += 1) {
      await page.request.get('/api/runs', { headers: { 'x-tenant-id': other?.id ?? '' } });
    }

    const row = support.getByRole('row', { name: new RegExp(email) });
    await support.goto('/admin/alerts?state=open&rule=tenant_header');
    // The list asks again by itself.
    await expect(row).toHaveCount(1, { timeout: 60_000 });
    const mail = support.getByRole('link', { name: /\[Tenantry\]/ });
    // As a mail has it, so that no program makes a link of what somebody called themselves.
    const told = support.getByText(email.replaceAll('.', '. '));
    await expect(async () => {
      await support.goto('/admin/outbox');
      await mail.first().click({ timeout: 5_000 });
      await expect(told).toBeVisible({ timeout: 10_000 });
    }).toPass({ timeout: 90_000 });
    // By the server's own clock: how fast this test looks says nothing.
    const [mailed] = await sql<{ seconds: number }>(
      server,
      `select extract(epoch from max(m.sent_at) - min(a.first_seen_at))::float8 as seconds
         from alerts a join alert_mails m on m.alert_id = a.id
        where a.actor_email = $1 and a.rule = 'tenant_header'`,
      [email],
    );
    expect(mailed?.seconds).toBeLessThan(60);

    // The mail leads to it.
    await support.locator(`a[href*="/admin/alerts/"]`).last().click();
    await expect(support).toHaveURL(/\/admin\/alerts\/[0-9a-f-]{36}/);
    await support.goto('/admin/alerts?state=open&rule=tenant_header');
    await row.getByRole('link').first().click();
    await expect(support.getByRole('heading', { level: 1 })).toHaveText(
      'Claimed to be another tenant',
    );
    const behind = support.getByRole('table', { name: 'Latest refusals behind it' });
    await expect(behind).toContainText('GET /api/runs');
    await support.getByRole('button', { name: 'Acknowledge' }).click();
    await expect(support.getByText('Say in a few words what you found.')).toBeVisible();
    await support.getByLabel('What you found').fill('A script of their own; they know.');
    await support.getByRole('button', { name: 'Acknowledge' }).click();
    await expect(support.getByText(/Acknowledged by /)).toBeVisible();
    await expect(support.getByText('A script of their own; they know.')).toBeVisible();
    await support.goto('/admin/alerts?state=open&rule=tenant_header');
    await expect(row).toHaveCount(0);
  });

  test('cannot be seen or closed by anybody else', async ({ visit }) => {
    const { request } = await visit(olivia);
    const name = 'app/admin/alerts/actions.ts#acknowledgeAlert';
    const input = { alertId: crypto.randomUUID(), note: 'Not mine to close.' };
    const { status, result } = await callAction(request, name, input);
    // The framework's word for an action that is not there.
    expect(status).toBe(409);
    expect(result).toBeUndefined();
    expect((await request.get('/api/admin/alerts')).status()).toBe(404);
  });
});
