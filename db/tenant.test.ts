import { beforeAll, describe, expect, it } from 'vitest';
import {
  and,
  type ConnectionId,
  count,
  DoorMisuseError,
  eq,
  hasSqlState,
  isUniqueViolation,
  newId,
  QueryError,
  type QueryParameters,
  sql,
  sqlStates,
  type TenantContext,
  type TenantId,
  TransactionAbortedError,
  tenantDb,
  tenantQuery,
  withIdentity,
  withTenant,
} from '@/db';
import { poolOf } from '@/db/connections';
import { connections, memberships, tenants, users } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { createKnownRows, type KnownRow } from '@/db/testing/rows';

const database = testDatabase();

let mine: KnownRow;
let theirs: KnownRow;

beforeAll(async () => {
  const [first, second] = await createKnownRows(database, 2, 1);
  mine = first as KnownRow;
  theirs = second as KnownRow;
});

const connectionById = tenantQuery(
  'test_connection_by_id',
  (db, p: QueryParameters<{ id: ConnectionId }>) =>
    db
      .select()
      .from(connections)
      .where(and(eq(connections.tenantId, p.tenantId), eq(connections.id, p.id))),
);

const newConnection = (tenantId: TenantId) => ({
  tenantId,
  provider: 'google' as const,
  createdBy: newId() as never,
});

/** What the app role sees on a connection of its pool without going through a door. */
async function unscoped(text: string): Promise<unknown> {
  const { rows } = await poolOf('app').query({ text, rowMode: 'array' });
  return rows[0]?.[0];
}

describe('reading', () => {
  it('shows a tenant its own rows and no others, by every way in', async () => {
    const byTransaction = await withTenant(mine, (tx) => tx.select().from(connections));
    const byStatement = await tenantDb(mine).select().from(connections);
    const byQuery = await connectionById(mine, { id: mine.id });
    for (const rows of [byTransaction, byStatement, byQuery]) {
      expect(rows.map((row) => row.id)).toEqual([mine.id]);
      expect(rows[0]?.createdAt).toBeInstanceOf(Date);
      expect(rows[0]?.scopes).toEqual([]);
    }
  });

  it("finds nothing under another tenant's id, as if it did not exist", async () => {
    const foreign = await connectionById(mine, { id: theirs.id });
    const absent = await connectionById(mine, { id: newId<ConnectionId>() });
    expect(foreign).toEqual(absent);
    expect(foreign).toEqual([]);
  });

  it('shows no row of a tenant table without a tenant', async () => {
    expect(await unscoped('select count(*)::int from connections')).toBe(0);
    expect(await unscoped('select count(*)::int from tenants')).toBe(0);
    expect(await unscoped('select count(id)::int from users')).toBe(0);
  });

  it('shows the people of the own tenant only', async () => {
    const member = await database.createMember(mine);
    await database.createMember(theirs);
    const seen = await tenantDb(mine).select({ id: users.id }).from(users);
    expect(seen).toEqual([{ id: member.userId }]);
  });

  it('keeps password hashes from the app role', async () => {
    const reading = tenantDb(mine).select().from(users);
    await expect(reading).rejects.toSatisfy((error) =>
      hasSqlState(error, sqlStates.insufficientPrivilege),
    );
  });
});

describe('writing', () => {
  it("refuses a row under another tenant's id", async () => {
    const writing = withTenant(mine, (tx) =>
      tx.insert(connections).values(newConnection(theirs.tenantId)),
    );
    await expect(writing).rejects.toThrow(/row-level security/);
  });

  it('refuses to move a row to another tenant', async () => {
    const moving = tenantDb(mine)
      .update(connections)
      .set({ tenantId: theirs.tenantId })
      .where(eq(connections.id, mine.id));
    await expect(moving).rejects.toThrow(/row-level security/);
  });

  it("changes and deletes nothing under another tenant's id", async () => {
    const changed = await tenantDb(mine)
      .update(connections)
      .set({ stateReason: 'taken' })
      .where(eq(connections.id, theirs.id))
      .returning();
    const deleted = await tenantDb(mine)
      .delete(connections)
      .where(eq(connections.tenantId, theirs.tenantId))
      .returning();
    expect([...changed, ...deleted]).toEqual([]);
  });

  it('refuses a link to a row of another tenant', async () => {
    const member = await database.createMember(mine);
    const linking = tenantDb(mine).execute(
      sql`insert into discoveries (tenant_id, id, connection_id, requested_by)
          values (${mine.tenantId}, ${newId()}, ${theirs.id}, ${member.userId})`,
    );
    await expect(linking).rejects.toSatisfy((error) =>
      hasSqlState(error, sqlStates.foreignKeyViolation),
    );
  });

  it('names the unique key that refused a row, and leaves its values out of the error', async () => {
    const email = `${newId()}@example.com`;
    const { userId } = await database.createMember(mine, { email });
    const error = await withIdentity((tx) =>
      tx.insert(memberships).values({ tenantId: mine.tenantId, userId, role: 'viewer' }),
    ).catch((caught: unknown) => caught);
    expect(isUniqueViolation(error, 'memberships_user')).toBe(true);
    expect(isUniqueViolation(error, 'another_key')).toBe(false);
    expect(error).toBeInstanceOf(QueryError);
    expect(JSON.stringify(error) + String(error)).not.toContain(userId);
  });
});

