import type { z } from 'zod';
import { and, asc, count, eq, newId, or, type PlatformTransaction, type SavedViewId } from '@/db';
import { savedViews } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found, PublicError } from '@/lib/errors';
import { type SavedView, tenantFilter, tenantQueryOf } from './contract';
import { lookAsStaff } from './look';
import type { removeViewInput, saveViewInput } from './tenant-contract';

/** Views of one person at most. */
const most = 50;

const visible = ({ userId }: StaffContext) =>
  or(eq(savedViews.ownerId, userId), eq(savedViews.shared, true));

async function viewsFor(tx: PlatformTransaction, staff: StaffContext): Promise<SavedView[]> {
  const rows = await tx
    .select()
    .from(savedViews)
    .where(and(eq(savedViews.list, 'tenants'), visible(staff)))
    .orderBy(asc(savedViews.name), asc(savedViews.id))
    .limit(most * 4);
  return rows.map(({ id, name, query, shared, ownerId, ownerName }) => ({
    ...{ id, name, query, shared },
    mine: ownerId === staff.userId,
    owner: ownerName,
  }));
}

/** Somebody's own views of the list of tenants, and those that others share. */
export function listViews(staff: StaffContext): Promise<readonly SavedView[]> {
  return lookAsStaff(staff, { action: 'views.listed' }, (tx) => viewsFor(tx, staff));
}

/**
 * Keep filters and order of the list by a name; the same name again replaces what it stood for.
 * @returns its id
 * @throws PublicError `conflict` for too many
 */
export function saveView(
  staff: StaffContext,
  { name, shared, filter }: z.output<typeof saveViewInput>,
): Promise<SavedViewId> {
  return lookAsStaff(staff, { action: 'view.saved', filter: { name, shared } }, async (tx) => {
    const own = and(eq(savedViews.ownerId, staff.userId), eq(savedViews.list, 'tenants'));
    const [kept] = await tx.select({ total: count() }).from(savedViews).where(own);
    if ((kept?.total ?? 0) >= most) {
      throw new PublicError('conflict', `You have ${most} views. Remove one first.`);
    }
    const query = tenantQueryOf(tenantFilter.parse(filter));
    const [row] = await tx
      .insert(savedViews)
      .values({
        ...{ id: newId<SavedViewId>(), list: 'tenants', name, query, shared },
        ...{ ownerId: staff.userId, ownerName: staff.name },
      })
      .onConflictDoUpdate({
        target: [savedViews.ownerId, savedViews.list, savedViews.name],
        set: { query, shared },
      })
      .returning({ id: savedViews.id });
    return found(row).id;
  });
}

/** @throws PublicError `not_found`; `conflict` for one that is another's */
export function removeView(
  staff: StaffContext,
  { viewId }: z.output<typeof removeViewInput>,
): Promise<void> {
  return lookAsStaff(staff, { action: 'view.removed', filter: { view: viewId } }, async (tx) => {
    const [view] = await tx
      .select({ ownerId: savedViews.ownerId, ownerName: savedViews.ownerName })
      .from(savedViews)
      .where(eq(savedViews.id, viewId));
    const { ownerId, ownerName } = found(view);
    if (ownerId !== staff.userId) {
      throw new PublicError('conflict', `Only ${ownerName}, who made it, can remove it.`);
    }
    await tx.delete(savedViews).where(eq(savedViews.id, viewId));
  });
}
