import { z } from 'zod';
import { and, eq, type SQL, type SupportRequestId, sql, type TenantId } from '@/db';
import { anyTenants, supportRequests } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import { lookAsStaff, withTenantNames } from '@/lib/platform';
import type { PlatformRequestFilter, PlatformRequestRow, SupportRequestRow } from './contract';
import { requestColumns, shownRequest } from './rows';

const { id, tenantId, decision, expiresAt, usedAt } = supportRequests;

const position = z.tuple([z.uuid().transform((text) => text as SupportRequestId)]);

/** Requests that an owner, of whatever tenant, has yet to answer, in the words of the index for that. */
export const waitingRequests = sql`${decision} is null and ${expiresAt} > now()`;

/** As `shownRequest` tells them apart. */
const inState: Readonly<Record<SupportRequestRow['state'], SQL>> = {
  waiting: waitingRequests,
  approved: sql`${decision} = 'approved' and ${usedAt} is null and ${expiresAt} > now()`,
  declined: sql`${decision} = 'declined'`,
  expired: sql`${decision} is distinct from 'declined' and ${usedAt} is null and ${expiresAt} <= now()`,
  used: sql`${usedAt} is not null`,
};

/**
 * A page of what staff asked of the owners of all tenants, newest first.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function listSupportRequests(
  staff: StaffContext,
  filter: PlatformRequestFilter,
  cursor?: string,
): Promise<Slice<PlatformRequestRow>> {
  const { tenant, person } = filter;
  const walked = tenant ? sql`${id}` : anyTenants(id);
  const where = and(
    tenant ? eq(tenantId, tenant as TenantId) : undefined,
    filter.state && inState[filter.state],
    person ? eq(supportRequests.userId, person) : undefined,
    cursor ? sql`${walked} < ${decodeCursor(position, cursor)[0]}` : undefined,
  );
  const look = { action: 'support.listed', filter } as const;
  const at = tenant ? { ...look, tenantId: tenant as TenantId } : look;
  return lookAsStaff(staff, at, async (tx, shows) => {
    const rows = await tx
      .select({ ...requestColumns, tenantId })
      .from(supportRequests)
      .where(where)
      .orderBy(sql`${walked} desc`)
      .limit(pageSize + 1);
    const slice = toSlice(rows, (row) => [row.id]);
    shows(slice.items.map((row) => row.tenantId));
    const items = (await withTenantNames(tx, slice.items)).map((row) => ({
      ...shownRequest(row),
      tenantId: row.tenantId,
      tenantName: row.tenantName,
      staffId: row.userId,
    }));
    return { ...slice, items };
  });
}
