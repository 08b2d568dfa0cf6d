import {
  and,
  eq,
  gte,
  isNull,
  or,
  type PlatformTransaction,
  sql,
  type TenantId,
  withPlatform,
} from '@/db';
import { type StaffLookDetails, staffAccessLogs } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { PublicError } from '@/lib/errors';

/** What staff can look at. Each look is a row of `staff_access_logs`, in the look's transaction. */
export type StaffLook = LookAt & {
  /** What was asked for; goes on record as it is. */
  readonly filter?: Readonly<Record<string, unknown>>;
};
type LookAt =
  | {
      readonly action:
        | 'tenants.listed'
        | 'audit.browsed'
        | 'outbox.opened'
        | QueryLook
        | AccessLook
        | DoctorLook
        | CampaignLook
        | DeletionLook
        | TenantListLook
        | 'tenant.created'
        | 'overview.opened';
    }
  | {
      readonly action: 'palette.searched';
      /** Part of a search that is on record when it only narrows that: see `narrows`. */
      readonly filter: { readonly q: string };
      /** An id: what it finds was not among what a part of it found. */
      readonly exact: boolean;
    }
  | {
      /** Across tenants, or of one. */
      readonly action: BrowserLook | ApprovalLook;
      readonly tenantId?: TenantId;
    }
  | {
      readonly action: 'alerts.listed';
      /** An open page that looks by its own timer, so it says: see `onRecordAlready`. */
      readonly again?: boolean;
      readonly tenantId?: TenantId;
    }
  | {
      readonly action:
        | 'tenant.opened'
        | 'audit.browsed'
        | 'denials.browsed'
        | 'campaign.started'
        | SupportLook
        | TenantLook
        | LifecycleLook
        | UsageLook
        | QueryLook;
      readonly tenantId: TenantId;
    };
type CampaignLook =
  | 'campaigns.listed'
  | 'campaigns.sized'
  | 'campaign.opened'
  | 'campaign.started'
  | 'campaign.stopped';
type BrowserLook =
  | 'runs.listed'
  | 'run.opened'
  | 'run.cancelled'
  | 'engine.opened'
  | 'request.opened'
  | 'person.opened'
  | 'connections.listed'
  | 'streams.listed'
  | 'exports.listed'
  | 'support.listed'
  | 'looks.browsed';
type ApprovalLook =
  | 'approvals.listed'
  | 'approval.opened'
  | 'approval.asked'
  | 'approval.approved'
  | 'approval.declined'
  | 'approval.carried_out'
  | 'staff.listed';
type TenantListLook = 'tenants.exported' | 'views.listed' | 'view.saved' | 'view.removed';
type TenantLook =
  | 'tenant.owner_invited'
  | 'tenant.invitation_withdrawn'
  | 'tenant.limits_opened'
  | 'tenant.limits_changed'
  | 'tenant.suspended'
  | 'tenant.resumed'
  | 'tenant.notes_opened'
  | 'tenant.noted';
type DeletionLook =
  | 'deletions.listed'
  | 'deletion.opened'
  | 'deletion.stopped'
  | 'certificate.downloaded';
type LifecycleLook = 'tenant.lifecycle_opened' | 'deletion.asked';
type SupportLook =
  | 'support.opened'
  | 'support.started'
  | 'support.resumed'
  | 'support.stopped'
  | 'support.asked'
  | 'support.write_asked';
type UsageLook = 'usage.opened' | 'usage.exported' | 'usage.at_limit_set';
type QueryLook = 'queries.listed' | 'query.opened';
type DoctorLook = 'doctor.opened' | 'doctor.run';
type AccessLook = 'denials.browsed' | 'alert.opened' | 'alert.acknowledged';

const acrossTenants = 'the support console looks at all tenants, and the look is on record';

/** Tenants that one row names: no page shows more. */
const mostNamed = 50;

/** Tell of which tenants something is shown, and which persons a search finds; may be told again. */
export type Shows = (
  tenants: Iterable<TenantId | string | null>,
  persons?: Iterable<string>,
) => void;

interface Shown {
  readonly tenants: Set<string>;
  readonly persons: Set<string>;
}

const tenantOf = (look: StaffLook): TenantId | null =>
  ('tenantId' in look ? look.tenantId : undefined) ?? null;

type LookRow = typeof staffAccessLogs.$inferInsert &
  Required<Pick<typeof staffAccessLogs.$inferInsert, 'tenantId' | 'details'>>;

