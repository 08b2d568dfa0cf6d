import { and, eq, type SQL, sql } from '@/db';
import { supportRequests } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import type { Slice } from '@/lib/paging';
import { listAcross } from '@/lib/platform';
import type { PlatformRequestFilter, PlatformRequestRow, SupportRequestRow } from './contract';
import { requestColumns, shownRequest } from './rows';

const { tenantId, decision, expiresAt, usedAt } = supportRequests;

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
export async function listSupportRequests(
  staff: StaffContext,
  filter: PlatformRequestFilter,
  cursor?: string,
): Promise<Slice<PlatformRequestRow>> {
  const { person } = filter;
  const where = and(
    filter.state && inState[filter.state],
    person ? eq(supportRequests.userId, person) : undefined,
  );
  const look = { action: 'support.listed', filter } as const;
  const slice = await listAcross(staff, {
    ...{ look, columns: supportRequests, where, cursor },
    read: (tx, page) =>
      tx
        .select({ ...requestColumns, tenantId })
        .from(supportRequests)
        .where(page.where)
        .orderBy(page.order)
        .limit(page.limit),
  });
  const items = slice.items.map((row) => ({
    ...shownRequest(row),
    tenantId: row.tenantId,
    tenantName: row.tenantName,
    staffId: row.userId,
  }));
  return { ...slice, items };
}
