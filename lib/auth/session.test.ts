import { encode } from 'next-auth/jwt';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newId, type TenantId, type UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import { holdTestKey } from '@/lib/vault/testing';
import { signUp } from './sign-up';
import { makeStaff, staffRoleOf } from './staff';
import { Browser } from './testing/browser';
import { openToken } from './token';

const secret = 'a secret for these tests alone, 32+';
const origin = 'http://localhost:3000';
vi.stubEnv('LOG_LEVEL', 'silent');
vi.stubEnv('AUTH_SECRET', secret);
vi.stubEnv('APP_URL', origin);
const database = testDatabase();
const facts = { requestId: 'req-1' };
const password = 'a walk along the pier';
const jo = { email: 'jo@harbour.example', name: 'Jo Miller', password, tenantName: 'Harbour' };

let made: { userId: UserId; tenantId: TenantId };
let browser: Browser;

beforeAll(() => holdTestKey());
beforeEach(async () => {
  await database.owner.query(
    'truncate tenants, users, memberships, staff, tenant_keys, audit_events, rate_limits cascade',
  );
  made = await signUp(jo, facts);
  browser = new Browser(origin);
});

const signIn = () => browser.signIn(jo.email, password);

async function join(tenantId: TenantId, role = 'viewer') {
  await database.owner.query(
    'insert into memberships (tenant_id, id, user_id, role) values ($1, $2, $3, $4)',
    [tenantId, newId(), made.userId, role],
  );
}
const recorded = async () =>
  (
    await database.owner.query('select tenant_id, action, details from audit_events order by id')
  ).rows.slice(1);

describe('a session', () => {
  it('begins in the person’s organisation and is on record there', async () => {
    const response = await signIn();
    expect(response.headers.get('location')).toBe(origin);
    expect(await browser.token()).toMatchObject({ ...made, role: 'owner', sessionVersion: 1 });
    expect(await recorded()).toEqual([
      { tenant_id: made.tenantId, action: 'session.started', details: { method: 'credentials' } },
    ]);
  });

  it('holds nothing else, and in a cookie that scripts cannot read', async () => {
    const response = await signIn();
    const cookie = response.headers
      .getSetCookie()
      .find((line) => line.startsWith('tenantry.session='));
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(Object.keys((await browser.token()) ?? {}).sort()).toEqual(
      ['role', 'sessionVersion', 'signedInAt', 'tenantId', 'userId'].sort(),
    );
  });

  it('does not begin without the password, and says no more than that', async () => {
    const response = await browser.signIn(jo.email, 'wrong');
    expect(response.headers.get('location')).toBe(
      `${origin}/sign-in?error=CredentialsSignin&code=unauthenticated`,
    );
    expect(await browser.token()).toBeNull();
    expect(await recorded()).toEqual([]);
  });

  it('does not begin without the form’s own token', async () => {
    await browser.post('/api/auth/callback/credentials', { email: jo.email, password });
    expect(await browser.token()).toBeNull();
  });

  it('begins where the browser was last, if that is still open to the person', async () => {
    const second = await database.createTenant('Second');
    await join(second.tenantId);
    browser.cookies.set('tenantry.organisation', second.tenantId);
    await signIn();
    expect(await browser.token()).toMatchObject({ ...second, role: 'viewer' });

    await database.owner.query(`update tenants set state = 'suspended' where id = $1`, [
      second.tenantId,
    ]);
    await signIn();
    expect(await browser.token()).toMatchObject({ tenantId: made.tenantId });
  });

  it('begins in no organisation for somebody who has none', async () => {
    await database.owner.query('delete from memberships');
    await signIn();
    expect(await browser.token()).toMatchObject({ tenantId: null, role: null });
  });

  it('ends with the sign-out, on record', async () => {
    await signIn();
    await browser.signOut();
    expect(await browser.token()).toBeNull();
    expect((await recorded()).at(-1)).toMatchObject({ action: 'session.ended' });
  });
});

