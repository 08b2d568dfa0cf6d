import { describe, expect, it } from 'vitest';
import {
  newId,
  type TenantContext,
  type TenantId,
  type UserId,
  withPlatform,
  withTenant,
} from '@/db';
import { connections, credentials } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { recordAudit } from '@/lib/audit';
import { encodeCursor, pageSize } from '@/lib/paging';
import {
  browsePlatformAudit,
  browsePlatformDenials,
  listTenantMembers,
  listTenants,
  platformAuditFilter,
  tenantFilter,
  tenantOverview,
  tenantPeople,
} from '.';

const database = testDatabase();

const staff: StaffContext = {
  userId: newId<UserId>(),
  role: 'support',
  name: 'Sam Support',
  email: 'sam@support.example',
  requestId: 'request-1',
};

async function record({ tenantId }: TenantContext): Promise<void> {
  const context = {
    tenantId,
    actor: { type: 'system', id: null, name: 'Tenantry' },
    requestId: 'request-2',
  } as const;
  await withTenant(context, (tx) =>
    recordAudit(tx, context, {
      action: 'connection.requested',
      target: { type: 'connection', id: newId(), name: 'secret-name@example.com' },
      details: { private: 'secret detail' },
    }),
  );
}

const looks = async (action: string): Promise<number> => {
  const { rows } = await database.owner.query<{ looks: number }>(
    'select count(*)::int as looks from staff_access_logs where action = $1',
    [action],
  );
  return rows[0]?.looks ?? 0;
};

