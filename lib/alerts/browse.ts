import { z } from 'zod';
import {
  type AlertId,
  type AppFaultId,
  alerting,
  and,
  count,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  type PlatformTransaction,
  sql,
  type TenantId,
  withPlatform,
} from '@/db';
import {
  alertMails,
  alerts,
  providerAppFaults as faults,
  tenantAccessLogs as log,
  tenants,
} from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { denialColumns, shownDenial } from '@/lib/denials';
import { found } from '@/lib/errors';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import { lookAsStaff } from '@/lib/platform';
import type { ProviderKey } from '@/lib/providers';
import type { AlertDenial, AlertDetail, AlertFilter, AlertRow } from './contract';
import { rules } from './rules';

const position = z.tuple([z.uuid().transform((id) => id as AlertId)]);

/** Denials that an alert's page shows; the rest stands in the record. */
const shownDenials = 20;

const rowColumns = {
  id: alerts.id,
  rule: alerts.rule,
  subject: alerts.subject,
  openedAt: alerts.openedAt,
  firstSeenAt: alerts.firstSeenAt,
  lastSeenAt: alerts.lastSeenAt,
  denials: alerts.denials,
  tenants: alerts.tenants,
  subjects: alerts.subjects,
  tenantId: alerts.tenantId,
  tenantName: tenants.name,
  userId: alerts.userId,
  actorName: alerts.actorName,
  actorEmail: alerts.actorEmail,
  acknowledgedAt: alerts.acknowledgedAt,
  provider: faults.provider,
  code: faults.code,
  clearedAt: faults.clearedAt,
};

/** The subject of an alert as the id of a fault; other subjects are none's. */
const ofFault = sql<AppFaultId>`${alerts.subject}`;

interface Stored
  extends Omit<AlertRow, 'openedAt' | 'firstSeenAt' | 'lastSeenAt' | 'acknowledgedAt' | 'fault'> {
  readonly subject: string;
  readonly provider: ProviderKey | null;
  readonly code: string | null;
  readonly clearedAt: Date | null;
  readonly openedAt: Date;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly acknowledgedAt: Date | null;
}

const shown = ({ subject: _subject, provider, code, clearedAt, ...row }: Stored): AlertRow => ({
  ...row,
  fault: provider && { provider, code, clearedAt: clearedAt?.toISOString() ?? null },
  openedAt: row.openedAt.toISOString(),
  firstSeenAt: row.firstSeenAt.toISOString(),
  lastSeenAt: row.lastSeenAt.toISOString(),
  acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
});

/**
 * A page of the alerts, newest first.
 * @param again an open list that is refreshed by its own timer: no new look within the hour
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function listAlerts(
  staff: StaffContext,
  filter: AlertFilter,
  cursor?: string,
  again = false,
): Promise<Slice<AlertRow>> {
  const { state, rule, tenant } = filter;
  const where = and(
    state && (state === 'open' ? isNull(alerts.acknowledgedAt) : isNotNull(alerts.acknowledgedAt)),
    rule && eq(alerts.rule, rule),
    tenant && eq(alerts.tenantId, tenant as TenantId),
    cursor ? lt(alerts.id, decodeCursor(position, cursor)[0]) : undefined,
  );
  const look = {
    action: 'alerts.listed',
    filter,
    again,
    ...(tenant ? { tenantId: tenant as TenantId } : {}),
  } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const rows = await tx
      .select(rowColumns)
      .from(alerts)
      .leftJoin(tenants, eq(tenants.id, alerts.tenantId))
      .leftJoin(faults, eq(faults.id, ofFault))
      .where(where)
      .orderBy(desc(alerts.id))
      .limit(pageSize + 1);
    const slice = toSlice(rows, (row) => [row.id]);
    shows(slice.items.map(({ tenantId }) => tenantId));
    return { ...slice, items: slice.items.map(shown) };
  });
}

/**
 * The latest denials behind an alert: its subject's, or anybody's where it stands for the rest, of its
 * reasons, while it stood open.
 */
async function denialsOf(tx: PlatformTransaction, alert: Stored): Promise<readonly AlertDenial[]> {
  if (alert.rule === 'provider_app_fault') return [];
  const { subject, reasons } = rules[alert.rule];
  const rows = await tx
    .select({ ...denialColumns, tenantId: log.tenantId, tenantName: tenants.name })
    .from(log)
    .innerJoin(tenants, eq(tenants.id, log.tenantId))
    .where(
      and(
        alert.subject === alerting.allOthers
          ? undefined
          : eq(subject === 'person' ? log.userId : log.tenantId, alert.subject as never),
        inArray(log.reason, [...reasons]),
        gte(log.lastSeenAt, alert.firstSeenAt),
        lte(log.createdAt, alert.lastSeenAt),
      ),
    )
    .orderBy(desc(log.id))
    .limit(shownDenials);
  return rows.map(shownDenial);
}

/**
 * One alert with the latest denials behind it.
 * @throws PublicError `not_found`
 */
export function openAlert(staff: StaffContext, id: AlertId): Promise<AlertDetail> {
  return lookAsStaff(
    staff,
    { action: 'alert.opened', filter: { alert: id } },
    async (tx, shows) => {
      const [row] = await tx
        .select({ ...rowColumns, acknowledgedName: alerts.acknowledgedName, note: alerts.note })
        .from(alerts)
        .leftJoin(tenants, eq(tenants.id, alerts.tenantId))
        .leftJoin(faults, eq(faults.id, ofFault))
        .where(eq(alerts.id, id));
      const { acknowledgedName, note, ...alert } = found(row);
      const [mails] = await tx
        .select({ n: count() })
        .from(alertMails)
        .where(eq(alertMails.alertId, id));
      const latest = await denialsOf(tx, alert);
      shows([alert.tenantId, ...latest.map(({ tenantId }) => tenantId)]);
      return {
        ...shown(alert),
        acknowledgedName,
        note,
        mailed: mails?.n ?? 0,
        reasons: alert.rule === 'provider_app_fault' ? [] : rules[alert.rule].reasons,
        latest,
      };
    },
  );
}

/** How many alerts stand open: a figure for the navigation, which tells nothing of any tenant. */
export async function countOpenAlerts(): Promise<number> {
  const [row] = await withPlatform((tx) =>
    tx.select({ n: count() }).from(alerts).where(isNull(alerts.acknowledgedAt)),
  );
  return row?.n ?? 0;
}
