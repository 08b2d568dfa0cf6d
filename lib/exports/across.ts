import {
  type ApprovalId,
  type AuditEventId,
  eq,
  type PlatformTransaction,
  type TenantId,
} from '@/db';
import { users } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { askApproval, noteOutcome, type Taken, takeApproval } from '@/lib/approvals';
import { recordAudit } from '@/lib/audit';
import { csvText } from '@/lib/csv';
import { PublicError } from '@/lib/errors';
import { encodeCursor } from '@/lib/paging';
import {
  auditRowsWhere,
  eventsMatching,
  lookAsStaff,
  type PlatformAuditFilter,
  type PlatformAuditRow,
  platformAuditFilter,
  requireTenant,
} from '@/lib/platform';

/** Events of one file at most: it is made while somebody waits. */
const mostRows = 10_000;
const batch = 1_000;
const kind = 'export.across';

const columns = [
  'at',
  'tenantName',
  'tenantId',
  'actorType',
  'actorName',
  'actorId',
  'action',
  'targetType',
  'targetId',
  'outcome',
  'requestId',
  'runId',
  'connectionId',
  'id',
] as const satisfies readonly (keyof PlatformAuditRow)[];

function wordsOf(filter: PlatformAuditFilter): string {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  const said = set.map(([name, value]) => `${name} ${value}`).join(', ');
  return `the audit record, ${said === '' ? 'of all organisations and without a filter' : `with ${said}`}`;
}

/**
 * Ask a second person to approve an export of the record across organisations. Of one alone, the asking
 * is about it: on its record once it is decided, and gone with it when it is erased.
 * @returns the approval's id
 */
export function askAcross(
  staff: StaffContext,
  filter: PlatformAuditFilter,
  reason: string,
): Promise<ApprovalId> {
  const look = { action: 'approval.asked', filter: { ...filter, kind } } as const;
  const tenantId = (filter.tenant ?? null) as TenantId | null;
  return lookAsStaff(staff, tenantId ? { ...look, tenantId } : look, async (tx) => {
    if (tenantId) await requireTenant(tx, tenantId);
    const subject = { what: wordsOf(filter), filter };
    return askApproval(tx, staff, { kind, tenantId, subject, reason });
  });
}

async function read(tx: PlatformTransaction, filter: PlatformAuditFilter) {
  const rows: PlatformAuditRow[] = [];
  let cursor: string | undefined;
  for (;;) {
    const found = await auditRowsWhere(tx, eventsMatching(filter, cursor), batch);
    const more = found.length > batch;
    rows.push(...found.slice(0, batch));
    if (!more) return rows;
    if (rows.length >= mostRows) {
      throw new PublicError(
        'conflict',
        `There are more than ${mostRows.toLocaleString('en')} events. Have it asked for again with a filter.`,
      );
    }
    const last = rows.at(-1)?.id as AuditEventId;
    cursor = encodeCursor([last]);
  }
}

/**
 * The filter that was approved, whole: one that is not understood any more, as when the tenant in it was
 * erased, is not left out, or the file would hold more than a second person has seen.
 * @throws PublicError `conflict`
 */
function approvedFilter({ subject }: Taken<typeof kind>): PlatformAuditFilter {
  const approved = (subject.filter ?? {}) as PlatformAuditFilter;
  const filter = platformAuditFilter.parse(approved);
  for (const part of Object.keys(approved) as (keyof PlatformAuditFilter)[]) {
    if (filter[part] === undefined) {
      throw new PublicError(
        'conflict',
        'What it is filtered by is not there any more. Have it asked for again.',
      );
    }
  }
  return filter;
}

/** On the record of each organisation that is in the file, with both persons. */
async function tellTenants(
  tx: PlatformTransaction,
  { userId, name, requestId }: StaffContext,
  { id, reason, decidedBy }: Taken<typeof kind>,
  rows: readonly PlatformAuditRow[],
): Promise<void> {
  const [approver] = await tx
    .select({ name: users.name })
    .from(users)
    .where(eq(users.id, decidedBy));
  const events = new Map<string, number>();
  for (const { tenantId } of rows) events.set(tenantId, (events.get(tenantId) ?? 0) + 1);
  for (const [tenantId, count] of events) {
    const context = {
      tenantId: tenantId as TenantId,
      actor: { type: 'staff', id: userId, name },
      requestId,
    } as const;
    await recordAudit(tx, context, {
      action: 'audit.exported',
      target: { type: 'approval', id, name: 'Export across organisations' },
      details: { events: count, reason, approvedBy: approver?.name ?? 'somebody who is gone' },
    });
  }
}

/**
 * Make the export that was approved, once, for whoever asked for it: CSV (RFC 4180, UTF-8). It is on
 * the staff's record, and on that of each organisation that is in it.
 * @throws PublicError `not_found`; `conflict` when it was not approved, has expired, was made already,
 *   was asked for by somebody else, or is too long: then the approval has not been used
 */
export function takeAcross(staff: StaffContext, id: ApprovalId): Promise<string> {
  const look = { action: 'approval.carried_out', filter: { approval: id, kind } } as const;
  return lookAsStaff(staff, look, (platform, shows) =>
    // Within it, since a refused look is kept: what it took must not be.
    platform.transaction(async (tx) => {
      const taken = await takeApproval(tx, staff, { kind, id });
      if (taken.askedBy !== staff.userId) {
        throw new PublicError('conflict', 'Only who asked for an export is given it.');
      }
      const rows = await read(tx, approvedFilter(taken));
      await tellTenants(tx, staff, taken, rows);
      shows(rows.map(({ tenantId }) => tenantId));
      await noteOutcome(tx, id, `${rows.length.toLocaleString('en')} events exported.`);
      return csvText(columns, rows);
    }),
  );
}
