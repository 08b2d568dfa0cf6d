import { beforeAll, describe, expect, it } from 'vitest';
import { type ConnectionId, newId, type ResourceId, type TenantContext, withTenant } from '@/db';
import { resources } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { resourceFilter } from './contract';
import { browseResources, readResource, resourcePage } from './resources';

const database = testDatabase();
let alpha: TenantContext;
let beta: TenantContext;
let connectionId: ConnectionId;

const all = resourceFilter.parse({ presence: 'all' });
const filter = (given: Record<string, unknown>) => resourceFilter.parse(given);

async function connectionOf({ tenantId }: TenantContext): Promise<ConnectionId> {
  const id = newId<ConnectionId>();
  await database.owner.query(
    `insert into connections (tenant_id, id, provider, account_email, created_by)
     values ($1, $2, 'google', 'a@example.com', $3)`,
    [tenantId, id, newId()],
  );
  return id;
}
type Given = Partial<typeof resources.$inferInsert> & { readonly name: string };
async function store(tenant: TenantContext, connection: ConnectionId, rows: readonly Given[]) {
  await withTenant(tenant, (tx) =>
    tx.insert(resources).values(
      rows.map((row) => ({
        tenantId: tenant.tenantId,
        connectionId: connection,
        kind: 'file' as const,
        providerId: newId(),
        lastSeenIn: newId<never>(),
        ...row,
      })),
    ),
  );
}
const names = (page: { readonly items: readonly { readonly name: string }[] }) =>
  page.items.map(({ name }) => name);

beforeAll(async () => {
  alpha = await database.createTenant('Alpha');
  beta = await database.createTenant('Beta');
  connectionId = await connectionOf(alpha);
  const many = Array.from({ length: 3_000 }, (_, n) => ({ name: `file ${n}` }));
  await store(alpha, connectionId, many);
  await store(alpha, connectionId, [
    { name: 'Äpfel' },
    { name: 'invoice 2' },
    { name: 'Invoice 1' },
    { name: 'INVOICES', kind: 'folder' },
    { name: '100% sure_thing' },
    { name: 'gone invoice', goneAt: new Date() },
    { name: 'Team', kind: 'calendar', attributes: { owner: 'ada@example.com' } },
    ...Array.from({ length: 7 }, () => ({ name: 'same name' })),
  ]);
  await store(beta, await connectionOf(beta), [{ name: 'invoice of Beta' }]);
  await database.owner.query('analyze resources');
});

describe('a list of resources', () => {
  it('is paged to its end without a gap or a repetition', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await browseResources(alpha, all, cursor, 500);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(3_014);
    expect(new Set(seen).size).toBe(3_014);
  });

  it('turns pages in the middle of equal names', async () => {
    const first = await browseResources(alpha, filter({ q: 'same' }), undefined, 4);
    const second = await browseResources(alpha, filter({ q: 'same' }), first.nextCursor ?? '', 4);
    expect(names(second)).toHaveLength(3);
    expect(second.nextCursor).toBeNull();
  });

  it('says on the first page of a search how many there are', async () => {
    const few = await browseResources(alpha, filter({ q: 'same' }), undefined, 4);
    expect(few.total).toEqual({ count: 7, more: false });
    const many = await browseResources(alpha, filter({ q: 'file' }), undefined, 4);
    expect(many.total).toEqual({ count: 100, more: true });
    expect(await browseResources(alpha, filter({ q: 'file' }), many.nextCursor ?? '', 4)).toEqual(
      expect.not.objectContaining({ total: expect.anything() }),
    );
    expect((await browseResources(alpha, all)).total).toBeUndefined();
  });

  it.each([
    [
      'a part of the name, whatever the case',
      { q: 'VOIC' },
      ['Invoice 1', 'invoice 2', 'INVOICES'],
    ],
    ['signs that mean something to LIKE', { q: '0% sure_' }, ['100% sure_thing']],
    ['letters beyond ASCII', { q: 'ÄP' }, ['Äpfel']],
    ['the name within a kind', { q: 'invo', kind: 'folder' }, ['INVOICES']],
    ['what is gone', { presence: 'gone' }, ['gone invoice']],
    ['words of the name', { q: '1 inv', by: 'words' }, ['Invoice 1']],
    ['an attribute', { q: 'ada@example.com', by: 'owner' }, ['Team']],
    ['what nothing has', { q: 'no such name' }, []],
  ])('is searched by %s', async (_what, given, expected) => {
    expect(names(await browseResources(alpha, filter(given)))).toEqual(expected);
  });

  it('is filtered by connection', async () => {
    const other = { connection: newId() };
    expect(names(await browseResources(alpha, filter(other)))).toEqual([]);
    const own = { connection: connectionId, kind: 'calendar' };
    expect(names(await browseResources(alpha, filter(own)))).toEqual(['Team']);
  });

  it('drops a filter that makes no sense', () => {
    expect(filter({ kind: 'spaceship', connection: 'x', presence: 'y' })).toEqual({
      presence: 'present',
    });
  });

  it.each(['nonsense', 'WyJhIl0', ''.padEnd(2_000, 'a')])(
    'refuses the cursor %.12s',
    async (cursor) => {
      await expect(browseResources(alpha, all, cursor)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    },
  );

  it('shows nobody else’s, also with their cursor', async () => {
    const page = await browseResources(alpha, all, undefined, 1);
    expect(names(await browseResources(beta, all, page.nextCursor ?? ''))).toEqual([]);
    expect(names(await browseResources(beta, all))).toEqual(['invoice of Beta']);
  });
});

describe('the plan of a page', () => {
  async function plan(after: string | null, given: Record<string, unknown>): Promise<string> {
    const query = resourcePage(alpha, filter(given), after, 51).getSQL();
    return (await database.explain(alpha, query, 'costs on')).join('\n');
  }

  it('goes on after a cursor by the index, without sorting', async () => {
    const text = await plan(newId(), {});
    expect(text).toMatch(/Index Scan using resources_by_name[\s\S]*Index Cond:[^\n]*sort_name >=/);
    expect(text).not.toMatch(/Sort /);
  });

  it('finds a kind by its own index', async () => {
    expect(await plan(null, { kind: 'calendar' })).toMatch(/Index Scan using resources_by_kind/);
  });
});

describe('one resource', () => {
  it('comes with what holds it', async () => {
    const tenant = await database.createTenant('Gamma');
    const connection = await connectionOf(tenant);
    const id = newId<ResourceId>();
    await store(tenant, connection, [
      { name: 'Plans', kind: 'folder', providerId: 'folder-1' },
      { name: 'Plan', id, parentProviderId: 'folder-1' },
    ]);
    expect(await readResource(tenant, id)).toMatchObject({
      name: 'Plan',
      parentName: 'Plans',
      provider: 'google',
      accountEmail: 'a@example.com',
    });
    await expect(readResource(alpha, id)).rejects.toMatchObject({ code: 'not_found' });
  });
});
