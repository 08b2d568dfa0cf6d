import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { and, type ConnectionId, eq, newId, withTenant } from '@/db';
import { connections, credentials } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import type { Grant } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { seal } from '@/lib/vault';
import { loadCredential, replaceCredential, storeRefreshed, takeLease } from './credentials';
import { testGoogle, testMember } from './testing';

testGoogle();
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

async function newConnection(): Promise<ConnectionId> {
  const id = newId<ConnectionId>();
  await withTenant(context, (tx) =>
    tx.insert(connections).values({
      tenantId: context.tenantId,
      id,
      provider: 'google',
      createdBy: context.userId,
    }),
  );
  return id;
}

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  connectionId = await newConnection();
});

const tokens = (accessToken: string, refreshToken: string | null = null) => ({
  accessToken,
  refreshToken,
  expiresAt: new Date(Date.now() + 3_600_000),
  scopes: [],
});
const load = (id = connectionId) => withTenant(context, (tx) => loadCredential(tx, context, id));
const replace = (...[set, grant]: [ReturnType<typeof tokens>, Grant?]) =>
  withTenant(context, (tx) => replaceCredential(tx, context, connectionId, set, grant));

const grants: readonly Grant[] = [
  { kind: 'refresh_token', refreshToken: '1//canary' },
  { kind: 'client_credentials', organizationId: '72f988bf-86f1-41af-91ab-2d7cd011db47' },
  {
    kind: 'service_account',
    key: '{"private_key":"canary"}',
    subject: 'a@b.example',
    scopes: ['s'],
  },
];

describe.each(grants)('a credential with $kind', (grant) => {
  it('comes back as it was sealed, and is ciphertext where it lies', async () => {
    await replace(tokens('ya29.canary'), grant);
    expect(await load()).toMatchObject({ accessToken: 'ya29.canary', grant, generation: 1 });
    const { rows } = await database.owner.query<{ dump: string }>(
      'select credentials::text as dump from credentials',
    );
    expect(rows.map(({ dump }) => dump).join()).not.toContain('canary');
  });

  it('keeps its grant over a refresh that brings a token only', async () => {
    await replace(tokens('first'), grant);
    const old = await load();
    if (!old) throw new Error('the credential is gone');
    const stored = await withTenant(context, async (tx) => {
      const lease = await takeLease(tx, context, connectionId, old);
      return storeRefreshed(tx, context, connectionId, old, tokens('second'), lease ?? '');
    });
    expect(stored).toBe(true);
    expect(await load()).toMatchObject({ accessToken: 'second', grant, generation: 1 });
  });

  it('keeps its grant over a consent that brings none', async () => {
    await replace(tokens('first'), grant);
    await replace(tokens('second'));
    expect(await load()).toMatchObject({ accessToken: 'second', grant, generation: 2 });
  });

  it('opens for no other connection', async () => {
    await replace(tokens('first'), grant);
    const other = await newConnection();
    await database.owner.query(
      'update credentials set connection_id = $2 where connection_id = $1',
      [connectionId, other],
    );
    await expect(load(other)).rejects.toMatchObject({ name: 'VaultError' });
  });
});

it('a credential sealed while consent pages were the only way still opens', async () => {
  await replace(tokens('new'));
  const text = JSON.stringify({ accessToken: 'ya29.old', refreshToken: '1//old' });
  await withTenant(context, async (tx) => {
    const binding = { kind: 'credential', subjectId: connectionId, generation: 1 } as const;
    const sealed = await seal(tx, context, binding, text);
    const own = and(
      eq(credentials.tenantId, context.tenantId),
      eq(credentials.connectionId, connectionId),
    );
    await tx.update(credentials).set({ sealed }).where(own);
  });
  expect(await load()).toMatchObject({
    accessToken: 'ya29.old',
    grant: { kind: 'refresh_token', refreshToken: '1//old' },
  });
});
