import {
  and,
  asc,
  desc,
  eq,
  gte,
  lt,
  type TenantContext,
  type TenantId,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { usageHours } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import type { MemberContext } from '@/lib/tenancy';
import {
  defaultPeriod,
  type PressingLimits,
  pressing,
  type UsageFilter,
  type UsagePoint,
  type UsageReport,
} from './contract';
import { usageCsv } from './csv';
import { readStandings } from './limits';
import { type Span, spanOf, startsOf } from './period';
import { type CountedHour, recount } from './recount';
import { readState, type UsageState } from './state';

type Reader = TenantTransaction;
type StoredHour = CountedHour & { readonly storageBytes: number | null };

/** Hours that stand counted. */
async function stored(tx: Reader, tenantId: TenantId, from: Date, to: Date): Promise<StoredHour[]> {
  return tx
    .select({
      hour: usageHours.hour,
      runs: usageHours.runs,
      steps: usageHours.steps,
      providerCalls: usageHours.providerCalls,
      effects: usageHours.effects,
      activeMembers: usageHours.activeMembers,
      storageBytes: usageHours.storageBytes,
    })
    .from(usageHours)
    .where(
      and(eq(usageHours.tenantId, tenantId), gte(usageHours.hour, from), lt(usageHours.hour, to)),
    )
    .orderBy(asc(usageHours.hour));
}

/** What was last measured before a moment. */
async function storageBefore(tx: Reader, tenantId: TenantId, at: Date): Promise<number | null> {
  const [row] = await tx
    .select({ bytes: usageHours.storageBytes })
    .from(usageHours)
    .where(and(eq(usageHours.tenantId, tenantId), lt(usageHours.hour, at)))
    .orderBy(desc(usageHours.hour))
    .limit(1);
  return row?.bytes ?? null;
}

/**
 * The hours of a span: those that are counted as they stand, and from there on, the running one among
 * them, straight from the records.
 */
export async function hoursOf(
  tx: Reader,
  tenantId: TenantId,
  { from, to }: Pick<Span, 'from' | 'to'>,
  { countedUntil }: UsageState,
): Promise<readonly StoredHour[]> {
  // Nobody has counted for so long that the records are read hour by hour only from there on.
  const live = new Date(
    Math.min(Math.max(countedUntil?.getTime() ?? 0, from.getTime()), to.getTime()),
  );
  const known = await stored(tx, tenantId, from, live);
  const latest = await recount(tx, tenantId, live, to);
  return [...known, ...latest.map((hour) => ({ ...hour, storageBytes: null }))];
}

const sum = (hours: readonly StoredHour[], of: 'runs' | 'steps' | 'providerCalls' | 'effects') =>
  hours.reduce((total, hour) => total + hour[of], 0);

/** What several hours come to: members are counted once. */
function together(hours: readonly StoredHour[]) {
  return {
    runs: sum(hours, 'runs'),
    steps: sum(hours, 'steps'),
    providerCalls: sum(hours, 'providerCalls'),
    effects: sum(hours, 'effects'),
    activeMembers: new Set(hours.flatMap(({ activeMembers }) => activeMembers)).size,
  };
}

/** Hours gathered by the points of a span; what was measured last holds until the next time. */
function pointsOf(
  span: Span,
  hours: readonly StoredHour[],
  measuredBefore: number | null,
  { storageBytes, storageMeasuredAt }: UsageState,
): readonly UsagePoint[] {
  const starts = startsOf(span);
  let storage = measuredBefore;
  let next = 0;
  return starts.map((start, at) => {
    const end = starts[at + 1] ?? span.to;
    const within: StoredHour[] = [];
    for (let hour = hours[next]; hour && hour.hour < end; hour = hours[next]) {
      within.push(hour);
      storage = hour.storageBytes ?? storage;
      next += 1;
    }
    if (storageMeasuredAt && storageMeasuredAt < end) storage = storageBytes;
    return { at: start.toISOString(), ...together(within), storage };
  });
}

/** What a tenant used in a period, by any door that may read its usage and its records. */
export async function usageIn(
  tx: Reader,
  tenantId: TenantId,
  { period = defaultPeriod }: UsageFilter,
  now = new Date(),
): Promise<UsageReport> {
  const span = spanOf(period, now);
  const state = await readState(tx, tenantId);
  const hours = await hoursOf(tx, tenantId, span, state);
  const before = await storageBefore(tx, tenantId, span.from);
  return {
    period,
    from: span.from.toISOString(),
    to: span.to.toISOString(),
    step: span.step,
    points: pointsOf(span, hours, before, state),
    totals: { ...together(hours), storage: state.storageBytes },
    limits: await readStandings(tx, tenantId, now),
    atLimit: state.atLimit,
  };
}

/** What one's own organisation used. */
export function readUsage(context: TenantContext, filter: UsageFilter): Promise<UsageReport> {
  return withTenant(context, (tx) => usageIn(tx, context.tenantId, filter), { readOnly: true });
}

/** The same as CSV; the export itself goes on record first. */
export function exportUsage(context: MemberContext, filter: UsageFilter): Promise<string> {
  return withTenant(context, async (tx) => {
    await recordAudit(tx, context, {
      action: 'usage.exported',
      target: { type: 'usage', id: context.tenantId, name: 'Usage' },
      details: { filter },
    });
    return usageCsv(await usageIn(tx, context.tenantId, filter));
  });
}

/** Limits of one's organisation of which 80 % and more are used, and what that leads to. */
export function pressingLimits(context: TenantContext): Promise<PressingLimits> {
  const read = async (tx: TenantTransaction) => {
    const limits = pressing(await readStandings(tx, context.tenantId, new Date()));
    const { atLimit } = await readState(tx, context.tenantId);
    return { limits, onlyTell: atLimit === 'tell' };
  };
  return withTenant(context, read, { readOnly: true });
}
