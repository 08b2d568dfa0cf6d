import {
  type AuditEventId,
  and,
  asc,
  deletions,
  eq,
  gt,
  type MailId,
  type SuspensionId,
  withTenant,
} from '@/db';
import { auditEvents, mails, memberships, tenantDeletions, tenantSuspensions } from '@/db/schema';
import { eventsFound } from '@/lib/audit';
import { forgetOutboxMails } from '@/lib/mail';
import { objectStore } from '@/lib/objects';
import { suspensionMails } from '@/lib/suspension';
import { closingContext } from '../context';
import { noticeMails } from '../notices';
import { retentionMails } from '../retention/notices';

/** Mails looked up at a time. */
const batch = 500;
const beforeAll = '00000000-0000-0000-0000-000000000000' as MailId;

/** The tenant's mails in the local outbox, where mail is kept without a mail server. */
async function eraseOutbox(deletion: deletions.DeletionRow): Promise<number> {
  const context = closingContext(deletion);
  let gone = 0;
  let after = beforeAll;
  for (;;) {
    const rows = await withTenant(context, (tx) =>
      tx
        .select({ id: mails.id })
        .from(mails)
        .where(and(eq(mails.tenantId, context.tenantId), gt(mails.id, after)))
        .orderBy(asc(mails.id))
        .limit(batch),
    );
    const ids = rows.map(({ id }) => id as MailId);
    gone += await forgetOutboxMails(ids);
    const last = ids.at(-1);
    if (last === undefined || ids.length < batch) return gone;
    after = last;
  }
}

/**
 * What its members were told past its own mails, in the same place: of deletions, this one and any
 * before, of suspensions, and of how long things are kept.
 */
function eraseNotices(deletion: deletions.DeletionRow): Promise<number> {
  const context = closingContext(deletion);
  const { tenantId } = context;
  return withTenant(context, async (tx) => {
    const asked = await tx
      .select({ id: tenantDeletions.id })
      .from(tenantDeletions)
      .where(eq(tenantDeletions.tenantId, tenantId));
    const suspended = await tx
      .select({ id: tenantSuspensions.id })
      .from(tenantSuspensions)
      .where(eq(tenantSuspensions.tenantId, tenantId));
    const changed = await tx
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.tenantId, tenantId),
          eventsFound((of) => [eq(of.tenantId, tenantId), eq(of.action, 'limits.changed')]),
        ),
      );
    const members = await tx
      .select({ id: memberships.userId })
      .from(memberships)
      .where(eq(memberships.tenantId, tenantId));
    const readers = members.map(({ id }) => id);
    return forgetOutboxMails([
      ...asked.flatMap(({ id }) => noticeMails(id, readers)),
      ...suspended.flatMap(({ id }) => suspensionMails(id as SuspensionId, readers)),
      ...changed.flatMap(({ id }) => retentionMails(id as AuditEventId, readers)),
    ]);
  });
}

/** What lies in the place for files under the tenant's id. */
async function eraseObjects({ tenantId }: deletions.DeletionRow): Promise<number> {
  const store = objectStore();
  let gone = 0;
  for await (const { key } of store.list(`tenants/${tenantId}/`)) {
    await store.delete(key);
    gone += 1;
  }
  return gone;
}

/**
 * Delete the tenant's files: exports, and mails in the local outbox. Published checkpoints of its
 * record stay where they are: they hold hashes, and were put there to stay.
 */
export async function eraseFiles(deletion: deletions.DeletionRow): Promise<void> {
  const mails = (await eraseOutbox(deletion)) + (await eraseNotices(deletion));
  const gone = mails + (await eraseObjects(deletion));
  if (gone > 0) await deletions.countFiles(deletion.id, gone);
}

/** Files of the tenant that are there. */
export async function filesLeft({ tenantId }: deletions.DeletionRow): Promise<number> {
  let left = 0;
  for await (const _file of objectStore().list(`tenants/${tenantId}/`)) left += 1;
  return left;
}
