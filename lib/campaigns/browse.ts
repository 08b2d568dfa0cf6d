import { z } from 'zod';
import {
  and,
  type CampaignId,
  count,
  countDistinct,
  desc,
  eq,
  lt,
  type PlatformTransaction,
  type ReconsentRequestId,
  type SQL,
  sql,
} from '@/db';
import { campaigns, connections, reconsentRequests, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found } from '@/lib/errors';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import { lookAsStaff } from '@/lib/platform';
import { hasGiven, requestState } from './audience';
import type { CampaignRow, RequestFilter, RequestRow } from './contract';

const campaignPosition = z.tuple([z.uuid().transform((id) => id as CampaignId)]);
const requestPosition = z.tuple([z.uuid().transform((id) => id as ReconsentRequestId)]);

const sameConnection = and(
  eq(connections.tenantId, reconsentRequests.tenantId),
  eq(connections.id, reconsentRequests.connectionId),
);

async function withProgress(
  tx: PlatformTransaction,
  rows: readonly (typeof campaigns.$inferSelect)[],
): Promise<CampaignRow[]> {
  const figures = new Map<string, Pick<CampaignRow, 'tenants' | 'connections' | 'done'>>();
  for (const { id } of rows) {
    const [row] = await tx
      .select({
        tenants: countDistinct(reconsentRequests.tenantId),
        connections: count(),
        done: sql<number>`(count(*) filter (where ${hasGiven}))::int`,
      })
      .from(reconsentRequests)
      .innerJoin(connections, sameConnection)
      .where(eq(reconsentRequests.campaignId, id));
    figures.set(id, found(row));
  }
  return rows.map(({ createdBy: _by, ...row }) => ({
    ...row,
    deadline: row.deadline.toISOString(),
    createdAt: row.createdAt.toISOString(),
    stoppedAt: row.stoppedAt?.toISOString() ?? null,
    ...(figures.get(row.id) ?? { tenants: 0, connections: 0, done: 0 }),
  }));
}

/**
 * The campaigns, newest first.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function listCampaigns(staff: StaffContext, cursor?: string): Promise<Slice<CampaignRow>> {
  return lookAsStaff(staff, { action: 'campaigns.listed' }, async (tx) => {
    const rows = await tx
      .select()
      .from(campaigns)
      .where(cursor ? lt(campaigns.id, decodeCursor(campaignPosition, cursor)[0]) : undefined)
      .orderBy(desc(campaigns.id))
      .limit(pageSize + 1);
    const slice = toSlice(rows, (row) => [row.id]);
    return { ...slice, items: await withProgress(tx, slice.items) };
  });
}

/**
 * One campaign, and how far it is.
 * @throws PublicError `not_found`
 */
export function openCampaign(staff: StaffContext, id: CampaignId): Promise<CampaignRow> {
  const look = { action: 'campaign.opened', filter: { campaign: id } } as const;
  return lookAsStaff(staff, look, async (tx) => {
    const [row] = await tx.select().from(campaigns).where(eq(campaigns.id, id));
    const [campaign] = await withProgress(tx, [found(row)]);
    return found(campaign);
  });
}

function requestsOf(tx: PlatformTransaction, where: SQL | undefined, size: number) {
  return tx
    .select({
      id: reconsentRequests.id,
      tenantId: reconsentRequests.tenantId,
      tenantName: tenants.name,
      connectionId: reconsentRequests.connectionId,
      connectionState: connections.state,
      state: requestState,
      mails: reconsentRequests.mails,
      lastMailAt: reconsentRequests.lastMailAt,
    })
    .from(reconsentRequests)
    .innerJoin(connections, sameConnection)
    .innerJoin(tenants, eq(tenants.id, reconsentRequests.tenantId))
    .where(where)
    .orderBy(desc(reconsentRequests.id))
    .limit(size);
}

/**
 * How each connection of a campaign stands, newest first.
 * @throws PublicError `not_found`; `invalid_input` for a cursor that is not ours
 */
export function browseRequests(
  staff: StaffContext,
  { campaignId, state }: RequestFilter & { readonly campaignId: CampaignId },
  cursor?: string,
  size: number = pageSize,
): Promise<Slice<RequestRow>> {
  const filter = { campaign: campaignId, ...(state ? { state } : {}) };
  return lookAsStaff(staff, { action: 'campaign.opened', filter }, async (tx, shows) => {
    const [campaign] = await tx
      .select({ id: campaigns.id })
      .from(campaigns)
      .where(eq(campaigns.id, campaignId));
    found(campaign);
    const where = and(
      eq(reconsentRequests.campaignId, campaignId),
      state && eq(requestState, state),
      cursor ? lt(reconsentRequests.id, decodeCursor(requestPosition, cursor)[0]) : undefined,
    );
    const slice = toSlice(await requestsOf(tx, where, size + 1), (row) => [row.id], size);
    shows(slice.items.map(({ tenantId }) => tenantId));
    return {
      ...slice,
      items: slice.items.map((row) => ({
        ...row,
        lastMailAt: row.lastMailAt?.toISOString() ?? null,
      })),
    };
  });
}
