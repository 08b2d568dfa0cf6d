import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, newId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { browseCalls, listConnections, readConnection } from './browse';
import { testMember } from './testing';

const database = testDatabase();
let context: MemberContext;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(() => database.owner.query('delete from connections'));

async function connection(who = context): Promise<ConnectionId> {
  const id = newId<ConnectionId>();
  await database.owner.query(
    `insert into connections (tenant_id, id, provider, state, account_email, created_by)
     values ($1, $2, 'google', 'active', 'a@example.com', $3)`,
    [who.tenantId, id, who.userId],
  );
  return id;
}
const discovery = (
  id: ConnectionId,
  state: string,
  counts: Record<string, number>,
  who = context,
) =>
  database.owner.query(
    `insert into discoveries (tenant_id, id, connection_id, state, counts, requested_by)
     values ($1, $2, $3, $4, $5, $6)`,
    [who.tenantId, newId(), id, state, counts, who.userId],
  );
const calls = (id: ConnectionId, count: number, who = context) =>
  database.owner.query(
    `insert into provider_calls (tenant_id, id, connection_id, method, path, outcome, duration_ms)
     select $1, gen_random_uuid(), $2, 'GET', '/' || n, 'ok', 1 from generate_series(1, $3) n`,
    [who.tenantId, id, count],
  );

describe('the list of connections', () => {
  it('says of each how much was found and whether a discovery is going on', async () => {
    const idle = await connection();
    await discovery(idle, 'succeeded', { file: 3, label: 4 });
    await discovery(idle, 'failed', { file: 1 });
    const busy = await connection();
    await discovery(busy, 'running', { file: 2 });
    const fresh = await connection();
    const list = await listConnections(context);
    expect(list.map(({ id, resources, discovering }) => [id, resources, discovering])).toEqual([
      [fresh, 0, false],
      [busy, 2, true],
      [idle, 7, false],
    ]);
  });

  it('has nobody else’s', async () => {
    const stranger = await testMember(database);
    await connection(stranger);
    expect(await listConnections(context)).toEqual([]);
  });
});

describe('one connection', () => {
  it('comes with its latest discovery and who asked for it', async () => {
    const id = await connection();
    await discovery(id, 'succeeded', { file: 3 });
    await discovery(id, 'running', { file: 1 });
    expect(await readConnection(context, id)).toMatchObject({
      connection: { id, resources: 3, discovering: true },
      discovery: { state: 'running', counts: { file: 1 }, requestedBy: 'Ada Example' },
      phases: ['mailbox', 'drives', 'files', 'calendars'],
    });
  });

  it('of another tenant is as if it did not exist', async () => {
    const id = await connection();
    await calls(id, 1);
    const stranger = await testMember(database);
    for (const read of [readConnection(stranger, id), browseCalls(stranger, id)]) {
      await expect(read).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('its calls', () => {
  it('are paged to their end', async () => {
    const id = await connection();
    await calls(id, 25);
    await calls(await connection(), 5);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await browseCalls(context, id, cursor, 10);
      seen.push(...page.items.map((call) => call.path));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
  });

  it('refuse a cursor that is not theirs', async () => {
    const id = await connection();
    await expect(browseCalls(context, id, 'nonsense')).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});
