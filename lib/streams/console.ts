import { z } from 'zod';
import { type AuditStreamId, and, eq, type SQL, sql, type TenantId } from '@/db';
import { anyTenants, auditStreams } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import { lookAsStaff, withTenantNames } from '@/lib/platform';
import type { PlatformStreamFilter, PlatformStreamRow, PlatformStreamState } from './contract';

const { id, tenantId, state, failingSince } = auditStreams;

const position = z.tuple([z.uuid().transform((text) => text as AuditStreamId)]);

/** Streams that do not arrive, of all tenants, in the words of the index for that. */
export const failingStreams = sql`${state} = 'active' and ${failingSince} is not null`;

const inState: Readonly<Record<PlatformStreamState, SQL>> = {
  failing: failingStreams,
  active: sql`${state} = 'active' and ${failingSince} is null`,
  paused: sql`${state} = 'paused'`,
};

const columns = {
  id,
  tenantId,
  kind: auditStreams.kind,
  state,
  createdAt: auditStreams.createdAt,
  delivered: auditStreams.delivered,
  deliveredAt: auditStreams.deliveredAt,
  failures: auditStreams.failures,
  failure: auditStreams.failure,
  failingSince,
  nextAttemptAt: auditStreams.nextAttemptAt,
};

type Stored = Pick<typeof auditStreams.$inferSelect, keyof typeof columns> & {
  readonly tenantName: string;
};

function shown({ state: stored, createdAt, deliveredAt, failingSince: since, ...row }: Stored) {
  const failing = stored === 'active' && since !== null;
  return {
    ...row,
    state: failing ? ('failing' as const) : stored,
    createdAt: createdAt.toISOString(),
    deliveredAt: deliveredAt?.toISOString() ?? null,
    failure: failing ? row.failure : null,
    failingSince: failing ? since.toISOString() : null,
    nextAttemptAt: failing ? row.nextAttemptAt.toISOString() : null,
  };
}

/**
 * A page of the streams of all tenants, newest first: how they stand. Where they lead, and what they are
 * called, stays with their tenants.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function listPlatformStreams(
  staff: StaffContext,
  filter: PlatformStreamFilter,
  cursor?: string,
): Promise<Slice<PlatformStreamRow>> {
  const { tenant, kind } = filter;
  const walked = tenant ? sql`${id}` : anyTenants(id);
  const where = and(
    tenant ? eq(tenantId, tenant as TenantId) : undefined,
    filter.state && inState[filter.state],
    kind ? eq(auditStreams.kind, kind) : undefined,
    cursor ? sql`${walked} < ${decodeCursor(position, cursor)[0]}` : undefined,
  );
  const look = { action: 'streams.listed', filter } as const;
  const at = tenant ? { ...look, tenantId: tenant as TenantId } : look;
  return lookAsStaff(staff, at, async (tx, shows) => {
    const rows = await tx
      .select(columns)
      .from(auditStreams)
      .where(where)
      .orderBy(sql`${walked} desc`)
      .limit(pageSize + 1);
    const slice = toSlice(rows, (row) => [row.id]);
    shows(slice.items.map((row) => row.tenantId));
    return { ...slice, items: (await withTenantNames(tx, slice.items)).map(shown) };
  });
}
