import type { z } from 'zod';
import { desc, eq, type NoteId, newId, type TenantId } from '@/db';
import { tenantNotes } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { lookAsStaff } from './look';
import { requireTenant } from './tenant-acting';
import type { noteInput, TenantNote } from './tenant-contract';

/** So many of the newest are shown: notes are for people to read. */
const shown = 200;

/**
 * What staff noted about a tenant, newest first. It never leaves the console.
 * @throws PublicError `not_found`
 */
export function readNotes(staff: StaffContext, tenantId: TenantId): Promise<readonly TenantNote[]> {
  return lookAsStaff(staff, { action: 'tenant.notes_opened', tenantId }, async (tx) => {
    await requireTenant(tx, tenantId);
    const rows = await tx
      .select({
        id: tenantNotes.id,
        author: tenantNotes.authorName,
        at: tenantNotes.createdAt,
        body: tenantNotes.body,
      })
      .from(tenantNotes)
      .where(eq(tenantNotes.tenantId, tenantId))
      .orderBy(desc(tenantNotes.createdAt))
      .limit(shown);
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  });
}

/**
 * Add a note; nobody can change or remove one.
 * @throws PublicError `not_found`
 */
export function addNote(
  staff: StaffContext,
  { tenantId, body }: z.output<typeof noteInput>,
): Promise<void> {
  return lookAsStaff(staff, { action: 'tenant.noted', tenantId }, async (tx) => {
    await requireTenant(tx, tenantId);
    await tx.insert(tenantNotes).values({
      ...{ tenantId, id: newId<NoteId>(), body },
      ...{ authorId: staff.userId, authorName: staff.name },
    });
  });
}
