import { and, eq, type SQL, sql } from '@/db';
import { auditStreams } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import type { Slice } from '@/lib/paging';
import { listAcross } from '@/lib/platform';
import type { PlatformStreamFilter, PlatformStreamRow, PlatformStreamState } from './contract';

const { id, tenantId, state, failingSince } = auditStreams;

/** Streams that do not arrive, of all tenants, in the words of the index for that. */
export const failingStreams = sql`${state} = 'active' and ${failingSince} is not null`;

const inState: Readonly<Record<PlatformStreamState, SQL>> = {
  failing: failingStreams,
  active: sql`${state} = 'active' and ${failingSince} is null`,
  paused: sql`${state} = 'paused'`,
};

const columns = {
  id,
  tenantId,
  kind: auditStreams.kind,
  state,
  createdAt: auditStreams.createdAt,
  delivered: auditStreams.delivered,
  deliveredAt: auditStreams.deliveredAt,
  failures: auditStreams.failures,
  failure: auditStreams.failure,
  failingSince,
  nextAttemptAt: auditStreams.nextAttemptAt,
};

type Stored = Pick<typeof auditStreams.$inferSelect, keyof typeof columns> & {
  readonly tenantName: string;
};

function shown({ state: stored, createdAt, deliveredAt, failingSince: since, ...row }: Stored) {
  const failing = stored === 'active' && since !== null;
  return {
    ...row,
    state: failing ? ('failing' as const) : stored,
    createdAt: createdAt.toISOString(),
    deliveredAt: deliveredAt?.toISOString() ?? null,
    failure: failing ? row.failure : null,
    failingSince: failing ? since.toISOString() : null,
    nextAttemptAt: failing ? row.nextAttemptAt.toISOString() : null,
  };
}

/**
 * A page of the streams of all tenants, newest first: how they stand. Where they lead, and what they are
 * called, stays with their tenants.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function listPlatformStreams(
  staff: StaffContext,
  filter: PlatformStreamFilter,
  cursor?: string,
): Promise<Slice<PlatformStreamRow>> {
  const { kind } = filter;
  const where = and(
    filter.state && inState[filter.state],
    kind ? eq(auditStreams.kind, kind) : undefined,
  );
  const look = { action: 'streams.listed', filter } as const;
  const slice = await listAcross(staff, {
    ...{ look, columns: auditStreams, where, cursor },
    read: (tx, page) =>
      tx.select(columns).from(auditStreams).where(page.where).orderBy(page.order).limit(page.limit),
  });
  return { ...slice, items: slice.items.map(shown) };
}
