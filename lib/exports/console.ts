import { and, eq, type SQL, sql } from '@/db';
import { tenantExports } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import type { Slice } from '@/lib/paging';
import { listAcross } from '@/lib/platform';
import {
  type ExportState,
  failedDays,
  type PlatformExportFilter,
  type PlatformExportRow,
} from './contract';

const { id, tenantId, state, kind, format, expiresAt, finishedAt } = tenantExports;

/**
 * Exports, of all tenants, that failed lately and that nobody has asked for again since, in the words of
 * the index for that. Asked one by one: `not exists` might read everybody's at once.
 */
export const failedExports = sql`${state} = 'failed'
  and ${finishedAt} > now() - make_interval(days => ${sql.raw(String(failedDays))})
  and (
    select true from ${tenantExports} later
     where later.tenant_id = ${tenantId} and later.kind = ${kind} and later.format = ${format}
       and later.created_at > ${tenantExports.createdAt}
       and later.state in ('queued', 'running', 'done', 'expired')
     limit 1) is null`;

const ended = sql`${expiresAt} <= now()`;
const plain = (value: ExportState) => sql`${state} = ${value}`;

/** Its file is deleted within the hour; its link has ended now. */
const inState: Readonly<Record<ExportState, SQL>> = {
  queued: plain('queued'),
  running: plain('running'),
  failed: sql`${state} = 'failed'`,
  cancelled: plain('cancelled'),
  done: sql`${state} = 'done' and not coalesce(${ended}, false)`,
  expired: sql`(${state} = 'expired' or ${state} = 'done' and ${ended})`,
};

const columns = {
  id,
  tenantId,
  kind,
  format,
  state,
  askedAt: tenantExports.createdAt,
  askedBy: tenantExports.requestedBy,
  askedName: tenantExports.requestedName,
  recordsDone: tenantExports.recordsDone,
  bytes: tenantExports.bytes,
  error: tenantExports.error,
  finishedAt,
  expiresAt,
};

type Stored = Omit<PlatformExportRow, 'askedAt' | 'finishedAt'> &
  Readonly<Record<'askedAt', Date> & Record<'finishedAt' | 'expiresAt', Date | null>>;

function shown({ expiresAt: ends, askedAt, finishedAt: end, ...row }: Stored): PlatformExportRow {
  const over = row.state === 'done' && ends !== null && ends <= new Date();
  return {
    ...row,
    state: over ? 'expired' : row.state,
    askedAt: askedAt.toISOString(),
    finishedAt: end?.toISOString() ?? null,
  };
}

/**
 * A page of the exports of all tenants, newest first: how they went. What they are filtered by, and their
 * files, stay with their tenants.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function listPlatformExports(
  staff: StaffContext,
  filter: PlatformExportFilter,
  cursor?: string,
): Promise<Slice<PlatformExportRow>> {
  const where = and(
    filter.needs ? failedExports : undefined,
    filter.state && inState[filter.state],
    filter.kind ? eq(kind, filter.kind) : undefined,
  );
  const look = { action: 'exports.listed', filter } as const;
  const slice = await listAcross(staff, {
    ...{ look, columns: tenantExports, where, cursor },
    read: (tx, page) =>
      tx
        .select(columns)
        .from(tenantExports)
        .where(page.where)
        .orderBy(page.order)
        .limit(page.limit),
  });
  return { ...slice, items: slice.items.map(shown) };
}
