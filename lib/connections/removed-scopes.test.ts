import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { tids } from '@/emulators/microsoft/testing';
import { findWay } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { renewToken } from './client';
import { scopesAfterRefresh } from './consent-scopes';
import { testMember } from './testing';
import { connectTo, readOnce, standing, testProviders } from './testing/world';

/** What was taken back at the provider, and shows in the next token only. */
const emulators = testProviders('microsoft');
const database = testDatabase();
let context: MemberContext;
let id: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  await database.owner.query('delete from connections');
  id = await connectTo(context, 'microsoft', 'application');
});

async function scopes(): Promise<readonly string[]> {
  const { rows } = await database.owner.query<{ scopes: string[] }>(
    'select scopes from connections where id = $1',
    [id],
  );
  return rows[0]?.scopes ?? [];
}
const remove = (role: string) => emulators.microsoft.act('remove_permission', tids.northwind, role);

describe('a role that an administrator took from our application', () => {
  it('is missed with the next token, once', async () => {
    expect(await scopes()).toContain('Files.Read.All');
    await remove('Files.Read.All');
    await emulators.microsoft.act('expire', tids.northwind);
    await readOnce(context, id).catch(() => undefined);
    expect(await standing(database, id)).toMatchObject({ state: 'needs_scopes', moves: 1 });
    expect(await scopes()).not.toContain('Files.Read.All');
    await renewToken(context, id).catch(() => undefined);
    expect(await standing(database, id)).toMatchObject({ state: 'needs_scopes', moves: 1 });
  });

  it('and that nothing requires leaves the connection as it is', async () => {
    await remove('Mail.Send');
    await renewToken(context, id);
    expect(await scopes()).not.toContain('Mail.Send');
    expect(await standing(database, id)).toMatchObject({ state: 'active', moves: 0 });
  });
});

it('a refresh without anything taken back changes nothing', async () => {
  const before = await scopes();
  await renewToken(context, id);
  expect(await scopes()).toEqual(before);
  const required = findWay('microsoft', 'application')?.scopes.filter((one) => one.required) ?? [];
  expect(before).toEqual(expect.arrayContaining(required.map(({ scope }) => scope)));
});

describe('after a refresh, a person’s consent', () => {
  const left = (...answered: string[]) =>
    scopesAfterRefresh({ form: 'authorization_code' }, ['openid', 'mail', 'files'], answered);

  it('has lost what the answer leaves out, but for the sign-in itself', () => {
    expect(left('mail')).toEqual(['openid', 'mail']);
  });
  it('has not gained what another organisation was given', () => {
    expect(left('files', 'mail', 'send')).toEqual(['openid', 'mail', 'files']);
  });
  it('is the same where the answer names none', () => {
    expect(left()).toEqual(['openid', 'mail', 'files']);
  });
});