describe('an update of the session', () => {
  it('to another of the person’s organisations takes the role from the database', async () => {
    const second = await database.createTenant('Second');
    await join(second.tenantId);
    await signIn();
    await browser.update({ tenantId: second.tenantId, role: 'owner' });
    expect(await browser.token()).toMatchObject({ ...second, role: 'viewer' });
    expect((await recorded()).at(-1)).toMatchObject({
      tenant_id: second.tenantId,
      action: 'session.switched',
    });
  });

  it.each([
    [
      'a foreign organisation',
      async () => ({ tenantId: (await database.createTenant()).tenantId }),
    ],
    ['an organisation that does not exist', async () => ({ tenantId: newId() })],
    ['another person', async () => ({ userId: newId(), sub: newId() })],
    ['another role', async () => ({ role: 'admin' })],
    ['staff', async () => ({ staff: true, user: { staff: true } })],
    ['another version', async () => ({ sessionVersion: 99, signedInAt: 4_102_444_800 })],
    ['no object', async () => 'tenantId'],
    ['an id that is none', async () => ({ tenantId: `${made.tenantId}' or 1=1` })],
  ])('to %s changes nothing', async (_what, data) => {
    await signIn();
    const before = await browser.token();
    await browser.update(await data());
    expect(await browser.token()).toEqual(before);
  });

  it('that was ended enters nothing', async () => {
    const second = await database.createTenant('Second');
    await join(second.tenantId);
    await signIn();
    await database.owner.query('update users set session_version = session_version + 1');
    await browser.update({ tenantId: second.tenantId });
    expect(await browser.token()).toMatchObject({ tenantId: made.tenantId });
    expect((await recorded()).at(-1)).toMatchObject({ action: 'session.started' });
  });

  it('does not enter a suspended organisation', async () => {
    const second = await database.createTenant('Second');
    await join(second.tenantId);
    await database.owner.query(`update tenants set state = 'suspended' where name = 'Second'`);
    await signIn();
    await browser.update({ tenantId: second.tenantId });
    expect(await browser.token()).toMatchObject({ tenantId: made.tenantId });
  });
});

describe('a token', () => {
  const claims = () => ({
    ...made,
    role: 'owner',
    sessionVersion: 1,
    signedInAt: Math.floor(Date.now() / 1_000),
  });
  const sealed = (token: object, over: { secret?: string; salt?: string; maxAge?: number } = {}) =>
    encode({ token: { ...token }, secret, salt: 'tenantry.session', ...over });

  it('of ours is read', async () => {
    const given = claims();
    expect(await openToken(await sealed(given))).toEqual(given);
  });

  it.each([
    ['sealed with another secret', () => sealed(claims(), { secret: 'x'.repeat(40) })],
    ['made for another cookie', () => sealed(claims(), { salt: 'tenantry.csrf' })],
    ['that has expired', () => sealed(claims(), { maxAge: -60 })],
    [
      'that is 31 days old',
      () => sealed({ ...claims(), signedInAt: claims().signedInAt - 31 * 86_400 }),
    ],
    ['without a person', () => sealed({ ...claims(), userId: undefined })],
    ['with a role that is none', () => sealed({ ...claims(), role: 'root' })],
    [
      'with a letter changed',
      async () => (await sealed(claims())).replace(/.(?=.{20}$)/, (c) => (c === 'A' ? 'B' : 'A')),
    ],
    ['without encryption', async () => `eyJhbGciOiJub25lIn0.${btoa(JSON.stringify(claims()))}.`],
    ['that is no token', async () => 'x'],
  ])('%s is none', async (_what, token) => {
    expect(await openToken(await token())).toBeNull();
  });
});

describe('staff', () => {
  const claims = () => ({ ...made, role: 'owner' as const, sessionVersion: 1 });

  it('are who the database says, whatever the token', async () => {
    expect(await staffRoleOf(claims())).toBeNull();
    await makeStaff(jo.email, 'support');
    expect(await staffRoleOf(claims())).toMatchObject({ role: 'support', email: jo.email });
    await database.owner.query('delete from staff');
    expect(await staffRoleOf(claims())).toBeNull();
  });

  it('are out when their sessions have been ended', async () => {
    await makeStaff(jo.email, 'platform_admin');
    expect(await staffRoleOf({ ...claims(), sessionVersion: 2 })).toBeNull();
  });

  it('carry the hint in their token; others do not', async () => {
    await signIn();
    expect(await browser.token()).not.toHaveProperty('staff');
    await makeStaff(jo.email, 'support');
    await signIn();
    expect(await browser.token()).toHaveProperty('staff', true);
  });

  it('cannot be made of nobody, nor of staff in another role', async () => {
    await expect(makeStaff('nobody@harbour.example', 'support')).rejects.toThrow(/Nobody has/);
    await makeStaff(jo.email, 'support');
    await makeStaff(jo.email, 'support');
    await expect(makeStaff(jo.email, 'platform_admin')).rejects.toThrow(/staff already/);
  });
});

it('refuses a body that no form of ours would send', async () => {
  const form = { csrfToken: 'x'.repeat(17_000) };
  await expect(browser.post('/api/auth/signout', form)).rejects.toMatchObject({
    code: 'too_large',
  });
});
