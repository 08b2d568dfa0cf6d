import { beforeAll, describe, expect, it } from 'vitest';
import {
  eq,
  hasSqlState,
  newId,
  sqlStates,
  type TenantContext,
  type UserId,
  withIdentity,
  withPlatform,
  withTenant,
} from '@/db';
import { connections, credentials, memberships, tenants, users } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { createKnownRows } from '@/db/testing/rows';

const database = testDatabase();

const refused = (error: unknown) => hasSqlState(error, sqlStates.insufficientPrivilege);

let acme: TenantContext;
let globex: TenantContext;

beforeAll(async () => {
  const [first, second] = await createKnownRows(database, 2, 1);
  acme = first as TenantContext;
  globex = second as TenantContext;
});

describe('withTenant', () => {
  // The app role sees its own tenant's members: whoever it could add, it could read.
  it('adds no member, so that nobody of another tenant can be looked up by their id', async () => {
    const { userId } = await database.createMember(globex);
    const adding = withTenant(acme, (tx) =>
      tx.insert(memberships).values({ tenantId: acme.tenantId, userId, role: 'viewer' }),
    );
    await expect(adding).rejects.toSatisfy(refused);
    const unknown = newId<UserId>();
    const guessing = withTenant(acme, (tx) =>
      tx.insert(memberships).values({ tenantId: acme.tenantId, userId: unknown, role: 'viewer' }),
    );
    await expect(guessing).rejects.toSatisfy(refused);
  });

  it('moves no membership to another person', async () => {
    const { membershipId } = await database.createMember(acme);
    const { userId } = await database.createMember(globex);
    const moving = withTenant(acme, (tx) =>
      tx.update(memberships).set({ userId }).where(eq(memberships.id, membershipId)),
    );
    await expect(moving).rejects.toSatisfy(refused);
  });
});

describe('withIdentity', () => {
  it("finds a person's memberships in all tenants", async () => {
    const { userId } = await database.createMember(acme);
    await database.owner.query(
      "insert into memberships (tenant_id, id, user_id, role) values ($1, $2, $3, 'viewer')",
      [globex.tenantId, newId(), userId],
    );
    const found = await withIdentity((tx) =>
      tx
        .select({ tenantId: memberships.tenantId })
        .from(memberships)
        .where(eq(memberships.userId, userId)),
    );
    expect(new Set(found.map((row) => row.tenantId))).toEqual(
      new Set([acme.tenantId, globex.tenantId]),
    );
  });

  it('joins, with null for what is missing', async () => {
    const id = newId<UserId>();
    const rows = await withIdentity(async (tx) => {
      await tx.insert(users).values({ id, email: `${id}@example.com`, name: 'Grace' });
      return tx
        .select()
        .from(users)
        .leftJoin(memberships, eq(memberships.userId, users.id))
        .where(eq(users.id, id));
    });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.users.name).toBe('Grace');
    expect(rows[0]?.memberships).toBeNull();
  });

  it("reaches nothing of a tenant's content", async () => {
    await expect(withIdentity((tx) => tx.select().from(connections))).rejects.toSatisfy(refused);
    await expect(withIdentity((tx) => tx.select().from(credentials))).rejects.toSatisfy(refused);
  });

  it('undoes everything when the work throws', async () => {
    const id = newId<UserId>();
    const working = withIdentity(async (tx) => {
      await tx.insert(users).values({ id, email: `${id}@example.com`, name: 'Nobody' });
      throw new Error('no');
    });
    await expect(working).rejects.toThrow('no');
    expect(await withIdentity((tx) => tx.select().from(users).where(eq(users.id, id)))).toEqual([]);
  });
});

describe('withPlatform', () => {
  it('sees all tenants', async () => {
    const seen = await withPlatform((tx) => tx.select({ id: tenants.id }).from(tenants));
    expect(seen.map(({ id }) => id)).toEqual(
      expect.arrayContaining([acme.tenantId, globex.tenantId]),
    );
  });

  it('sees the state of connections, and not whose account they are', async () => {
    const states = await withPlatform((tx) =>
      tx.select({ state: connections.state }).from(connections),
    );
    expect(states.length).toBeGreaterThan(0);
    const account = withPlatform((tx) =>
      tx.select({ email: connections.accountEmail }).from(connections),
    );
    await expect(account).rejects.toSatisfy(refused);
  });

  it('never reaches credentials or password hashes', async () => {
    await expect(withPlatform((tx) => tx.select().from(credentials))).rejects.toSatisfy(refused);
    await expect(
      withPlatform((tx) => tx.select({ hash: users.passwordHash }).from(users)),
    ).rejects.toSatisfy(refused);
  });

  it("changes a tenant's state and nothing else of it", async () => {
    await withPlatform((tx) =>
      tx.update(tenants).set({ state: 'suspended' }).where(eq(tenants.id, globex.tenantId)),
    );
    await expect(
      withPlatform((tx) => tx.update(tenants).set({ name: 'Renamed' })),
    ).rejects.toSatisfy(refused);
  });
});
