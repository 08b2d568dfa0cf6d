import {
  and,
  type DeletionId,
  desc,
  eq,
  isNotNull,
  isNull,
  type PlatformTransaction,
  type SQL,
  sql,
  type TenantId,
} from '@/db';
import { tenantDeletions, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found } from '@/lib/errors';
import {
  type DeletionFilter,
  type DeletionState,
  type DeletionView,
  notedRecord,
  type OpenedDeletion,
  type RetentionRow,
  retentionOf,
  stateOnCertificate,
} from '@/lib/lifecycle';
import { lookAsStaff } from '@/lib/platform';

/** Deletions that are listed: of more the oldest are left out. */
const most = 200;

type Row = typeof tenantDeletions.$inferSelect;

function stateOf({ endedAt, finishedAt, stage }: Row): DeletionState {
  if (endedAt) return 'ended';
  if (finishedAt) return 'done';
  return stage === 'grace' ? 'grace' : 'under_way';
}

const isOpen = and(isNull(tenantDeletions.endedAt), isNull(tenantDeletions.finishedAt));

const inState: Readonly<Record<NonNullable<DeletionFilter['state']>, SQL | undefined>> = {
  open: isOpen,
  failing: and(isOpen, isNotNull(tenantDeletions.error)),
  ended: isNotNull(tenantDeletions.endedAt),
  done: isNotNull(tenantDeletions.finishedAt),
  grace: and(isNull(tenantDeletions.endedAt), eq(tenantDeletions.stage, 'grace')),
  under_way: and(
    isNull(tenantDeletions.endedAt),
    isNull(tenantDeletions.finishedAt),
    sql`${tenantDeletions.stage} <> 'grace'`,
  ),
};

const iso = (at: Date | null) => at?.toISOString() ?? null;

function viewOf(row: Row): DeletionView {
  return {
    id: row.id,
    tenantId: row.tenantId,
    tenantName: row.tenantName,
    origin: row.origin,
    reason: row.reason,
    askedName: row.askedName,
    askedAt: row.askedAt.toISOString(),
    graceUntil: row.graceUntil.toISOString(),
    state: stateOf(row),
    stage: row.stage,
    stageAt: row.stageAt.toISOString(),
    endedAt: iso(row.endedAt),
    endedName: row.endedName,
    error: row.error,
    attempts: row.attempts,
    revocations: row.revocations,
    counts: row.counts,
    rows: Object.values(row.counts).reduce((sum, rows) => sum + rows, 0),
    files: row.files,
    finishedAt: iso(row.finishedAt),
    certified: row.certificate !== null,
  };
}

/** What is said of its record: by the certificate, or by what was noted for it. */
function recordOf(row: Row): Pick<OpenedDeletion, 'record'> {
  const noted = row.recordState === null ? undefined : notedRecord(row);
  const record = row.certificate === null ? noted : stateOnCertificate(row.certificate, row.id);
  return record ? { record } : {};
}

/** Deletions of all tenants, newest first. */
export function listDeletions(
  staff: StaffContext,
  filter: DeletionFilter,
): Promise<readonly DeletionView[]> {
  return lookAsStaff(staff, { action: 'deletions.listed', filter }, async (tx, shows) => {
    const rows = await tx
      .select()
      .from(tenantDeletions)
      .where(filter.state && inState[filter.state])
      .orderBy(desc(tenantDeletions.askedAt))
      .limit(most);
    shows(rows.map(({ tenantId }) => tenantId));
    return rows.map(viewOf);
  });
}

/** In the words of the index that knows deletions of all tenants. */
export const byId = (id: DeletionId): SQL => sql`${tenantDeletions.id}::text = ${id}`;

/**
 * One deletion.
 * @throws PublicError `not_found`
 */
export function openDeletion(staff: StaffContext, id: DeletionId): Promise<OpenedDeletion> {
  const look = { action: 'deletion.opened', filter: { deletion: id } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const [row] = await tx.select().from(tenantDeletions).where(byId(id));
    shows([found(row).tenantId]);
    return { ...viewOf(found(row)), ...recordOf(found(row)) };
  });
}

/**
 * The certificate of a deletion that is through, as it was signed.
 * @throws PublicError `not_found`
 */
export function certificateOf(staff: StaffContext, id: DeletionId): Promise<string> {
  const look = { action: 'certificate.downloaded', filter: { deletion: id } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const [row] = await tx
      .select({ tenantId: tenantDeletions.tenantId, certificate: tenantDeletions.certificate })
      .from(tenantDeletions)
      .where(byId(id));
    shows([found(row).tenantId]);
    return found(found(row).certificate ?? undefined);
  });
}

/** How many deletions wait in their grace or are under way. */
export async function countOpenDeletions(tx: PlatformTransaction): Promise<number> {
  const [row] = await tx
    .select({ open: sql<number>`count(*)::int` })
    .from(tenantDeletions)
    .where(isOpen);
  return row?.open ?? 0;
}

/** What the console shows of one tenant's life: how long it keeps things, and its deletion. */
export interface TenantLifecycle {
  readonly tenant: { readonly id: string; readonly name: string; readonly state: string };
  readonly retention: readonly RetentionRow[];
  readonly deletions: readonly DeletionView[];
}

/** @throws PublicError `not_found` */
export function openLifecycle(staff: StaffContext, tenantId: TenantId): Promise<TenantLifecycle> {
  return lookAsStaff(staff, { action: 'tenant.lifecycle_opened', tenantId }, async (tx) => {
    const [tenant] = await tx
      .select({ id: tenants.id, name: tenants.name, state: tenants.state })
      .from(tenants)
      .where(eq(tenants.id, tenantId));
    const rows = await tx
      .select()
      .from(tenantDeletions)
      .where(eq(tenantDeletions.tenantId, tenantId))
      .orderBy(desc(tenantDeletions.askedAt));
    return {
      tenant: found(tenant),
      retention: await retentionOf({ tenantId }, tx),
      deletions: rows.map(viewOf),
    };
  });
}