function rowOf(
  { userId, requestId }: StaffContext,
  look: StaffLook,
  shown: Shown,
  refused?: PublicError,
): LookRow {
  const filter = Object.entries(look.filter ?? {}).filter(([, value]) => value !== undefined);
  const asked = tenantOf(look);
  const tenants = [...shown.tenants].toSorted();
  const persons = [...shown.persons].toSorted();
  const tenantId =
    asked ?? (tenants.length === 1 ? ((tenants[0] ?? null) as TenantId | null) : null);
  const others = tenants.filter((tenant) => tenant !== tenantId);
  const details: StaffLookDetails = {
    ...(filter.length > 0 ? { filter: Object.fromEntries(filter) } : {}),
    ...(others.length > 0 ? { tenants: others.slice(0, mostNamed) } : {}),
    ...(others.length > mostNamed ? { moreTenants: others.length - mostNamed } : {}),
    ...(persons.length > 0 ? { persons } : {}),
    ...(refused ? { refused: refused.code } : {}),
  };
  return { userId, requestId, tenantId, action: look.action, details };
}

/**
 * Whether the same person's same look, with the same filter and the same tenants shown, stands on
 * record within the hour. That a page looks again by itself is for its browser to say, so that it is
 * a hint: whoever says so falsely still has a row to each hour and place.
 */
async function onRecordAlready(
  tx: PlatformTransaction,
  { userId, action, tenantId, details }: LookRow,
): Promise<boolean> {
  const [row] = await tx
    .select({ id: staffAccessLogs.id })
    .from(staffAccessLogs)
    .where(
      and(
        tenantId === null
          ? isNull(staffAccessLogs.tenantId)
          : eq(staffAccessLogs.tenantId, tenantId),
        gte(staffAccessLogs.at, sql`now() - interval '1 hour'`),
        eq(staffAccessLogs.userId, userId),
        eq(staffAccessLogs.action, action),
        sql`${staffAccessLogs.details} = ${JSON.stringify(details)}::jsonb`,
      ),
    )
    .limit(1);
  return row !== undefined;
}

/** Minutes in which typing on belongs to the search that it narrows. */
const searchMinutes = 10;

/** All that a row names. */
const namedBy = ({ tenantId, details }: Pick<LookRow, 'tenantId' | 'details'>) =>
  new Set([tenantId, ...(details.tenants ?? []), ...(details.persons ?? [])]);

/**
 * Whether what is typed only narrows what the same person has searched for within the last minutes, and
 * shows nobody whom that search did not: of many, each shows the first. The record then holds the widest
 * of a search; what is opened from it leaves a row of its own.
 */
async function narrows(
  tx: PlatformTransaction,
  row: LookRow,
  { q, exact }: { readonly q: string; readonly exact: boolean },
): Promise<boolean> {
  const { tenantId, details } = staffAccessLogs;
  const searched = sql`lower(${details} -> 'filter' ->> 'q')`;
  const rows = await tx
    .select({ tenantId, details })
    .from(staffAccessLogs)
    .where(
      and(
        row.tenantId === null ? isNull(tenantId) : or(isNull(tenantId), eq(tenantId, row.tenantId)),
        gte(staffAccessLogs.at, sql`now() - make_interval(mins => ${searchMinutes})`),
        eq(staffAccessLogs.userId, row.userId),
        eq(staffAccessLogs.action, row.action),
        exact ? sql`${searched} = lower(${q})` : sql`starts_with(lower(${q}), ${searched})`,
      ),
    );
  const now = [...namedBy(row)];
  return rows.some((each) => {
    const before = namedBy(each);
    return now.every((id) => id === null || before.has(id));
  });
}

/** Whether a look is one that stands on record. */
async function isOnRecord(tx: PlatformTransaction, look: StaffLook, row: LookRow) {
  if (look.action === 'palette.searched') {
    return narrows(tx, row, { q: look.filter.q, exact: look.exact });
  }
  return 'again' in look && look.again === true && (await onRecordAlready(tx, row));
}

/** Write a look down, unless it is part of one that is on record. */
async function record(tx: PlatformTransaction, look: StaffLook, row: LookRow): Promise<void> {
  if (!(await isOnRecord(tx, look, row))) await tx.insert(staffAccessLogs).values(row);
}

/**
 * Look across tenants as staff: no look without its row on record, which names whose rows were shown.
 * A look that is refused is on record too, and nothing else that was written before the refusal.
 * @throws PublicError what `read` throws, once it is on record
 */
export async function lookAsStaff<Found>(
  staff: StaffContext,
  look: StaffLook,
  read: (tx: PlatformTransaction, shows: Shows) => Promise<Found>,
): Promise<Found> {
  const options = tenantOf(look) === null ? { acrossTenants } : {};
  const shown: Shown = { tenants: new Set(), persons: new Set() };
  const shows: Shows = (tenants, persons = []) => {
    for (const tenant of tenants) if (tenant !== null) shown.tenants.add(tenant);
    for (const person of persons) shown.persons.add(person);
  };
  try {
    return await withPlatform(async (tx) => {
      const found = await read(tx, shows);
      await record(tx, look, rowOf(staff, look, shown));
      return found;
    }, options);
  } catch (error) {
    if (!(error instanceof PublicError)) throw error;
    const row = rowOf(staff, look, shown, error);
    await withPlatform((tx) => record(tx, look, row), options);
    throw error;
  }
}
