import { beforeEach, describe, expect, it } from 'vitest';
import { type AuditEventId, newId, record as store, type UserId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { recordAudit } from '@/lib/audit';
import { browsePlatformAudit, platformAuditFilter } from '.';

const database = testDatabase();
const staff: StaffContext = {
  userId: newId<UserId>(),
  role: 'platform_admin',
  name: 'Sam Staff',
  email: 'sam@tenantry.example',
  requestId: 'look-1',
};

const actor = newId<UserId>();
const runId = newId();
const connectionId = newId();

/** An event of a tenant of its own, found by whatever there is to find one by. */
async function record(): Promise<AuditEventId> {
  const tenant = await database.createTenant();
  const context = {
    ...tenant,
    actor: { type: 'member', id: actor, name: 'Ada Example' },
    requestId: 'Request-1',
    runId,
  } as unknown as Parameters<typeof recordAudit>[1];
  return withTenant(tenant, (tx) =>
    recordAudit(tx, context, {
      action: 'automation.created',
      target: { type: 'automation', id: newId(), name: 'One' },
      outcome: 'denied',
      connectionId: connectionId as never,
    }),
  );
}

async function seal(): Promise<void> {
  const noLeaves = async () => ({ trees: [], delayed: [] });
  for (let more = true; more; ) ({ more } = await store.sealNext(1_000, noLeaves));
}

const listed = async (filter: Readonly<Record<string, string>>) => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const slice = await browsePlatformAudit(staff, platformAuditFilter.parse(filter), cursor);
    ids.push(...slice.items.map(({ id }) => id));
    cursor = slice.nextCursor ?? undefined;
  } while (cursor);
  return ids;
};

beforeEach(() => database.owner.query('truncate audit_events, audit_index, record_waiting'));

describe('the record of all tenants', () => {
  it.each([
    ['no filter', {}],
    ['an action', { action: 'automation.created' }],
    ['an outcome', { outcome: 'denied' }],
    ['an actor', { actor }],
    ['a run', { run: runId }],
    ['a connection', { connection: connectionId }],
    ['a request, in any case', { request: 'request-1' }],
    ['days', { from: '2020-01-01', to: '2100-01-01' }],
  ] as const)(
    'is whole by %s, whether the sealing has come to an event or not',
    async (_, filter) => {
      const ids = [await record(), await record()];
      await seal();
      ids.push(await record());
      expect(await listed(filter)).toEqual(ids.toReversed());
    },
  );

  it('goes on from page to page over the end of what is indexed', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1) ids.push(await record());
    await seal();
    for (let n = 0; n < 30; n += 1) ids.push(await record());
    for (const filter of [{}, { actor }, { outcome: 'denied' }] as Record<string, string>[]) {
      expect(await listed(filter)).toEqual(ids.toReversed());
    }
  });
});
