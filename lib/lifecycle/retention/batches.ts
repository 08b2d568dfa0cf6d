import {
  and,
  asc,
  eq,
  inArray,
  isNotNull,
  lt,
  type MailId,
  type RunId,
  retention,
  type TenantContext,
  withTenant,
} from '@/db';
import { mails, reportRows, reports, resources, runs } from '@/db/schema';
import { purgeConsents } from '@/lib/connections';
import { forgetOutboxMails } from '@/lib/mail';
import type { RetentionKind } from '../contract';

/** Rows of one transaction; runs bring their steps, changes and reports along. */
const most = { rows: 1_000, runs: 50 };

/** Rows of old reports first, so that no statement takes a whole large report along. */
async function emptyReports(context: TenantContext, ids: readonly RunId[]): Promise<void> {
  const { tenantId } = context;
  for (;;) {
    const gone = await withTenant(context, async (tx) => {
      const rows = await tx
        .select({ id: reportRows.id })
        .from(reportRows)
        .innerJoin(
          reports,
          and(eq(reports.tenantId, reportRows.tenantId), eq(reports.id, reportRows.reportId)),
        )
        .where(and(eq(reportRows.tenantId, tenantId), inArray(reports.runId, [...ids])))
        .limit(most.rows);
      if (rows.length === 0) return 0;
      const own = rows.map(({ id }) => id);
      await tx
        .delete(reportRows)
        .where(and(eq(reportRows.tenantId, tenantId), inArray(reportRows.id, own)));
      return own.length;
    });
    if (gone < most.rows) return;
  }
}

async function purgeRuns(context: TenantContext, before: Date): Promise<number> {
  const { tenantId } = context;
  const old = await withTenant(context, (tx) =>
    tx
      .select({ id: runs.id })
      .from(runs)
      .where(
        and(eq(runs.tenantId, tenantId), lt(runs.createdAt, before), lt(runs.finishedAt, before)),
      )
      .orderBy(asc(runs.createdAt))
      .limit(most.runs),
  );
  const ids = old.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await emptyReports(context, ids);
  await withTenant(context, (tx) =>
    tx.delete(runs).where(and(eq(runs.tenantId, tenantId), inArray(runs.id, ids))),
  );
  return ids.length;
}

async function purgeMails(context: TenantContext, before: Date): Promise<number> {
  const { tenantId } = context;
  const ids = await withTenant(context, async (tx) => {
    const old = await tx
      .select({ id: mails.id })
      .from(mails)
      .where(
        and(eq(mails.tenantId, tenantId), lt(mails.createdAt, before), isNotNull(mails.sentAt)),
      )
      .orderBy(asc(mails.createdAt))
      .limit(most.rows);
    return old.map(({ id }) => id as MailId);
  });
  if (ids.length === 0) return 0;
  await forgetOutboxMails(ids);
  await withTenant(context, (tx) =>
    tx.delete(mails).where(and(eq(mails.tenantId, tenantId), inArray(mails.id, ids))),
  );
  return ids.length;
}

async function purgeResources(context: TenantContext, before: Date): Promise<number> {
  const { tenantId } = context;
  return withTenant(context, async (tx) => {
    const old = await tx
      .select({ id: resources.id })
      .from(resources)
      .where(and(eq(resources.tenantId, tenantId), lt(resources.goneAt, before)))
      .orderBy(asc(resources.goneAt))
      .limit(most.rows);
    const ids = old.map(({ id }) => id);
    if (ids.length === 0) return 0;
    await tx
      .delete(resources)
      .where(and(eq(resources.tenantId, tenantId), inArray(resources.id, ids)));
    return ids.length;
  });
}

type Purge = (context: TenantContext, before: Date) => Promise<number>;

const byEngine =
  (table: retention.EnginePurge): Purge =>
  ({ tenantId }, before) =>
    retention.purgeOldRows(table, tenantId, before, most.rows);

/** Deletes one batch of a kind; 0 when there is nothing left that is so old. */
export const purgeBatch: Readonly<Record<RetentionKind, Purge>> = {
  runs: purgeRuns,
  provider_calls: byEngine('provider_calls'),
  access_logs: byEngine('tenant_access_logs'),
  mails: purgeMails,
  jobs: byEngine('jobs'),
  resources: purgeResources,
  consents: purgeConsents,
};
