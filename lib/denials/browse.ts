import { z } from 'zod';
import {
  and,
  type DenialId,
  desc,
  eq,
  gte,
  lt,
  or,
  type SQL,
  sql,
  type TenantContext,
  tenantDb,
  type UserId,
} from '@/db';
import { tenantAccessLogs as log } from '@/db/schema';
import { endOfDay, firstIdOf, startOfDay } from '@/lib/ids';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { DenialFilter, DenialRow } from './contract';

const position = z.tuple([z.uuid().transform((id) => id as DenialId)]);

/** What is read of a denial wherever it is listed. */
export const denialColumns = {
  id: log.id,
  at: log.createdAt,
  lastAt: log.lastSeenAt,
  times: log.times,
  userId: log.userId,
  actorName: log.actorName,
  actorEmail: log.actorEmail,
  ipAddress: log.ipAddress,
  userAgent: log.userAgent,
  method: log.method,
  path: log.path,
  reason: log.reason,
  requestId: log.requestId,
  lastRequestId: log.lastRequestId,
  overflow: log.overflow,
  details: log.details,
};

const byRequest = (request: string) =>
  or(eq(log.requestId, request), eq(log.lastRequestId, request));

const byRequestOfAnybody = (request: string) =>
  sql`(lower(${log.requestId}) = lower(${request}) or lower(${log.lastRequestId}) = lower(${request}))`;

/**
 * The conditions of a filter and a cursor. A day is found by the ids made in it, so that a page comes
 * out of one index in order.
 * @param acrossTenants in the words of the indexes over all tenants' denials
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function denialConditions(
  filter: DenialFilter,
  cursor: string | undefined,
  acrossTenants = false,
): SQL[] {
  const { reason, actor, request, from, to } = filter;
  const asked = [
    reason && eq(log.reason, reason),
    actor && eq(log.userId, actor as UserId),
    request && (acrossTenants ? byRequestOfAnybody(request) : byRequest(request)),
    from && gte(log.id, firstIdOf<DenialId>(startOfDay(from))),
    to && lt(log.id, firstIdOf<DenialId>(endOfDay(to))),
    cursor && lt(log.id, decodeCursor(position, cursor)[0]),
  ];
  return asked.filter((condition) => typeof condition === 'object');
}

type Stored = Omit<DenialRow, 'at' | 'lastAt'> & { readonly at: Date; readonly lastAt: Date };

/** A row as it is sent to whoever looks. */
export const shownDenial = <Row extends Stored>(row: Row) => ({
  ...row,
  at: row.at.toISOString(),
  lastAt: row.lastAt.toISOString(),
});

/**
 * A page of the accesses refused in a tenant, newest first.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function browseDenials(
  context: TenantContext,
  filter: DenialFilter,
  cursor?: string,
): Promise<Slice<DenialRow>> {
  const rows = await tenantDb(context)
    .select(denialColumns)
    .from(log)
    .where(and(eq(log.tenantId, context.tenantId), ...denialConditions(filter, cursor)))
    .orderBy(desc(log.id))
    .limit(pageSize + 1);
  const slice = toSlice(rows, (row) => [row.id]);
  return { ...slice, items: slice.items.map(shownDenial) };
}
