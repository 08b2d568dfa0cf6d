import { and, desc, type ExportId, eq, type SQL, type TenantContext, tenantDb } from '@/db';
import { tenantExports } from '@/db/schema';
import { found } from '@/lib/errors';
import { can, type MemberContext } from '@/lib/tenancy';
import type { ExportRow } from './contract';

/** Lines of the list; the files of older ones are long gone. */
const shownAtMost = 50;

type Stored = typeof tenantExports.$inferSelect;

const shown = (row: Stored): ExportRow => ({
  id: row.id,
  kind: row.kind,
  format: row.format,
  // Its file is deleted within the hour; its link has ended now.
  state: row.state === 'done' && hasEnded(row) ? 'expired' : row.state,
  phase: row.phase,
  filter: row.filter,
  askedAt: row.createdAt.toISOString(),
  askedName: row.requestedName,
  recordsDone: row.recordsDone,
  recordsTotal: row.recordsTotal,
  bytes: row.bytes,
  digest: row.digest,
  error: row.error,
  finishedAt: row.finishedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  downloads: row.downloads,
});

const hasEnded = ({ expiresAt }: Stored) => expiresAt !== null && expiresAt <= new Date();

/** What of the exports a member may see: those of everything are the owners'. */
function visible({ tenantId, role }: MemberContext): SQL[] {
  const own = [eq(tenantExports.tenantId, tenantId)];
  return can(role, 'tenant:manage') ? own : [...own, eq(tenantExports.kind, 'audit')];
}

/** The latest exports, newest first. */
export async function listExports(context: MemberContext): Promise<ExportRow[]> {
  const rows = await tenantDb(context)
    .select()
    .from(tenantExports)
    .where(and(...visible(context)))
    .orderBy(desc(tenantExports.createdAt))
    .limit(shownAtMost);
  return rows.map(shown);
}

/**
 * One export.
 * @throws PublicError `not_found`, also for one of everything when an owner did not ask
 */
export async function findExport(context: MemberContext, id: ExportId): Promise<ExportRow> {
  const [row] = await tenantDb(context)
    .select()
    .from(tenantExports)
    .where(and(...visible(context), eq(tenantExports.id, id)));
  return shown(found(row));
}

/** Where an export's file lies. */
export const objectKey = ({ tenantId }: TenantContext, id: ExportId): string =>
  `tenants/${tenantId}/exports/${id}`;