describe('the list of tenants', () => {
  it('counts members and connections and tells the last activity', async () => {
    const tenant = await database.createTenant('Counted');
    const member = await database.createMember(tenant);
    await withTenant(tenant, (tx) =>
      tx.insert(connections).values([
        { ...tenant, provider: 'google', state: 'active', createdBy: member.userId },
        { ...tenant, provider: 'google', state: 'needs_reconsent', createdBy: member.userId },
        { ...tenant, provider: 'google', state: 'pending', createdBy: member.userId },
        { ...tenant, provider: 'google', state: 'disconnected', createdBy: member.userId },
      ]),
    );
    await record(tenant);
    const { items } = await listTenants(staff, { q: 'counted' });
    expect(items).toEqual([
      expect.objectContaining({ name: 'Counted', members: 1, connections: 2, broken: 1 }),
    ]);
    expect(items[0]?.lastActivityAt).toEqual(expect.stringMatching(/^\d{4}-/));
  });

  it.each([
    ['quiet', '0000-01-01T00:00:00Z'],
    ['name', 'a\0b'],
  ] as const)('refuses a cursor that its order %s cannot have', async (sort, key) => {
    const cursor = encodeCursor([key, newId()]);
    await expect(listTenants(staff, { sort }, cursor)).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it.each(['0000-01-01', '9999-12-31'])('takes any day of the calendar: %s', async (day) => {
    for (const filter of [{ from: day }, { to: day }]) {
      const { items } = await listTenants(staff, tenantFilter.parse(filter));
      expect(items.length).toBeLessThanOrEqual(pageSize);
    }
  });

  it('takes % in a search as a letter', async () => {
    await database.createTenant('100% Organic');
    await database.createTenant('100 Things');
    const { items } = await listTenants(staff, { q: '100%' });
    expect(items.map((tenant) => tenant.name)).toEqual(['100% Organic']);
  });

  it('leaves a row of the look', async () => {
    const before = await looks('tenants.listed');
    await listTenants(staff, {});
    expect(await looks('tenants.listed')).toBe(before + 1);
  });
});

describe("a tenant's page", () => {
  it('shows how it stands, and leaves a row of the look', async () => {
    const tenant = await database.createTenant('Opened');
    await database.createMember(tenant, { role: 'viewer' });
    const before = await looks('tenant.opened');
    const overview = await tenantOverview(staff, tenant.tenantId);
    expect(overview.tenant.name).toBe('Opened');
    expect(overview.members).toBe(1);
    expect(await looks('tenant.opened')).toBe(before + 1);
  });

  it('lists its people by name, a page at a time', async () => {
    const tenant = await database.createTenant('Crowded');
    for (let n = 0; n < pageSize + 2; n += 1) await database.createMember(tenant);
    const other = await database.createMember(await database.createTenant('Other'));
    const before = await looks('tenant.opened');
    const { members } = await tenantPeople(staff, tenant.tenantId);
    const rest = await listTenantMembers(staff, tenant.tenantId, members.nextCursor ?? '');
    const ids = [...members.items, ...rest.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(pageSize + 2);
    expect(ids).not.toContain(other.userId);
    expect(rest.nextCursor).toBeNull();
    expect(await looks('tenant.opened')).toBe(before + 2);
    const nobody = listTenantMembers(staff, newId<TenantId>());
    await expect(nobody).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of a tenant that does not exist is not found', async () => {
    await expect(tenantOverview(staff, newId<TenantId>())).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('the record across tenants', () => {
  it('tells who did what, without names and details of what was acted on', async () => {
    const tenant = await database.createTenant('Watched');
    await record(tenant);
    const slice = await browsePlatformAudit(staff, { tenant: tenant.tenantId });
    expect(slice.items).toEqual([
      expect.objectContaining({ action: 'connection.requested', tenantName: 'Watched' }),
    ]);
    expect(JSON.stringify(slice)).not.toContain('secret');
  });

  it.each([
    ['actor', 'actor_id'],
    ['run', 'run_id'],
    ['connection', 'connection_id'],
    ['request', 'request_id'],
  ] as const)(
    'finds by the id of a %s, whoever’s it is and in whichever tenant',
    async (by, column) => {
      const tenant = await database.createTenant(`Found by ${by}`);
      const id = newId<UserId>() as string;
      await record(tenant);
      await database.owner.query(`update audit_events set ${column} = $1 where tenant_id = $2`, [
        id,
        tenant.tenantId,
      ]);
      for (const filter of [{ [by]: id }, { [by]: id, tenant: tenant.tenantId }]) {
        const { items } = await browsePlatformAudit(staff, platformAuditFilter.parse(filter));
        expect(items.map(({ tenantName }) => tenantName)).toEqual([`Found by ${by}`]);
      }
    },
  );
});

describe('a look at the record', () => {
  const latest = async () => {
    const { rows } = await database.owner.query(
      'select tenant_id, action, details from staff_access_logs order by at desc, id desc limit 1',
    );
    return rows[0];
  };

  it('that shows one tenant’s rows names that tenant, and what was asked for', async () => {
    const tenant = await database.createTenant('Shown');
    const actor = newId<UserId>() as string;
    await record(tenant);
    await database.owner.query('update audit_events set actor_id = $1 where tenant_id = $2', [
      actor,
      tenant.tenantId,
    ]);
    await browsePlatformAudit(staff, platformAuditFilter.parse({ actor }));
    expect(await latest()).toEqual({
      tenant_id: tenant.tenantId,
      action: 'audit.browsed',
      details: { filter: { actor } },
    });
  });

  it('that shows several tenants’ rows names each', async () => {
    const shown = [await database.createTenant('One'), await database.createTenant('Two')];
    const request = newId<UserId>() as string;
    for (const { tenantId } of shown) {
      await database.owner.query(
        `insert into tenant_access_logs (tenant_id, id, method, path, reason, request_id)
         values ($1, $2, 'GET', '/x', 'not_found', $3)`,
        [tenantId, newId<UserId>(), request],
      );
    }
    await browsePlatformDenials(staff, { request });
    const { tenant_id, details } = await latest();
    expect(tenant_id).toBeNull();
    expect(details.filter).toEqual({ request });
    expect(details.tenants.toSorted()).toEqual(shown.map(({ tenantId }) => tenantId).toSorted());
  });

  it('that finds nothing is on record with what was asked for', async () => {
    await browsePlatformDenials(staff, { request: 'none-of-that-name' });
    expect(await latest()).toMatchObject({
      tenant_id: null,
      details: { filter: { request: 'none-of-that-name' } },
    });
  });

  it('that is refused is on record as well', async () => {
    const tenantId = newId<TenantId>();
    await expect(tenantOverview(staff, tenantId)).rejects.toMatchObject({ code: 'not_found' });
    expect(await latest()).toEqual({
      tenant_id: tenantId,
      action: 'tenant.opened',
      details: { refused: 'not_found' },
    });
  });
});

describe('refusals across tenants', () => {
  it('are found by the request, the first or the last of its kind', async () => {
    const tenant = await database.createTenant('Refused');
    for (const column of ['request_id', 'last_request_id']) {
      const request = newId<UserId>() as string;
      await database.owner.query(
        `insert into tenant_access_logs (tenant_id, id, method, path, reason, minute, digest, request_id)
         values ($1, $2, 'GET', '/x', 'not_found', now(), $3, 'another')`,
        [tenant.tenantId, newId<UserId>(), column],
      );
      await database.owner.query(`update tenant_access_logs set ${column} = $1 where digest = $2`, [
        request,
        column,
      ]);
      const { items } = await browsePlatformDenials(staff, { request });
      expect(items).toMatchObject([{ tenantName: 'Refused' }]);
    }
  });
});

describe('the role that staff are served with', () => {
  it.each([
    ['credentials', () => withPlatform((tx) => tx.select().from(credentials))],
    [
      'account addresses',
      () => withPlatform((tx) => tx.select({ mail: connections.accountEmail }).from(connections)),
    ],
  ])('cannot read %s', async (_what, read) => {
    await expect(read()).rejects.toMatchObject({ code: '42501' });
  });
});
