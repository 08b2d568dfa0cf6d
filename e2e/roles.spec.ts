import type { APIRequestContext } from '@playwright/test';
import { builtActions, callAction } from './support/actions';
import {
  nowhere,
  places,
  publicActions,
  type Rank,
  ranks,
  routes,
  staffActions,
  tenantActions,
} from './support/cases';
import { sql } from './support/database';
import { expect, test } from './support/fixtures';
import { newAddress, ownPassword, signUp } from './support/people';
import type { TestServer } from './support/server';
import type { TenantIds } from './support/tenant';

/** What each role may, asked of the server directly, past what pages show. */

test.setTimeout(240_000);

const members = 'app/(tenant)/members/actions.ts';

/** Invite somebody new to the organisation of this owner, and let them accept. */
async function join(
  owner: APIRequestContext,
  guest: APIRequestContext,
  role: Rank,
): Promise<string> {
  const email = newAddress(role);
  const invited = await callAction(owner, `${members}#invite`, { email, role });
  const { link } = (invited.result as { data: { link: string } }).data;
  const joined = await callAction(
    guest,
    'app/(site)/invitations/[token]/actions.ts#joinWithNewAccount',
    { token: link.split('/').at(-1), name: 'Guest', password: ownPassword },
  );
  expect(joined.redirect, JSON.stringify(joined)).toBe('/overview');
  return email;
}

async function memberId(server: TestServer, email: string): Promise<string | undefined> {
  const [row] = await sql<{ id: string }>(
    server,
    'select m.id from memberships m join users u on u.id = m.user_id where u.email = $1',
    [email],
  );
  return row?.id;
}

test.describe('a role', () => {
  test('has a case for every action and every route that is built', () => {
    const cases = [
      ...tenantActions(nowhere).map(({ name }) => name),
      ...publicActions,
      ...staffActions,
    ];
    expect(builtActions().map(({ name }) => name)).toEqual([...cases].sort());
    expect(places('route.ts')).toEqual(Object.keys(routes).sort());
  });

  /** Ask for everything as somebody of this role: what is above it is refused, and on record. */
  async function expectLimits(
    request: APIRequestContext,
    role: Rank,
    ids: TenantIds,
  ): Promise<void> {
    const may = (from: Rank) => ranks.indexOf(role) >= ranks.indexOf(from);
    for (const { name, from, input } of tenantActions(ids)) {
      if (may(from)) continue;
      const { result } = await callAction(request, name, input);
      expect(result, `${role} ${name}`).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    }
    for (const [route, from] of Object.entries(routes)) {
      if (from === 'anybody' || from === 'staff') continue;
      const response = await request.get(route.replaceAll(/\[[^\]]+\]/g, crypto.randomUUID()));
      const forbidden = response.status() === 403;
      expect(forbidden, `${role} ${route}`).toBe(!may(from));
      if (forbidden) expect(await response.json()).toMatchObject({ code: 'forbidden' });
    }
  }

  test('viewer, member and admin are held to what they may', async ({ visit, page, server }) => {
    await signUp(page, {
      organisation: 'Rank & File',
      name: 'Uma Stein',
      email: newAddress('uma'),
    });
    for (const role of ['viewer', 'member', 'admin'] as const) {
      const guest = await visit();
      const email = await join(page.request, guest.request, role);
      await expectLimits(guest.request, role, nowhere);
      const [denials] = await sql<{ n: number }>(
        server,
        `select count(*)::int as n from tenant_access_logs l join users u on u.id = l.user_id
         where u.email = $1 and l.reason = 'forbidden'`,
        [email],
      );
      expect(denials?.n, role).toBeGreaterThan(0);
    }
  });

  test('an admin gives and takes no ownership', async ({ visit, page, server }) => {
    const owner = newAddress('ola');
    await signUp(page, { organisation: 'Top Floor', name: 'Ola Berg', email: owner });
    const guest = await visit();
    const email = await join(page.request, guest.request, 'admin');
    for (const [action, input] of [
      ['invite', { email: newAddress('x'), role: 'owner' }],
      ['changeMemberRole', { memberId: await memberId(server, email), role: 'owner' }],
      ['changeMemberRole', { memberId: await memberId(server, owner), role: 'viewer' }],
      ['removeFromOrganisation', { memberId: await memberId(server, owner), typed: owner }],
    ] as const) {
      const { result } = await callAction(guest.request, `${members}#${action}`, input);
      expect(result, `${action} ${JSON.stringify(input)}`).toMatchObject({ ok: false });
    }
    await page.goto('/members');
    await expect(page.getByRole('row', { name: /Ola Berg/ })).toContainText('Owner');
  });

  test('nobody is asked to sign in, by page and by endpoint', async ({ visit }) => {
    const { request } = await visit();
    for (const { name, input } of tenantActions(nowhere)) {
      const { result } = await callAction(request, name, input);
      expect(result, name).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
    }
    for (const [route, from] of Object.entries(routes)) {
      if (from === 'anybody') continue;
      const response = await request.get(route.replaceAll(/\[[^\]]+\]/g, crypto.randomUUID()));
      expect(response.status(), route).toBe(from === 'staff' ? 404 : 401);
    }
    for (const page of ['/overview', '/members', '/settings', `/runs/${crypto.randomUUID()}`]) {
      const response = await request.get(page, { maxRedirects: 0 });
      expect(response.status(), page).toBe(307);
      expect(response.headers().location).toBe(`/sign-in?next=${encodeURIComponent(page)}`);
    }
  });
});

test.describe('a member who was removed', () => {
  test('is out with the next request, on whatever they had open', async ({
    page,
    visit,
    server,
  }) => {
    await signUp(page, { organisation: 'Short Stay', name: 'Ivo Lang', email: newAddress('ivo') });
    const guest = await visit();
    const email = await join(page.request, guest.request, 'admin');
    expect((await guest.request.get('/api/audit')).status()).toBe(200);
    const removed = await callAction(page.request, `${members}#removeFromOrganisation`, {
      memberId: await memberId(server, email),
      typed: email,
    });
    expect(removed.result).toMatchObject({ ok: true });
    expect((await guest.request.get('/api/audit')).status()).toBe(401);
    const input = { email: newAddress('x'), role: 'viewer' };
    const { result } = await callAction(guest.request, `${members}#invite`, input);
    expect(result).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
  });
});