describe('transactions', () => {
  const named = (context: TenantContext, name: string) =>
    withTenant(context, (tx) => tx.update(tenants).set({ name }));
  const nameOf = async (context: TenantContext) =>
    (await tenantDb(context).select({ name: tenants.name }).from(tenants))[0]?.name;

  it('commits when the work resolves and hands back its result', async () => {
    const result = await withTenant(mine, async (tx) => {
      await tx.update(tenants).set({ name: 'Committed' });
      return 42;
    });
    expect(result).toBe(42);
    expect(await nameOf(mine)).toBe('Committed');
  });

  it('rolls back when the work throws, and throws that error', async () => {
    await named(mine, 'Before');
    const failure = new Error('of the caller');
    const working = withTenant(mine, async (tx) => {
      await tx.update(tenants).set({ name: 'After' });
      throw failure;
    });
    await expect(working).rejects.toBe(failure);
    expect(await nameOf(mine)).toBe('Before');
  });

  it('does not report success when a failed statement was swallowed', async () => {
    await named(mine, 'Before');
    const working = withTenant(mine, async (tx) => {
      await tx.update(tenants).set({ name: 'After' });
      await tx.execute(sql`select 1 / 0`).catch(() => {});
    });
    await expect(working).rejects.toBeInstanceOf(TransactionAbortedError);
    expect(await nameOf(mine)).toBe('Before');
  });

  it('undoes only the savepoint when a nested transaction fails', async () => {
    await withTenant(mine, async (tx) => {
      await tx.update(tenants).set({ name: 'Outer' });
      await tx
        .transaction(async (inner) => {
          await inner.update(tenants).set({ name: 'Inner' });
          throw new Error('inner');
        })
        .catch(() => {});
    });
    expect(await nameOf(mine)).toBe('Outer');
  });

  it('runs statements one after another, awaited together or not', async () => {
    const seen = await withTenant(mine, (tx) =>
      Promise.all(
        [1, 2, 3].map((n) => tx.execute<{ n: number }>(sql`select ${n}::int as n, pg_sleep(0)`)),
      ),
    );
    expect(seen.map((result) => result.rows[0]?.n)).toEqual([1, 2, 3]);
  });

  it('runs nothing after its end', async () => {
    let leaked: { execute(query: ReturnType<typeof sql>): Promise<unknown> } | undefined;
    await withTenant(mine, async (tx) => {
      leaked = tx;
      await tx.select({ n: count() }).from(connections);
    });
    await expect(leaked?.execute(sql`select 1`)).rejects.toBeInstanceOf(DoorMisuseError);
  });

  it.each([
    ['deallocate all'],
    ["prepare tenantry_scope(text) as select 'x'"],
    ['set client_encoding to latin1'],
    ['set local statement_timeout = 1'],
    ["alter role tenantry_app set search_path = 'x'"],
    ['explain select 1'],
    ['do $$ begin end $$'],
    ['listen x'],
    ['copy tenants to stdout'],
    ['/* select */ reset all'],
    ['/* a /* b */ select */ discard all'],
    ['-- select\nreset all'],
    ['(('],
    [''],
  ])('refuses what would outlast it or is no reading or writing: %s', async (text) => {
    const other = sql.raw(text);
    await expect(withTenant(mine, (tx) => tx.execute(other))).rejects.toThrow(DoorMisuseError);
    await expect(tenantDb(mine).execute(other)).rejects.toThrow(DoorMisuseError);
    await expect(withIdentity((tx) => tx.execute(other))).rejects.toThrow(DoorMisuseError);
  });

  it('refuses to go on after a statement that would have ended the transaction', async () => {
    const working = withTenant(mine, async (tx) => {
      await tx.execute(sql`commit`);
      await tx.select().from(connections);
    });
    await expect(working).rejects.toThrow(/COMMIT does not/);
  });

  it('takes no connection when nothing is asked', async () => {
    expect(await withTenant(mine, async () => 'nothing')).toBe('nothing');
  });

  it('can be read only', async () => {
    const writing = withTenant(mine, (tx) => tx.update(tenants).set({ name: 'x' }), {
      readOnly: true,
    });
    await expect(writing).rejects.toThrow(/read-only transaction/);
  });
});

describe('misuse', () => {
  it.each(['', 'not-a-uuid', "' or true --", undefined, null, 7])(
    'refuses the tenant id %s',
    async (id) => {
      const context = { tenantId: id } as unknown as TenantContext;
      expect(() => tenantDb(context)).toThrow(DoorMisuseError);
      await expect(withTenant(context, async () => {})).rejects.toThrow(DoorMisuseError);
    },
  );

  it('refuses an undefined parameter before anything is sent', async () => {
    const id = undefined as unknown as ConnectionId;
    await expect(connectionById(mine, { id })).rejects.toThrow(/Parameter \d is undefined/);
    await expect(
      tenantDb(mine).select().from(connections).where(eq(connections.id, id)),
    ).rejects.toThrow(/is undefined/);
    await expect(
      withTenant(mine, (tx) => tx.delete(connections).where(eq(connections.id, id))),
    ).rejects.toThrow(/is undefined/);
  });

  it('refuses a prepared query that does not bind its tenant', async () => {
    const careless = tenantQuery('test_careless', (db) => db.select().from(connections));
    await expect(careless(mine, {})).rejects.toThrow(/does not filter by tenantId/);
  });

  it('refuses BEGIN in a single statement, and gives its connection to nobody', async () => {
    await expect(tenantDb(mine).execute(sql`begin`)).rejects.toBeInstanceOf(DoorMisuseError);
    expect(await unscoped('select count(*)::int from connections')).toBe(0);
  });

  it('refuses a transaction on single statements', async () => {
    // @ts-expect-error: it is not there, so that nobody believes in it
    const working = tenantDb(mine).transaction(async () => {});
    await expect(working).rejects.toBeInstanceOf(DoorMisuseError);
  });
});
